import { z } from 'zod';
import type { Matrix } from '../_base.ts';
import { moments } from '../matrix.ts';
import { type Layer, trainNetwork } from '../tensorflow.ts';
import { type Ensemble, estimateOf, type Learner } from './learner.ts';

const MEMBERS = 3;
const SETTINGS = { hidden: [64, 64], epochs: 40, batch: 128, rate: 3e-3 } as const;
/** Features are clipped at this many standard deviations: a network does not extrapolate. */
const FAR = 3;

type Column = Readonly<{ mean: number; sd: number }>;
type Network = Readonly<{
  columns: readonly Column[];
  target: Column;
  members: readonly (readonly Layer[])[];
}>;

const column = z.object({ mean: z.number(), sd: z.number() }).readonly();
const floats = z.array(z.number()).transform((values) => Float32Array.from(values));
const layer = z.object({ inputs: z.int(), outputs: z.int(), weights: floats, bias: floats }).readonly();
const saved = z
  .object({
    columns: z.array(column).readonly(),
    target: column,
    members: z.array(z.array(layer).readonly()).readonly(),
  })
  .readonly();

/**
 * A neural network in TensorFlow.js, each member with its own initial weights. Only training needs
 * TensorFlow: a trained network predicts in plain arithmetic, in any thread and without waiting.
 */
export const networkLearner: Learner = Object.freeze<Learner>({
  name: 'network',
  learn: async (features, targets, seed) => {
    const columns = columnsOf(features);
    const target = columnOf(targets);
    const inputs = standardized(features, columns);
    const wanted = targets.map((value) => (value - target.mean) / target.sd);
    const members: (readonly Layer[])[] = [];
    for (let member = 0; member < MEMBERS; member++) {
      members.push(await trainNetwork(inputs, wanted, { ...SETTINGS, seed: seed * MEMBERS + member }));
    }
    return ensembleOf({ columns, target, members });
  },
  load: (data) => ensembleOf(saved.parse(data)),
});

function ensembleOf(network: Network): Ensemble {
  const { columns, target, members } = network;
  return {
    predict: (features) => {
      const inputs = standardized(features, columns);
      const answers = members.map((layers) => forward(layers, inputs));
      return estimateOf(answers.map((answer) => answer.map((value) => target.mean + target.sd * value)));
    },
    save: () => ({
      columns,
      target,
      members: members.map((layers) =>
        layers.map((one) => ({ ...one, weights: [...one.weights], bias: [...one.bias] })),
      ),
    }),
  };
}

function columnsOf({ rows, columns, values }: Matrix): readonly Column[] {
  return Array.from({ length: columns }, (_, place) =>
    columnOf(Float64Array.from({ length: rows }, (_, row) => values[row * columns + place])),
  );
}

function columnOf(values: Float64Array): Column {
  const { mean, sd } = moments(values);
  return { mean, sd: sd > 1e-9 ? sd : 1 };
}

function standardized({ rows, columns, values }: Matrix, scales: readonly Column[]): Matrix {
  const scaled = values.map((value, i) => {
    const { mean, sd } = scales[i % columns];
    return Math.max(-FAR, Math.min(FAR, (value - mean) / sd));
  });
  return { rows, columns, values: scaled };
}

function forward(layers: readonly Layer[], { rows, columns, values }: Matrix): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) => {
    let seen: Float64Array = values.subarray(row * columns, (row + 1) * columns);
    layers.forEach((one, i) => {
      seen = propagate(one, seen, i < layers.length - 1);
    });
    return seen[0];
  });
}

function propagate(
  { inputs, outputs, weights, bias }: Layer,
  seen: Float64Array,
  rectify: boolean,
): Float64Array {
  const sums = Float64Array.from(bias);
  for (let i = 0; i < inputs; i++) {
    const value = seen[i];
    if (value === 0) continue;
    for (let o = 0; o < outputs; o++) sums[o] += value * weights[i * outputs + o];
  }
  return rectify ? sums.map((sum) => Math.max(0, sum)) : sums;
}
