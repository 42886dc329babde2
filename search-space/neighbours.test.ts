import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defineSpace } from './define-space.ts';
import { categorical, ordinal } from './parameters.ts';
import { parseConstraint } from './parse-constraint.ts';
import { bruteForce, drafts } from './random-spaces.fixture.ts';

const tiled = defineSpace(
  [
    categorical('staging', ['direct', 'copy', 'dma']),
    ordinal('tile', [256, 512, 1024, 2048]),
    ordinal('buffers', [1, 2, 3]),
    ordinal('threads', [1, 2, 4]),
  ],
  [
    parseConstraint("staging != 'direct' or (tile == 256 and buffers == 1)"),
    parseConstraint('tile * buffers <= 2048'),
  ],
);

describe('the nearest member', () => {
  it('is a member of a restriction; the one with the fewest changes if few parameters are tied', () => {
    fc.assert(
      fc.property(drafts, fc.nat(), (draft, pick) => {
        if (bruteForce(draft).length === 0) return;
        const space = defineSpace(draft.parameters, draft.constraints);
        const digits = space.digitsAt(pick % space.size);
        expect(space.nearest(digits)).toBe(space.indexOfDigits(digits));
        const [{ name, values }] = draft.parameters;
        const part = space.restrict({ values: { [name]: [values[0]] } });
        if (part === null) return;
        const found = part.nearest(digits);
        const changes = (index: number) =>
          part.digitsAt(index).filter((digit, place) => digit !== digits[place]).length;
        const fewest = Math.min(...Array.from({ length: part.size }, (_, index) => changes(index)));
        expect(changes(found)).toBe(fewest);
      }),
      { numRuns: 300, seed: 8 },
    );
  });

  it('keeps all values that are possible', () => {
    const digits = tiled.digitsAt(tiled.indexOf({ staging: 'dma', tile: 1024, buffers: 2, threads: 2 }));
    const single = tiled.restrict({ values: { buffers: [1] } });
    const direct = tiled.restrict({ values: { staging: ['direct'] } });
    expect(single?.at(single.nearest(digits))).toEqual({
      staging: 'dma',
      tile: 1024,
      buffers: 1,
      threads: 2,
    });
    expect(direct?.at(direct.nearest(digits))).toEqual({
      staging: 'direct',
      tile: 256,
      buffers: 1,
      threads: 2,
    });
  });
});

describe('neighbours', () => {
  it('are other members, each once, that differ as the reach allows', () => {
    fc.assert(
      fc.property(drafts, fc.nat(), fc.constantFrom('adjacent', 'hamming'), (draft, pick, reach) => {
        if (bruteForce(draft).length === 0) return;
        const space = defineSpace(draft.parameters, draft.constraints);
        const index = pick % space.size;
        const digits = space.digitsAt(index);
        const found = space.neighbours(index, reach);
        expect(new Set(found).size).toBe(found.length);
        for (const other of found) {
          expect(other).not.toBe(index);
          const moved = space.digitsAt(other).map((digit, place) => Math.abs(digit - digits[place]));
          expect(moved.some((distance) => distance > 0)).toBe(true);
        }
      }),
      { numRuns: 300, seed: 5 },
    );
  });

  it('reach every member that differs in one parameter', () => {
    fc.assert(
      fc.property(drafts, fc.nat(), (draft, pick) => {
        if (bruteForce(draft).length === 0) return;
        const space = defineSpace(draft.parameters, draft.constraints);
        const index = pick % space.size;
        const digits = space.digitsAt(index);
        const found = new Set(space.neighbours(index, 'hamming'));
        for (let other = 0; other < space.size; other++) {
          const changed = space.digitsAt(other).filter((digit, place) => digit !== digits[place]).length;
          if (changed === 1) expect(found.has(other)).toBe(true);
        }
      }),
      { numRuns: 300, seed: 6 },
    );
  });

  it('step an ordinal by one, and take any other value of a categorical', () => {
    const index = tiled.indexOf({ staging: 'copy', tile: 512, buffers: 2, threads: 2 });
    const found = tiled.neighbours(index, 'adjacent').map((neighbour) => tiled.at(neighbour));
    expect(found).toContainEqual({ staging: 'dma', tile: 512, buffers: 2, threads: 2 });
    expect(found).toContainEqual({ staging: 'copy', tile: 1024, buffers: 2, threads: 2 });
    expect(found).toContainEqual({ staging: 'copy', tile: 512, buffers: 2, threads: 4 });
    expect(found).not.toContainEqual({ staging: 'copy', tile: 2048, buffers: 1, threads: 2 });
  });

  it('skip values that no member has', () => {
    const even = tiled.restrict({ values: { tile: [256, 1024, 2048] } });
    const index = even?.indexOf({ staging: 'copy', tile: 256, buffers: 1, threads: 2 }) ?? -1;
    const found = even?.neighbours(index, 'adjacent').map((neighbour) => even.at(neighbour));
    expect(found).toContainEqual({ staging: 'copy', tile: 1024, buffers: 1, threads: 2 });
    expect(found).not.toContainEqual({ staging: 'copy', tile: 2048, buffers: 1, threads: 2 });
  });

  it('repair only parameters that a constraint ties to the change, such as pinned ones', () => {
    const index = tiled.indexOf({ staging: 'copy', tile: 1024, buffers: 2, threads: 4 });
    const found = tiled.neighbours(index, 'adjacent').map((neighbour) => tiled.at(neighbour));
    expect(found).toContainEqual({ staging: 'direct', tile: 256, buffers: 1, threads: 4 });
    expect(found).toContainEqual({ staging: 'copy', tile: 2048, buffers: 1, threads: 4 });
  });
});

describe('sampling', () => {
  it('draws every member equally often (chi-square, 99.9 %)', () => {
    const draws = 100 * tiled.size;
    let state = 17;
    const random = () => {
      state = (state * 48271) % 0x7fffffff;
      return state / 0x7fffffff;
    };
    const seen = new Array<number>(tiled.size).fill(0);
    for (let i = 0; i < draws; i++) seen[tiled.sample(random)]++;
    const chiSquare = seen.reduce((sum, count) => sum + (count - 100) ** 2 / 100, 0);
    // Wilson and Hilferty's approximation of the quantile with size − 1 degrees of freedom.
    const degrees = tiled.size - 1;
    const quantile = degrees * (1 - 2 / (9 * degrees) + 3.09 * Math.sqrt(2 / (9 * degrees))) ** 3;
    expect(chiSquare).toBeLessThan(quantile);
  });
});
