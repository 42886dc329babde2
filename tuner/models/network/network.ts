import type { Matrix } from '../_base.ts';

/** Fully connected: `weights` is inputs × outputs, row-major. */
export type Layer = Readonly<{ inputs: number; outputs: number; weights: Float32Array; bias: Float32Array }>;

/**
 * Rectified layers and one linear output. Beside the columns the first layer sees the products of two embeddings: of the
 * first columns, which say what a study is of, and of the others, which say what is tried there. What a choice is
 * worth depends on where it is made, and a sum of columns cannot say that.
 */
export type Network = Readonly<{ subject: Layer; choice: Layer; layers: readonly Layer[] }>;

/**
 * In plain arithmetic: for a few rows that is faster than handing them over, and it needs no TensorFlow. A model is asked about
 * many configurations of one study at once, so what follows from the subject alone is computed once.
 */
export function predictNetwork({ subject, choice, layers }: Network, inputs: Matrix): Float64Array {
  const { rows, columns, values } = inputs;
  const [first, ...others] = layers;
  const of = new Float64Array(subject.outputs);
  const at = new Float64Array(choice.outputs);
  const ofSubject = new Float64Array(first.outputs);
  const sums = layers.map(({ outputs }) => new Float64Array(outputs));
  let known: Float64Array | undefined;
  return Float64Array.from({ length: rows }, (_, row) => {
    const own = values.subarray(row * columns, (row + 1) * columns);
    const [what, where] = [own.subarray(0, subject.inputs), own.subarray(subject.inputs)];
    if (known === undefined || !isSame(known, what)) {
      known = what;
      of.set(subject.bias);
      add(of, subject, 0, what);
      ofSubject.set(first.bias);
      add(ofSubject, first, 0, what);
    }
    at.set(choice.bias);
    add(at, choice, 0, where);
    for (let i = 0; i < at.length; i++) at[i] *= of[i];
    sums[0].set(ofSubject);
    add(sums[0], first, subject.inputs, where);
    add(sums[0], first, columns, at);
    others.forEach((layer, i) => {
      sums[i + 1].set(layer.bias);
      add(sums[i + 1], layer, 0, rectified(sums[i]));
    });
    return sums[sums.length - 1][0];
  });
}

function isSame(a: Float64Array, b: Float64Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Adds what the inputs from `from` on give. */
function add(sums: Float64Array, { outputs, weights }: Layer, from: number, seen: Float64Array): void {
  for (let i = 0; i < seen.length; i++) {
    const value = seen[i];
    if (value === 0) continue;
    const place = (from + i) * outputs;
    for (let o = 0; o < outputs; o++) sums[o] += value * weights[place + o];
  }
}

function rectified(sums: Float64Array): Float64Array {
  for (let i = 0; i < sums.length; i++) if (sums[i] < 0) sums[i] = 0;
  return sums;
}
