import type * as Tf from '@tensorflow/tfjs-core';
import { permutation, type Random, randomFor } from '../../search-space/random.ts';
import type { Matrix } from './_base.ts';

/** Fully connected: `weights` is inputs × outputs, row-major. */
export type Layer = Readonly<{ inputs: number; outputs: number; weights: Float32Array; bias: Float32Array }>;

type TrainingOptions = Readonly<{
  hidden: readonly number[];
  epochs: number;
  batch: number;
  rate: number;
  seed: number;
}>;

type Tensorflow = typeof Tf;

const NATIVE = '@tensorflow/tfjs-node';
let loaded: Promise<Tensorflow> | undefined;

/** tfjs-node where it is installed and loads, else WebAssembly. */
function tensorflow(): Promise<Tensorflow> {
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

/**
 * Trains rectified layers and one linear output on squared error, with Adam. Gradients are written by
 * hand: on WebAssembly a product with a transposed flag is seven times slower than an explicit
 * transpose first, and automatic differentiation uses flags.
 */
export async function trainNetwork(
  features: Matrix,
  targets: Float64Array,
  { hidden, epochs, batch, rate, seed }: TrainingOptions,
): Promise<readonly Layer[]> {
  const tf = await tensorflow();
  const sizes = [features.columns, ...hidden, 1];
  const network = createNetwork(tf, sizes, seed);
  const steps = epochs * Math.ceil(features.rows / batch);
  let step = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = permutation(randomFor(seed, 'epoch', epoch), features.rows);
    for (let from = 0; from < order.length; from += batch) {
      const rows = order.slice(from, from + batch);
      // The rate falls to nothing along half a cosine, so that the last steps settle.
      const now = (rate * (1 + Math.cos((Math.PI * step) / steps))) / 2;
      step += 1;
      tf.tidy(() => {
        const found = gradients(tf, network, batchOf(tf, features, targets, rows));
        network.forEach((layer, i) => {
          descend(tf, layer.weights, found[i].weights, now, step);
          descend(tf, layer.bias, found[i].bias, now, step);
        });
      });
    }
    // Lets other work on this thread run.
    await new Promise((resolve) => setImmediate(resolve));
  }
  const layers = network.map(({ weights, bias }, i) => ({
    inputs: sizes[i],
    outputs: sizes[i + 1],
    weights: Float32Array.from(weights.value.dataSync()),
    bias: Float32Array.from(bias.value.dataSync()),
  }));
  for (const { weights, bias } of network) {
    for (const { value, mean, square } of [weights, bias]) tf.dispose([value, mean, square]);
  }
  return layers;
}

/** What is learned, with Adam's running means of its gradient and of the gradient's square. */
type Learned = Readonly<{ value: Tf.Variable; mean: Tf.Variable; square: Tf.Variable }>;
type LearnedLayer = Readonly<{ weights: Learned; bias: Learned }>;
type Batch = Readonly<{ inputs: Tf.Tensor; targets: Tf.Tensor }>;

function createNetwork(tf: Tensorflow, sizes: readonly number[], seed: number): readonly LearnedLayer[] {
  const random = randomFor(seed, 'weights');
  return sizes.slice(1).map((outputs, i) => ({
    weights: learned(tf, heInitial(sizes[i], outputs, random), [sizes[i], outputs]),
    bias: learned(tf, new Float32Array(outputs), [outputs]),
  }));
}

function learned(tf: Tensorflow, initial: Float32Array, shape: number[]): Learned {
  const variable = (values: Float32Array): Tf.Variable =>
    tf.tidy(() => tf.variable(tf.tensor(values, shape)));
  const nothing = new Float32Array(initial.length);
  return { value: variable(initial), mean: variable(nothing), square: variable(nothing) };
}

const MEAN_DECAY = 0.9;
const SQUARE_DECAY = 0.999;

/** One step of Adam (Kingma, Ba 2015). */
function descend(
  tf: Tensorflow,
  { value, mean, square }: Learned,
  gradient: Tf.Tensor,
  rate: number,
  step: number,
): void {
  mean.assign(tf.add(tf.mul(mean, MEAN_DECAY), tf.mul(gradient, 1 - MEAN_DECAY)));
  square.assign(tf.add(tf.mul(square, SQUARE_DECAY), tf.mul(tf.square(gradient), 1 - SQUARE_DECAY)));
  const warmed = (rate * Math.sqrt(1 - SQUARE_DECAY ** step)) / (1 - MEAN_DECAY ** step);
  value.assign(tf.sub(value, tf.div(tf.mul(mean, warmed), tf.add(tf.sqrt(square), 1e-7))));
}

/** Uniform with variance 2 ÷ inputs (He et al. 2015). */
function heInitial(inputs: number, outputs: number, random: Random): Float32Array {
  const reach = Math.sqrt(6 / inputs);
  return Float32Array.from({ length: inputs * outputs }, () => (2 * random() - 1) * reach);
}

function batchOf(tf: Tensorflow, features: Matrix, targets: Float64Array, rows: readonly number[]): Batch {
  const { columns, values } = features;
  const inputs = new Float32Array(rows.length * columns);
  rows.forEach((row, i) => {
    inputs.set(values.subarray(row * columns, (row + 1) * columns), i * columns);
  });
  const wanted = Float32Array.from(rows, (row) => targets[row]);
  return {
    inputs: tf.tensor2d(inputs, [rows.length, columns]),
    targets: tf.tensor2d(wanted, [rows.length, 1]),
  };
}

type Gradient = Readonly<{ weights: Tf.Tensor; bias: Tf.Tensor }>;

function gradients(
  tf: Tensorflow,
  network: readonly LearnedLayer[],
  { inputs, targets }: Batch,
): readonly Gradient[] {
  const seen: Tf.Tensor[] = [inputs];
  for (const [i, { weights, bias }] of network.entries()) {
    const sum = tf.add(tf.matMul(seen[i], weights.value), bias.value);
    seen.push(i === network.length - 1 ? sum : tf.relu(sum));
  }
  const found: Gradient[] = [];
  let error: Tf.Tensor = tf.mul(tf.sub(seen[network.length], targets), 2 / (targets.shape[0] ?? 1));
  for (let i = network.length - 1; i >= 0; i--) {
    found.unshift({ weights: tf.matMul(tf.transpose(seen[i]), error), bias: tf.sum(error, 0) });
    if (i === 0) break;
    const back = tf.matMul(error, tf.transpose(network[i].weights.value));
    error = tf.mul(back, tf.cast(tf.greater(seen[i], 0), 'float32'));
  }
  return found;
}
