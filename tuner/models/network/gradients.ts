import type { LearnedTensor, Tensor, Tensorflow } from '../tensorflow.ts';

/** A layer that is being trained. */
export type Trained = Readonly<{ weights: LearnedTensor; bias: LearnedTensor }>;
/** The same network as `Network`, being trained. */
export type TrainedNetwork = Readonly<{ subject: Trained; choice: Trained; layers: readonly Trained[] }>;

/** What a batch makes of each layer on its way through the network; `answers` is a column. */
export type Pass = Readonly<{ of: Tensor; at: Tensor; seen: readonly Tensor[]; answers: Tensor }>;

/** `subjectInputs` are the first columns of `inputs`, `choiceInputs` the others. */
export type Inputs = Readonly<{ all: Tensor; subject: Tensor; choice: Tensor }>;

export function forward(tf: Tensorflow, { subject, choice, layers }: TrainedNetwork, inputs: Inputs): Pass {
  const sum = (seen: Tensor, { weights, bias }: Trained): Tensor => tf.add(tf.matMul(seen, weights), bias);
  const [of, at] = [sum(inputs.subject, subject), sum(inputs.choice, choice)];
  const seen: Tensor[] = [tf.concat([inputs.all, tf.mul(of, at)], 1)];
  for (const layer of layers.slice(0, -1)) seen.push(tf.relu(sum(seen[seen.length - 1], layer)));
  return { of, at, seen, answers: sum(seen[seen.length - 1], layers[layers.length - 1]) };
}

export type Gradient = Readonly<{ variable: LearnedTensor; tensor: Tensor }>;

/**
 * The gradient by each variable, from that by each answer. Written by hand: on WebAssembly a product with a transposed flag
 * is seven times slower than an explicit transpose first, and automatic differentiation uses flags.
 */
export function backward(
  tf: Tensorflow,
  { subject, choice, layers }: TrainedNetwork,
  inputs: Inputs,
  { of, at, seen }: Pass,
  byAnswer: Tensor,
): readonly Gradient[] {
  const gradients = ({ weights, bias }: Trained, into: Tensor, error: Tensor): readonly Gradient[] => [
    { variable: weights, tensor: tf.matMul(tf.transpose(into), error) },
    { variable: bias, tensor: tf.sum(error, 0) },
  ];
  const found: Gradient[] = [];
  let error = byAnswer;
  for (let i = layers.length - 1; i >= 0; i--) {
    found.push(...gradients(layers[i], seen[i], error));
    error = tf.matMul(error, tf.transpose(layers[i].weights));
    if (i > 0) error = tf.mul(error, tf.step(seen[i]));
  }
  const [rows, width] = of.shape;
  const byProduct = tf.slice(error, [0, (error.shape[1] ?? width) - width], [rows, width]);
  return [
    ...found,
    ...gradients(subject, inputs.subject, tf.mul(byProduct, at)),
    ...gradients(choice, inputs.choice, tf.mul(byProduct, of)),
  ];
}
