import { describe, expect, it } from 'vitest';
import { normal, randomFor } from '../../../search-space/random.ts';
import { isKnown } from '../../../tuner/attribution/gain.ts';
import { expectedTime, type ShapeTime } from './across-shapes.ts';

/** Kernels on a machine whose caches end at sizes of their own, so that the time of an operation depends on the size. */
function machine(seed: number, shapes: number, noise = 0.05): readonly ShapeTime[] {
  const random = randomFor('machine', seed);
  return Array.from({ length: 6 }, (_, kernel) => {
    const [edge, cost] = [14 + 6 * random(), 1 + random()];
    return Array.from({ length: shapes }, (): ShapeTime => {
      const size = Math.round(2 ** (12 + 9 * random()));
      const perOperation = cost + 1 / (1 + Math.exp(edge - Math.log2(size)));
      const time = (size * perOperation) / 1000 + 2;
      const logTime = Math.log(time) + noise * normal(random);
      return { family: `kernel ${kernel}`, shape: [size], logWork: Math.log(size), logTime };
    });
  }).flat();
}

function without(all: readonly ShapeTime[], left: ShapeTime): readonly ShapeTime[] {
  return all.filter((one) => one !== left);
}

describe('the time that other shapes let expect', () => {
  it.each([
    [6, 6],
    [4, 12],
  ])('has an interval that holds about nine of ten shapes that were not tuned, of %i', (shapes, machines) => {
    let [held, told, asked] = [0, 0, 0];
    const widths: number[] = [];
    for (let seed = 0; seed < machines; seed++) {
      const all = machine(seed, shapes);
      for (const left of all) {
        asked++;
        const expected = expectedTime(left, without(all, left));
        if (!isKnown(expected)) continue;
        told++;
        const time = Math.exp(left.logTime);
        if (time >= expected.interval.low && time <= expected.interval.high) held++;
        widths.push(expected.interval.high / expected.interval.low);
      }
    }
    expect(told / asked).toBeGreaterThan(0.7);
    expect(held / told).toBeGreaterThan(0.85);
    expect(held / told).toBeLessThan(0.97);
    expect(widths.sort((a, b) => a - b)[widths.length >> 1]).toBeLessThan(2);
  });

  /** Three shapes of a kernel, a doubling apart. */
  const three = (kernel: string): readonly ShapeTime[] =>
    [14, 15, 16].map((log2, place) => {
      const logWork = log2 * Math.LN2;
      return { family: kernel, shape: [2 ** log2], logWork, logTime: logWork + 0.01 * place };
    });
  const asked = (log2: number) => ({ family: 'a', shape: [2 ** log2], logWork: log2 * Math.LN2 });

  it('needs three shapes of each of three kernels, and says what is missing', () => {
    const [a, b, c] = ['a', 'b', 'c'].map(three);
    expect(expectedTime(asked(14.5), [...a, ...b, ...c])).toMatchObject({ shapes: 3 });
    expect(expectedTime(asked(14.5), [...a, ...b])).toMatchObject({
      unknown: 'not tried',
      why: expect.stringMatching(/; an interval takes 9 tuned shapes of any kernels, .*; there are 6$/),
    });
    expect(expectedTime(asked(14.5), [...a.slice(1), ...b, ...c])).toMatchObject({
      why: expect.stringMatching(/; 2 other shapes of this kernel were tuned, and it takes 3/),
    });
  });

  it('is told only within two doublings of a tuned shape, as far ones were never left out', () => {
    const tuned = ['a', 'b', 'c'].flatMap(three);
    expect(expectedTime(asked(12), tuned)).toMatchObject({ shapes: 3 });
    for (const known of [tuned, tuned.slice(0, 1)])
      expect(expectedTime(asked(6), known)).toMatchObject({
        unknown: 'not tried',
        why: expect.stringContaining('the nearest tuned shape is 8.00 doublings away'),
      });
  });

  it('uses neither another kernel of the name nor a shape of another rank', () => {
    const all = machine(2, 6);
    const [first, ...others] = all;
    const foreign = others.map((one) =>
      one.family === first.family ? { ...one, shape: [...one.shape, 1], logTime: 50 } : one,
    );
    expect(expectedTime(first, foreign)).toMatchObject({
      why: expect.stringContaining('; 0 other shapes of this kernel were tuned'),
    });
  });
});
