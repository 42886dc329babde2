import { createInterface } from 'node:readline';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';

/** A rival's process: the benchmark's kernels, composed of TensorFlow.js operations on its wasm backend. */
type Tensor = tf.Tensor;
const KERNELS: Readonly<Record<string, (x: Tensor, y: Tensor, z: Tensor) => Tensor>> = {
  'vector-add': (x, y) => tf.add(x, y),
  gelu: (x) => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1)),
  'gelu-tanh': (x) => {
    const cubic = tf.add(tf.mul(tf.mul(tf.mul(x, x), x), 0.044715), x);
    return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(tf.mul(cubic, Math.sqrt(2 / Math.PI))), 1));
  },
  silu: (x) => tf.mul(x, tf.sigmoid(x)),
  softmax: (x) => tf.softmax(x),
  'rms-norm': (x, y) => tf.mul(tf.mul(x, tf.rsqrt(tf.add(tf.mean(tf.mul(x, x), -1, true), 1e-6))), y),
  'layer-norm': (x, y, z) => {
    const centred = tf.sub(x, tf.mean(x, -1, true));
    const scale = tf.rsqrt(tf.add(tf.mean(tf.mul(centred, centred), -1, true), 1e-5));
    return tf.add(tf.mul(tf.mul(centred, scale), y), z);
  },
  matmul: (x, y) => tf.matMul(x, y),
};

type Ready = Readonly<{ line: string; call: () => void; calls: number }>;

function prepare(line: string): Ready {
  const [kernel, ...words] = line.split(' ');
  const shape = words.map(Number);
  const compute = KERNELS[kernel];
  const [m, n, k] = shape;
  const product = kernel === 'matmul';
  const x = tf.randomUniform(product ? [m, k] : shape, -2, 2);
  const y = tf.randomUniform(product ? [k, n] : [shape[shape.length - 1]], -2, 2);
  const z = tf.randomUniform([shape[shape.length - 1]], -2, 2);
  const call = () => compute(x, y, z).dispose();
  time(call, 2);
  const shortest = Math.min(...Array.from({ length: 5 }, () => time(call, 1)));
  return { line, call, calls: Math.max(1, Math.ceil(300 / shortest)) };
}

function time(call: () => void, calls: number): number {
  const start = process.hrtime.bigint();
  tf.tidy(() => {
    for (let n = 0; n < calls; n++) call();
  });
  return Number(process.hrtime.bigint() - start) / 1000;
}

await tf.setBackend('wasm');
if (tf.getBackend() !== 'wasm') throw new Error(`TensorFlow.js runs on '${tf.getBackend()}' instead of wasm`);
let ready: Ready | undefined;
for await (const line of createInterface({ input: process.stdin })) {
  if (ready?.line !== line) ready = prepare(line);
  process.stdout.write(`${time(ready.call, ready.calls) / ready.calls}\n`);
}
