import { expect, it } from 'vitest';
import { tensorflowBackend } from '../tensorflow.ts';
import { predictNetwork } from './network.ts';
import { rankingGradient } from './ranking-loss.ts';
import { trainNetwork } from './train-network.ts';

const ROWS = 64;
const features = {
  rows: ROWS,
  columns: 3,
  values: Float64Array.from({ length: 3 * ROWS }, (_, i) => Math.sin(i * 7.3)),
};
const valueAt = (row: number, column: number): number => features.values[3 * row + column];
const places = Array.from({ length: ROWS }, (_, row) => row);
const OPTIONS = { hidden: [16], embedding: 4, epochs: 150, rate: 0.02, ranking: 0, seed: 1 };
const lesson = (target: (row: number) => number) => ({
  features,
  subjectColumns: 1,
  targets: Float64Array.from(places, target),
  known: new Float64Array(ROWS),
  studies: Int32Array.from(places, (row) => row % 4),
});

it('runs on WebAssembly if tfjs-node is not installed, never on plain JavaScript', async () => {
  expect(['wasm', 'tensorflow']).toContain(await tensorflowBackend());
});

it.each([0, 0.3])(
  'learns a product of subject and choice, which requires correct gradients (ranking %f)',
  async (ranking) => {
    const wanted = lesson((row) => valueAt(row, 0) * valueAt(row, 1) - 2 * valueAt(row, 2));
    const network = await trainNetwork(wanted, { ...OPTIONS, ranking });
    const answers = predictNetwork(network, features);
    const error = wanted.targets.reduce((sum, target, row) => sum + (target - answers[row]) ** 2, 0) / ROWS;
    expect(error).toBeLessThan(0.02);
  },
);

it('repeats itself for the same seed', async () => {
  const few = { ...OPTIONS, epochs: 3 };
  const wanted = lesson((row) => valueAt(row, 2));
  expect(await trainNetwork(wanted, few)).toEqual(await trainNetwork(wanted, few));
});

it('ranks pairs of one study only, by what is known of them, too', () => {
  const rows = [
    { study: 0, known: 0, wanted: 1 },
    { study: 0, known: 3, wanted: -1 },
    { study: 1, known: 0, wanted: 0 },
    { study: 1, known: 0, wanted: 0 },
  ];
  const loss = (answers: readonly number[]): number =>
    Math.log(1 + Math.exp(-3 * (rows[1].known + answers[1] - rows[0].known - answers[0])));
  const at = [0.4, -2.3, 5, 1];
  const slope = (place: number): number =>
    (loss(at.map((value, i) => (i === place ? value + 1e-5 : value))) -
      loss(at.map((value, i) => (i === place ? value - 1e-5 : value)))) /
    2e-5;
  const found = rankingGradient(rows, at);
  for (const place of [0, 1, 2, 3]) expect(found[place]).toBeCloseTo(slope(place), 4);
});
