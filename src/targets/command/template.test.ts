import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Parameter } from '../../../search-space/parameter.ts';
import { checkTemplate, fillTemplate } from './template.ts';

const parameters: readonly Parameter[] = [
  { name: 'threads', kind: 'ordinal', tag: 'schedule', values: [1, 2] },
  { name: 'mode', kind: 'categorical', tag: 'schedule', values: ['a b', '$(rm -rf /)', '{threads}'] },
];

describe('a template', () => {
  it('replaces placeholders within words, and keeps other braces', () => {
    const template = ['./m', '-t{threads}', '{ print $1 }', '{"json":1}'];
    expect(fillTemplate(template, { threads: 2, mode: 'a b' })).toEqual([
      './m',
      '-t2',
      '{ print $1 }',
      '{"json":1}',
    ]);
  });

  it('never splits a value, nor replaces placeholders in one', () => {
    fc.assert(
      fc.property(fc.string(), (mode) => {
        expect(fillTemplate(['./m', '{mode}'], { threads: 1, mode })).toEqual(['./m', mode]);
      }),
    );
  });

  it('writes the whole configuration as JSON', () => {
    const [, json] = fillTemplate(['./m', '{configuration}'], { threads: 2, mode: 'a b' });
    expect(JSON.parse(json)).toEqual({ threads: 2, mode: 'a b' });
  });

  it('must have known placeholders and name every parameter', () => {
    expect(() => checkTemplate('--', ['./m', '{thread}', '{mode}'], parameters, true)).toThrow(
      '--: {thread} is not a parameter of the space (did you mean {threads}?)',
    );
    expect(() => checkTemplate('--', ['./m', '{mode}'], parameters, true)).toThrow('--: has no {threads}');
    expect(() => checkTemplate('--check', ['./c'], parameters, false)).not.toThrow();
    expect(() => checkTemplate('--', ['./m', '{configuration}'], parameters, true)).not.toThrow();
  });
});
