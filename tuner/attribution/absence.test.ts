import { describe, expect, it } from 'vitest';
import { constraint, or, param } from '../../search-space/builder.ts';
import type { Constraint } from '../../search-space/constraint.ts';
import { defineSpace } from '../../search-space/define-space.ts';
import type { Parameter } from '../../search-space/parameter.ts';
import { absenceOf } from './absence.ts';

const PARAMETERS: readonly Parameter[] = [
  { name: 'threads', kind: 'ordinal', tag: 'mt', values: [1, 4], off: 1 },
  { name: 'tile', kind: 'ordinal', tag: 'schedule', values: [1, 2, 3] },
];
const alone = param('threads').eq(1);
const gate: Constraint = { ...constraint(or(alone, param('tile').ge(8)), 'too little work'), gates: 'mt' };

describe('a mechanism that no configuration has on', () => {
  it('is gated by the compiler where its gate alone excludes it, with the rule', () => {
    expect(absenceOf(defineSpace(PARAMETERS, [gate]), 'mt')).toEqual({
      unknown: 'gated by the compiler',
      why: 'too little work',
    });
  });

  it.each([
    ['the user fixed one thread', [gate, constraint(alone, 'threads must be 1')]],
    ['the gate is that of nothing', [constraint(alone, 'one core')]],
  ])('is not applicable where %s', (_, constraints) => {
    expect(absenceOf(defineSpace(PARAMETERS, constraints), 'mt').unknown).toBe('not applicable');
  });
});
