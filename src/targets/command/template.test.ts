import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Configuration, Parameter } from '../../../search-space/parameter.ts';
import { checkComplete, checkTemplate, fillTemplate, type Template } from './template.ts';

const parameters: readonly Parameter[] = [
  { name: 'threads', kind: 'ordinal', tag: 'schedule', values: [1, 2] },
  { name: 'mode', kind: 'categorical', tag: 'schedule', values: ['a b', '$(rm -rf /)', '{threads}'] },
];

const around = { shape: [64, 56], dtype: 'f16', seed: 7, hasBuild: true };
const filled = (template: Template, configuration: Configuration) =>
  fillTemplate(template, { ...around, configuration, build: '/builds/a b' });

describe('a template', () => {
  it('replaces placeholders within words, and keeps other braces', () => {
    const template = ['./m', '-t{threads}', '{ print $1 }', '{"json":1}'];
    expect(filled(template, { threads: 2, mode: 'a b' })).toEqual([
      './m',
      '-t2',
      '{ print $1 }',
      '{"json":1}',
    ]);
  });

  it('never splits a value, nor replaces placeholders in one', () => {
    fc.assert(
      fc.property(fc.string(), (mode) => {
        expect(filled(['./m', '{mode}'], { threads: 1, mode })).toEqual(['./m', mode]);
      }),
    );
  });

  it('writes the whole configuration as JSON', () => {
    const [, json] = filled(['./m', '{configuration}'], { threads: 2, mode: 'a b' });
    expect(JSON.parse(json)).toEqual({ threads: 2, mode: 'a b' });
  });

  it('names shape, dtype, seed and build, unless a parameter has that name', () => {
    const template = ['{build}/m', '{shape}', '-h{shape.0}', '-w{shape.1}', '{dtype}', '{seed}'];
    expect(filled(template, { threads: 2 })).toEqual(['/builds/a b/m', '64x56', '-h64', '-w56', 'f16', '7']);
    expect(filled(['{seed}', '{dtype}'], { seed: 3, dtype: 'int4' })).toEqual(['3', 'int4']);
  });

  it('must have known placeholders and name every parameter', () => {
    expect(() => checkTemplate('--', ['./m', '{thread}', '{mode}'], parameters, around)).toThrow(
      '--: {thread} is not a parameter of the space (did you mean {threads}?)',
    );
    expect(() => checkComplete('--', [['./m', '{mode}']], parameters)).toThrow('--: has no {threads}');
    expect(() => checkTemplate('--check', ['./c'], parameters, around)).not.toThrow();
    expect(() => checkComplete('--', [['./m', '{configuration}']], parameters)).not.toThrow();
  });
});
