import { describe, expect, it } from 'vitest';
import { normal, randomFor } from '../../../search-space/random.ts';
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

describe('the time that other shapes let expect', () => {
  it('has an interval that holds about nine of ten shapes that were not tuned', () => {
    let held = 0;
    let asked = 0;
    const widths: number[] = [];
    for (let seed = 0; seed < 6; seed++) {
      const all = machine(seed, 6);
      for (const left of all) {
        const expected = expectedTime(
          left,
          all.filter((one) => one !== left),
        );
        if (expected === undefined) throw new Error('six kernels at five shapes are enough');
        const time = Math.exp(left.logTime);
        asked++;
        if (time >= expected.interval.low && time <= expected.interval.high) held++;
        widths.push(expected.interval.high / expected.interval.low);
      }
    }
    expect(held / asked).toBeGreaterThan(0.85);
    expect(held / asked).toBeLessThan(0.97);
    expect(widths.sort((a, b) => a - b)[widths.length >> 1]).toBeLessThan(2);
  });

  it('is not told from fewer than three shapes of the kernel, or without nine that can be left out', () => {
    const all = machine(1, 6);
    const [asked, ...others] = all;
    const own = others.filter(({ family }) => family === asked.family);
    expect(expectedTime(asked, others)?.shapes).toBe(5);
    expect(expectedTime(asked, own)).toBeUndefined();
    const few = others.filter((one) => one.family !== asked.family || own.indexOf(one) < 2);
    expect(expectedTime(asked, few)).toBeUndefined();
  });

  it('uses neither another kernel of the name nor a shape of another rank', () => {
    const all = machine(2, 6);
    const [asked, ...others] = all;
    const foreign = others.map((one) =>
      one.family === asked.family ? { ...one, shape: [...one.shape, 1], logTime: 50 } : one,
    );
    expect(expectedTime(asked, foreign)).toBeUndefined();
  });
});
