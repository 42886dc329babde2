import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defineSpace } from './define-space.ts';
import { explain } from './explain.ts';
import { categorical, ordinal } from './parameters.ts';
import { parseConstraint } from './parse-constraint.ts';
import { restrictionText } from './restriction-text.ts';
import { tableSpace } from './table-space.ts';

const parameters = [ordinal('threads', [1, 2, 3, 4]), categorical('staging', ['copy', 'dma'])];
const space = defineSpace(parameters, []);
const texts = ['threads == 3', "staging == 'dma' and threads > 2", 'threads % 2 == 1 or staging == "copy"'];

describe('what is forbidden', () => {
  it('is what its text describes, in a space and in a table of the same members', () => {
    const rows = Array.from({ length: space.size }, (_, index) => Object.values(space.at(index)));
    const table = tableSpace(parameters, rows);
    fc.assert(
      fc.property(fc.subarray(texts), (forbidden) => {
        const described = forbidden.map((text) => defineSpace(parameters, [parseConstraint(text)]));
        for (const whole of [space, table]) {
          const left = whole.restrict({ values: {}, forbidden });
          for (let index = 0; index < space.size; index++) {
            const one = space.at(index);
            expect(left?.has(one) ?? false).toBe(described.every((each) => !each.has(one)));
          }
        }
      }),
    );
  });

  it('is shown, and explained', () => {
    const left = space.restrict({ values: { staging: ['dma'] }, forbidden: [texts[0]] });
    expect(left === null ? '' : restrictionText(left)).toBe('staging=dma not(threads == 3)');
    expect(left === null ? '' : explain(left, { threads: 3, staging: 'dma' })).toBe(
      'forbidden: threads == 3',
    );
  });

  it('includes what cannot be evaluated, and nothing is excluded where all can be', () => {
    expect(space.restrict({ values: {}, forbidden: ['12 / (threads - 3) > 100'] })?.size).toBe(6);
    expect(() => space.restrict({ values: {}, forbidden: ['thread == 3'] })).toThrow("'thread'");
  });
});
