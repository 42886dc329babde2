import type * as Tf from '@tensorflow/tfjs-core';

export type Tensorflow = typeof Tf;
export type Tensor = Tf.Tensor;
export type LearnedTensor = Tf.Variable;

const NATIVE = '@tensorflow/tfjs-node';
let loaded: Promise<Tensorflow> | undefined;

/** tfjs-node where it is installed and loads, else WebAssembly. */
export function tensorflow(): Promise<Tensorflow> {
  loaded ??= native().catch(webAssembly);
  return loaded;
}

async function native(): Promise<Tensorflow> {
  const tf: Tensorflow = await import(NATIVE);
  await tf.ready();
  return tf;
}

/** One thread: threads do not work under Node, and asking for them falls back to plain JavaScript. */
async function webAssembly(): Promise<Tensorflow> {
  const tf = await import('@tensorflow/tfjs-core');
  await import('@tensorflow/tfjs-backend-wasm');
  await tf.setBackend('wasm');
  await tf.ready();
  if (tf.getBackend() !== 'wasm') throw new Error(`TensorFlow.js fell back to '${tf.getBackend()}'`);
  return tf;
}

/** 'tensorflow' (native) or 'wasm'. */
export async function tensorflowBackend(): Promise<string> {
  return (await tensorflow()).getBackend();
}
