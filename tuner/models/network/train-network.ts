import { permutation, type Random, randomFor } from '../../../search-space/random.ts';
import type { Matrix } from '../_base.ts';
import { type LearnedTensor, type Tensor, type Tensorflow, tensorflow } from '../tensorflow.ts';
import { backward, forward, type Inputs, type Trained, type TrainedNetwork } from './gradients.ts';
import type { Layer, Network } from './network.ts';
import { rankingGradient } from './ranking-loss.ts';

/** What is learned, standardized: a row of features, what to answer, and the study and what else is known of each. */
export type Lesson = Readonly<{
  features: Matrix;
  /** So many of the first columns say what a study is of. */
  subjectColumns: number;
  targets: Float64Array;
  known: Float64Array;
  studies: Int32Array;
}>;

type TrainingOptions = Readonly<{
  hidden: readonly number[];
  /** The width of the two embeddings. */
  embedding: number;
  epochs: number;
  rate: number;
  /** The weight of the ranking loss beside the squared error. */
  ranking: number;
  seed: number;
}>;

/** A batch has so many pieces of studies, each of so many rows at most: few enough to have many studies, enough to have pairs. */
const PIECES = 8;
const PIECE = 20;
/** Smaller than what keeps the variance of a layer, since two embeddings are multiplied. */
const EMBEDDING_REACH = 0.4;

/** Trains on the squared error and the ranking loss, with Adam, whose rate falls to nothing along half a cosine, so that the last steps settle. */
export async function trainNetwork(lesson: Lesson, options: TrainingOptions): Promise<Network> {
  const tf = await tensorflow();
  const { epochs, rate, ranking, seed } = options;
  const network = createNetwork(tf, lesson, options);
  const adam = new (fallingAdam(tf))(rate, 0.9, 0.999, 1e-7);
  const steps = epochs * batchesOf(lesson, seed, 0).length;
  let step = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (const rows of batchesOf(lesson, seed, epoch)) {
      adam.setRate((rate * (1 + Math.cos((Math.PI * step) / steps))) / 2);
      step += 1;
      tf.tidy(() => {
        const inputs = inputsOf(tf, lesson, rows);
        const pass = forward(tf, network, inputs);
        const byAnswer = gradientByAnswer(tf, lesson, rows, pass.answers, ranking);
        adam.applyGradients(
          backward(tf, network, inputs, pass, byAnswer).map(({ variable, tensor }) => ({
            name: variable.name,
            tensor,
          })),
        );
      });
    }
    // Lets other work on this thread run.
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { subject, choice, layers } = network;
  const trained = { subject: layerOf(subject), choice: layerOf(choice), layers: layers.map(layerOf) };
  adam.dispose();
  for (const { weights, bias } of [subject, choice, ...layers]) tf.dispose([weights, bias]);
  return trained;
}

/** The library's Adam (Kingma, Ba 2015), which has no door for its rate. */
function fallingAdam(tf: Tensorflow) {
  return class extends tf.AdamOptimizer {
    setRate(rate: number): void {
      this.learningRate = rate;
    }
  };
}

/** Rows of pieces of studies, drawn anew in each epoch. */
function batchesOf({ studies }: Lesson, seed: number, epoch: number): readonly (readonly number[])[] {
  const random = randomFor(seed, 'epoch', epoch);
  const byStudy = new Map<number, number[]>();
  for (const row of permutation(random, studies.length)) {
    const rows = byStudy.get(studies[row]);
    if (rows === undefined) byStudy.set(studies[row], [row]);
    else rows.push(row);
  }
  const pieces = [...byStudy.values()].flatMap((rows) =>
    Array.from({ length: Math.ceil(rows.length / PIECE) }, (_, n) => rows.slice(n * PIECE, (n + 1) * PIECE)),
  );
  const order = permutation(random, pieces.length);
  return Array.from({ length: Math.ceil(order.length / PIECES) }, (_, n) =>
    order.slice(n * PIECES, (n + 1) * PIECES).flatMap((place) => pieces[place]),
  );
}

function inputsOf(tf: Tensorflow, lesson: Lesson, rows: readonly number[]): Inputs {
  const { features, subjectColumns } = lesson;
  const { columns, values } = features;
  const own = new Float32Array(rows.length * columns);
  rows.forEach((row, i) => {
    own.set(values.subarray(row * columns, (row + 1) * columns), i * columns);
  });
  const all = tf.tensor2d(own, [rows.length, columns]);
  return {
    all,
    subject: tf.slice(all, [0, 0], [rows.length, subjectColumns]),
    choice: tf.slice(all, [0, subjectColumns], [rows.length, columns - subjectColumns]),
  };
}

function gradientByAnswer(
  tf: Tensorflow,
  { targets, known, studies }: Lesson,
  rows: readonly number[],
  answers: Tensor,
  ranking: number,
): Tensor {
  const given = answers.dataSync();
  const ranked = rows.map((row) => ({ study: studies[row], known: known[row], wanted: targets[row] }));
  const byRank = rankingGradient(ranked, given);
  const gradient = Float32Array.from(
    rows,
    (row, i) => (2 * (given[i] - targets[row])) / rows.length + ranking * byRank[i],
  );
  return tf.tensor2d(gradient, [rows.length, 1]);
}

function createNetwork(
  tf: Tensorflow,
  { features, subjectColumns }: Lesson,
  { hidden, embedding, seed }: TrainingOptions,
): TrainedNetwork {
  const random = randomFor(seed, 'weights');
  const layer = (inputs: number, outputs: number, reach = 1): Trained => ({
    weights: variable(tf, heInitial(inputs, outputs, reach, random), [inputs, outputs]),
    bias: variable(tf, new Float32Array(outputs), [outputs]),
  });
  const sizes = [features.columns + embedding, ...hidden, 1];
  return {
    subject: layer(subjectColumns, embedding, EMBEDDING_REACH),
    choice: layer(features.columns - subjectColumns, embedding, EMBEDDING_REACH),
    layers: hidden.concat(1).map((outputs, i) => layer(sizes[i], outputs)),
  };
}

function variable(tf: Tensorflow, values: Float32Array, shape: number[]): LearnedTensor {
  return tf.tidy(() => tf.variable(tf.tensor(values, shape)));
}

/** Uniform with variance 2 ÷ inputs (He et al. 2015). */
function heInitial(inputs: number, outputs: number, part: number, random: Random): Float32Array {
  const reach = part * Math.sqrt(6 / inputs);
  return Float32Array.from({ length: inputs * outputs }, () => (2 * random() - 1) * reach);
}

function layerOf({ weights, bias }: Trained): Layer {
  const [inputs, outputs] = weights.shape;
  return {
    inputs,
    outputs: outputs ?? 0,
    weights: Float32Array.from(weights.dataSync()),
    bias: Float32Array.from(bias.dataSync()),
  };
}
