import { expect, it } from 'vitest';
import { tensorflowBackend, trainNetwork } from './tensorflow.ts';

const FEATURES = {
  rows: 64,
  columns: 2,
  values: Float64Array.from({ length: 128 }, (_, i) => Math.sin(i * 7.3)),
};
const TARGETS = Float64Array.from(
  { length: 64 },
  (_, i) => FEATURES.values[2 * i] - 2 * FEATURES.values[2 * i + 1],
);
const OPTIONS = { hidden: [16], epochs: 120, batch: 16, rate: 0.01, seed: 1 };

it('runs on WebAssembly if tfjs-node is not installed, never on plain JavaScript', async () => {
  expect(['wasm', 'tensorflow']).toContain(await tensorflowBackend());
});

it('learns a linear function, which requires correct gradients', async () => {
  const [first, last] = await trainNetwork(FEATURES, TARGETS, OPTIONS);
  const answer = (row: number): number => {
    const hidden = Array.from(first.bias, (bias, o) =>
      Math.max(
        0,
        bias + [0, 1].reduce((sum, i) => sum + FEATURES.values[2 * row + i] * first.weights[i * 16 + o], 0),
      ),
    );
    return last.bias[0] + hidden.reduce((sum, value, i) => sum + value * last.weights[i], 0);
  };
  const error = TARGETS.reduce((sum, target, row) => sum + (target - answer(row)) ** 2, 0) / 64;
  expect(error).toBeLessThan(0.02);
});

it('repeats itself for the same seed', async () => {
  const few = { ...OPTIONS, epochs: 3 };
  expect(await trainNetwork(FEATURES, TARGETS, few)).toEqual(await trainNetwork(FEATURES, TARGETS, few));
});
