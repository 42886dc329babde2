import { describe, expect, it } from 'vitest';
import { activeWhen } from './active-when.ts';
import { abs, and, constraint, max, min, not, or, param, product, sum, type Term, value } from './builder.ts';
import { defineSpace } from './define-space.ts';
import { explain } from './explain.ts';
import { categorical, ordinal } from './parameters.ts';
import { parseConstraint } from './parse-constraint.ts';

const tile = param('tile');
const threads = param('threads');

describe('the builder makes the same constraint as the parser', () => {
  it.each<[string, Term]>([
    ['tile * threads <= 65536', tile.times(threads).le(65536)],
    ['tile % threads == 0', tile.divisibleBy(threads)],
    ['(tile + 1) / threads - 2 > 0', tile.plus(1).over(threads).minus(2).gt(0)],
    ['tile // 2 ** threads >= 1', tile.floorOver(value(2).power(threads)).ge(1)],
    ['-tile < 0 and not threads != 1', and(tile.negated().lt(0), not(threads.ne(1)))],
    ['tile in [1, 2] or threads not in [4]', or(tile.isIn([1, 2]), threads.isNotIn([4]))],
    ['min(tile, 4) == max(threads, 2)', min(tile, 4).eq(max(threads, 2))],
    ['not tile > 1 or threads > 1', tile.gt(1).implies(threads.gt(1))],
    ['abs(tile - 3) * threads * 4 < 3', product(abs(tile.minus(3)), threads, 4).lt(3)],
    ['tile + threads + 1 < 3', sum(tile, threads, 1).lt(3)],
  ])('%s', (text, term) => {
    expect(constraint(term, text)).toEqual(parseConstraint(text));
  });
});

describe('a conditional parameter', () => {
  const staging = categorical('staging', ['direct', 'copy', 'dma']);
  const size = ordinal('tile', [256, 512, 1024], { description: 'elements' });
  const buffers = ordinal('buffers', [1, 2, 3], { tag: 'db', off: 1 });
  const space = defineSpace(
    [staging, size, buffers],
    [
      activeWhen(size, param('staging').ne('direct'), 'without staging there is no tile'),
      activeWhen(buffers, param('staging').eq('dma')),
    ],
  );

  it('is pinned if it has no effect, so that no configuration exists twice', () => {
    expect(space.size).toBe(1 + 3 + 9);
    expect(space.restrict({ values: { staging: ['direct'] } })?.size).toBe(1);
    expect(space.restrict({ values: { staging: ['copy'] } })?.size).toBe(3);
  });

  it('is explained by its sentence', () => {
    expect(explain(space, { staging: 'direct', tile: 512, buffers: 1 })).toBe(
      'without staging there is no tile',
    );
    expect(explain(space, { staging: 'copy', tile: 512, buffers: 2 })).toBe(
      'buffers has no effect here and must stay 1',
    );
  });
});

describe('explain', () => {
  const space = defineSpace(
    [ordinal('threads', [1, 2, 4])],
    [parseConstraint('threads < 4', 'four is too many')],
  );

  it.each([
    [{ threads: 2 }, undefined],
    [{ threads: 4 }, 'four is too many'],
    [{ threads: 3 }, 'threads cannot be 3, only 1, 2, 4'],
    [{}, 'threads has no value'],
    [{ threads: 1, thread: 1 }, "there is no parameter 'thread' (did you mean 'threads'?)"],
  ])('%j', (configuration, sentence) => {
    expect(explain(space, { ...configuration })).toBe(sentence);
  });

  it('names a value that a restriction removed', () => {
    const smaller = space.restrict({ values: { threads: [1] } });
    expect(smaller && explain(smaller, { threads: 2 })).toBe('threads must be 1');
  });
});
