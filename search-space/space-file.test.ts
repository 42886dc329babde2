import { describe, expect, it } from 'vitest';
import { defineSpace } from './define-space.ts';
import { readSpaceFile } from './space-file.ts';
import { parseValueList } from './values-text.ts';

const own = {
  name: 'my-kernel',
  parameters: [
    { name: 'threads', values: [1, 2, 4], tag: 'mt', off: 1 },
    { name: 'staging', values: ['direct', 'dma'] },
    { name: 'tile', values: '[2**i for i in range(8, 12)]', activeWhen: "staging == 'dma'" },
    { name: 'fast', values: [false, true], description: 'relaxed arithmetic' },
  ],
  constraints: [
    'threads * tile <= 4096',
    { text: 'threads > 1 or not fast', sentence: 'fast needs threads' },
  ],
};

const t1 = {
  ConfigurationSpace: {
    TuningParameters: [
      { Name: 'KWG', Type: 'int', Values: '[16, 32]', Default: 16 },
      { Name: 'KWI', Type: 'uint', Values: '[2**i for i in range(6)]' },
      { Name: 'USE', Type: 'bool', Values: '[0, 1]' },
      { Name: 'MODE', Type: 'string', Values: "['a', 'b']" },
    ],
    Conditions: [{ Parameters: ['KWG', 'KWI'], Expression: 'KWG % KWI == 0 and KWI > 2' }],
  },
  KernelSpecification: { KernelName: 'gemm', Language: 'CUDA' },
};

function changed(path: readonly (string | number)[], value: unknown, base: unknown = own): unknown {
  if (path.length === 0) return value;
  const [key, ...rest] = path;
  if (Array.isArray(base)) return base.map((item, i) => (i === key ? changed(rest, value, item) : item));
  const entries = Object.entries(base ?? {});
  const old = entries.find(([name]) => name === key)?.[1];
  return Object.fromEntries([...entries.filter(([name]) => name !== key), [key, changed(rest, value, old)]]);
}

describe('a nightshift space file', () => {
  it('gives parameters, constraints and conditions', () => {
    const { name, parameters, constraints } = readSpaceFile(own);
    expect(name).toBe('my-kernel');
    expect(parameters.map(({ kind }) => kind)).toEqual(['ordinal', 'categorical', 'ordinal', 'flag']);
    expect(parameters[0]).toMatchObject({ tag: 'mt', off: 1 });
    expect(parameters[2].values).toEqual([256, 512, 1024, 2048]);
    const space = defineSpace(parameters, constraints);
    // direct: one tile, 3 threads; dma: 4 + 4 + 3 pairs of tile and threads; fast only with threads.
    expect(space.size).toBe(1 + 2 * 2 + 4 + 4 * 2 + 3 * 2);
  });

  it.each<[readonly (string | number)[], unknown, string]>([
    [[], 3, 'space: must be an object, got 3'],
    [['parameters'], undefined, 'parameters: must be a list, got nothing'],
    [['constraint'], [], "space: has an unknown key 'constraint' (did you mean 'constraints'?)"],
    [['parameters', 0, 'tag'], 'mp', 'parameters[0].tag: must be one of vec, mt, db, schedule, got "mp"'],
    [['parameters', 0, 'off'], 3, 'parameters[0].off: 3 is not one of [1,2,4]'],
    [['parameters', 0, 'off'], undefined, "parameters[0].off: is missing: a 'mt' parameter needs"],
    [['parameters', 0, 'values'], [1, null], 'parameters[0].values: can hold numbers, texts, true and false'],
    [['parameters', 3, 'values'], [], "parameter 'fast': has no values"],
    [['parameters', 1, 'name'], 'threads', "parameters: 'threads' is given twice"],
    [['parameters', 1, 'name'], 'a-b', "parameter 'a-b': is no name"],
    [['parameters', 2, 'values'], '[x for i in range(3)]', 'parameters[2].values: column'],
    [['parameters', 2, 'activeWhen'], 'stage == 1', 'parameters[2].activeWhen: column 1 of "stage == 1"'],
    [['constraints', 0], 'threads <', 'constraints[0]: column 10 of "threads <": expected a value'],
    [
      ['constraints', 1, 'text'],
      'tyle < 2',
      'constraints[1].text: column 1 of "tyle < 2": unknown parameter \'tyle\'',
    ],
  ])('refuses %j = %j', (path, value, message) => {
    const make = () => {
      const { parameters, constraints } = readSpaceFile(changed(path, value));
      defineSpace(parameters, constraints);
    };
    expect(make).toThrow(message);
  });
});

describe('a T1 file', () => {
  it('is read by its schema; other fields are ignored', () => {
    const { name, parameters, constraints } = readSpaceFile(t1);
    expect(name).toBe('gemm');
    expect(parameters.map(({ kind }) => kind)).toEqual(['ordinal', 'ordinal', 'flag', 'categorical']);
    expect(parameters[2].values).toEqual([false, true]);
    expect(defineSpace(parameters, constraints).size).toBe(7 * 4);
  });

  const parameter = (i: number, key: string) => ['ConfigurationSpace', 'TuningParameters', i, key];

  it.each<[readonly (string | number)[], unknown, string]>([
    [parameter(0, 'Type'), 'real', 'TuningParameters[0].Type: must be one of int, uint, float, bool, string'],
    [parameter(0, 'Values'), '[16, 0.5]', 'TuningParameters[0].Values: 0.5 is not of type int'],
    [
      parameter(0, 'Values'),
      'open("x")',
      'TuningParameters[0].Values: column 1 of "open("x")": expected a list',
    ],
    [
      ['ConfigurationSpace', 'Conditions', 0, 'Expression'],
      'KWG ? 1',
      'column 5 of "KWG ? 1": cannot read \'?\'',
    ],
    [
      ['ConfigurationSpace', 'Conditions', 0, 'Parameters'],
      ['KWH'],
      "unknown parameter 'KWH' (did you mean 'KWG'?)",
    ],
  ])('refuses %j = %j', (path, value, message) => {
    expect(() => readSpaceFile(changed(path, value, t1))).toThrow(message);
  });
});

describe('a list of values as text', () => {
  it.each<[string, unknown]>([
    ['[1, 2.5, -3, "a", True]', [1, 2.5, -3, 'a', true]],
    ['(1, 2)', [1, 2]],
    ['range(3)', [0, 1, 2]],
    ['list(range(8, 0, -4))', [8, 4]],
    ['[32*i for i in range(1,4)]', [32, 64, 96]],
    ['[i for i in range(10) if i % 3 == 0 and i]', [3, 6, 9]],
    ['[1] + [2**i for i in [3, 5]] + list(range(40, 42))', [1, 8, 32, 40, 41]],
    ['[]', []],
  ])('%s', (text, values) => {
    expect(parseValueList(text, 'values')).toEqual(values);
  });

  it.each([
    ['[1, 2', 'values: column 6 of "[1, 2": expected \']\', found the end'],
    ['[1/0]', 'values: column 2 of "[1/0]": a value cannot be computed'],
    ['range(1, 2, 0)', 'the step of range cannot be 0'],
    ['range(0.5)', 'range takes one to three whole numbers'],
    ['range(10**9)', 'more than 100000 values'],
    ['[i for j in range(3)]', "'i' has no value here"],
    ['__import__("os")', "expected a list or 'range', found '__import__'"],
    ['[f(1)]', "there is no function 'f'"],
    ['5', "expected a list or 'range', found '5'"],
  ])('refuses %s', (text, message) => {
    expect(() => parseValueList(text, 'values')).toThrow(message);
  });
});
