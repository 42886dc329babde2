import { z } from 'zod';
import type { Matrix } from '../_base.ts';
import { moments } from '../matrix.ts';
import { type Layer, type Network, predictNetwork } from '../network/network.ts';
import { trainNetwork } from '../network/train-network.ts';
import { type Ensemble, estimateOf, type Learner } from './learner.ts';

const MEMBERS = 3;
const SETTINGS = { hidden: [64, 64], embedding: 32, epochs: 40, rate: 3e-3, ranking: 0.3 } as const;
/** Features are clipped at this many standard deviations: a network does not extrapolate. */
const FAR = 3;

type Column = Readonly<{ mean: number; sd: number }>;
type Networks = Readonly<{ columns: readonly Column[]; target: Column; members: readonly Network[] }>;

const column = z.object({ mean: z.number(), sd: z.number() }).readonly();
const floats = z.array(z.number()).transform((values) => Float32Array.from(values));
const layer = z.object({ inputs: z.int(), outputs: z.int(), weights: floats, bias: floats }).readonly();
const saved = z
  .object({
    columns: z.array(column).readonly(),
    target: column,
    members: z
      .array(z.object({ subject: layer, choice: layer, layers: z.array(layer).readonly() }).readonly())
      .readonly(),
  })
  .readonly();

/**
 * A neural network in TensorFlow.js, each member with its own initial weights. Only training needs
 * TensorFlow: a trained network predicts in plain arithmetic, in any thread and without waiting.
 */
export const networkLearner: Learner = Object.freeze<Learner>({
  name: 'network',
  learn: async ({ features, targets, known, studies, subjectColumns }, seed) => {
    const columns = columnsOf(features);
    const target = columnOf(targets);
    const lesson = {
      features: standardized(features, columns),
      // An embedding needs a column.
      subjectColumns: Math.max(1, subjectColumns),
      targets: targets.map((value) => (value - target.mean) / target.sd),
      known: known.map((value) => value / target.sd),
      studies,
    };
    const members: Network[] = [];
    for (let member = 0; member < MEMBERS; member++)
      members.push(await trainNetwork(lesson, { ...SETTINGS, seed: seed * MEMBERS + member }));
    return ensembleOf({ columns, target, members });
  },
  load: (data) => ensembleOf(saved.parse(data)),
});

function ensembleOf({ columns, target, members }: Networks): Ensemble {
  return {
    predict: (features) => {
      const inputs = standardized(features, columns);
      const answers = members.map((network) => predictNetwork(network, inputs));
      return estimateOf(answers.map((answer) => answer.map((value) => target.mean + target.sd * value)));
    },
    save: () => ({
      columns,
      target,
      members: members.map(({ subject, choice, layers }) => ({
        subject: plain(subject),
        choice: plain(choice),
        layers: layers.map(plain),
      })),
    }),
  };
}

function plain(layer: Layer) {
  return { ...layer, weights: [...layer.weights], bias: [...layer.bias] };
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
