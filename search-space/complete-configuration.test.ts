import { describe, expect, it } from 'vitest';
import { constraint, param } from './builder.ts';
import { completeConfiguration } from './complete-configuration.ts';
import { defineSpace } from './define-space.ts';

const direct = param('staging').eq('direct');
const space = defineSpace(
  [
    { name: 'threads', kind: 'ordinal', tag: 'mt', values: [1, 2, 4], off: 1 },
    { name: 'staging', kind: 'categorical', tag: 'schedule', values: ['direct', 'copy', 'dma'] },
    { name: 'tile', kind: 'ordinal', tag: 'schedule', values: [64, 128, 256, 512] },
    { name: 'buffers', kind: 'ordinal', tag: 'db', values: [1, 2], off: 1 },
  ],
  [
    constraint(direct.implies(param('tile').eq(64)), 'a tile has no effect without staging'),
    constraint(param('buffers').gt(1).implies(param('staging').eq('dma')), 'more than one buffer needs DMA'),
    constraint(param('threads').times(param('tile')).le(512), 'tiles of all threads must fit'),
  ],
);
const preferred = { threads: 1, staging: 'direct', tile: 64, buffers: 1 };

describe('completeConfiguration', () => {
  it('is the preferred one if nothing is given', () => {
    expect(completeConfiguration(space, preferred, {})).toEqual(preferred);
  });
  it('keeps given values and repairs those that a constraint pins', () => {
    expect(completeConfiguration(space, preferred, { threads: 4, tile: 128 })).toEqual({
      threads: 4,
      staging: 'copy',
      tile: 128,
      buffers: 1,
    });
  });
  it('takes the nearest value if the preferred one is impossible', () => {
    const large = { threads: 1, staging: 'dma', tile: 512, buffers: 2 };
    expect(completeConfiguration(space, large, { threads: 4 })).toEqual({ ...large, threads: 4, tile: 128 });
  });
  it('refuses given values with the sentence of the constraint that they break', () => {
    expect(() => completeConfiguration(space, preferred, { staging: 'copy', buffers: 2 })).toThrow(
      'buffers: cannot be 2 here: more than one buffer needs DMA',
    );
    expect(() => completeConfiguration(space, preferred, { threads: 4, tile: 512 })).toThrow('must fit');
  });
});
