import { describe, expect, it } from 'vitest';
import { activeWhen } from './active-when.ts';
import { and, constraint, not, or, param } from './builder.ts';
import { fixedByOthers } from './fixed-by-others.ts';
import { categorical, ordinal } from './parameters.ts';

const threads = ordinal('threads', [1, 2, 4], { tag: 'mt', off: 1 });
const staging = categorical('staging', ['direct', 'copy', 'dma']);
const tile = ordinal('tile', [256, 512]);
const buffers = ordinal('buffers', [1, 2], { tag: 'db', off: 1 });
const parameters = [threads, staging, tile, buffers];
const base = { threads: 4, staging: 'direct', tile: 256, buffers: 1 };

describe('parameters that others fix', () => {
  it('are those whose condition of effect does not hold', () => {
    const constraints = [
      activeWhen(tile, param('staging').ne('direct')),
      activeWhen(buffers, param('staging').eq('dma'), 'buffers need DMA'),
    ];
    const space = { parameters, constraints };
    expect(fixedByOthers(space, base)).toEqual([
      { name: 'tile', sentence: 'tile has no effect here and must stay 256' },
      { name: 'buffers', sentence: 'buffers need DMA' },
    ]);
    expect(fixedByOthers(space, { ...base, staging: 'copy' }).map(({ name }) => name)).toEqual(['buffers']);
    expect(fixedByOthers(space, { ...base, staging: 'dma' })).toEqual([]);
  });
  it('are found in implications with several consequences', () => {
    const direct = param('staging').eq('direct');
    const both = and(param('tile').eq(256), param('buffers').eq(1));
    const constraints = [constraint(or(not(direct), both), 'direct uses neither')];
    expect(fixedByOthers({ parameters, constraints }, base).map(({ name }) => name)).toEqual([
      'tile',
      'buffers',
    ]);
  });
  it('are not those that a limit, a requirement or a restriction leaves one value', () => {
    const constraints = [
      constraint(param('threads').times(param('tile')).le(1024), 'must fit'),
      constraint(param('tile').isIn([256]), 'tile must be 256'),
      constraint(param('tile').eq(256), 'one tile'),
    ];
    expect(fixedByOthers({ parameters, constraints }, base)).toEqual([]);
  });
  it('are those that a requirement of their other values keeps off, and not what it requires', () => {
    const constraints = [
      constraint(param('buffers').gt(1).implies(param('staging').eq('dma')), 'buffers need DMA'),
    ];
    const of = (configuration: typeof base) =>
      fixedByOthers({ parameters, constraints }, configuration).map(({ name }) => name);
    expect(of(base)).toEqual(['buffers']);
    expect(of({ ...base, staging: 'dma', buffers: 2 })).toEqual([]);
  });
});
