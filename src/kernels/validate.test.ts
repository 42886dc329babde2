import { expect, test } from 'vitest';
import { InputError } from '../../search-space/input-error.ts';
import type { Expression, Kernel, Stage } from './ir.ts';
import { libraryKernel } from './library.ts';
import { validateKernel } from './validate.ts';

const load: Expression = { kind: 'load', operand: 'x', at: { offset: 0, strides: { i: 1 } }, dtype: 'f32' };
const one: Expression = { kind: 'constant', value: 1, dtype: 'f32' };
const store: Stage = {
  kind: 'store',
  operand: 'y',
  at: { offset: 0, strides: { i: 1 } },
  dims: ['i'],
  value: load,
};
const sum: Stage = {
  kind: 'reduce',
  names: ['s'],
  dims: [],
  over: ['j'],
  combine: { kind: 'sum' },
  values: [one],
};

const copy = (...stages: Stage[]): Kernel => ({
  name: 'copy',
  shape: [4],
  dtype: 'f32',
  dimensions: [
    { name: 'i', extent: 4, kind: 'parallel' },
    { name: 'j', extent: 3, kind: 'reduction' },
  ],
  operands: [
    { name: 'x', role: 'input', dtype: 'f32', elements: 4 },
    { name: 'y', role: 'output', dtype: 'f32', elements: 4 },
  ],
  stages,
});
const value = (name: string): Expression => ({ kind: 'value', name, dtype: 'f32' });

test('a valid kernel is returned unchanged', () => {
  const kernel = copy(sum, {
    ...store,
    value: { kind: 'binary', op: 'add', left: load, right: value('s'), dtype: 'f32' },
  });
  expect(validateKernel(kernel)).toBe(kernel);
  const attention = libraryKernel('attention', [1, 2, 3, 4]);
  expect(validateKernel(attention)).toBe(attention);
});

const UNSOUND: readonly (readonly [string, Kernel, RegExp])[] = [
  ['an unknown dimension', copy({ ...store, dims: ['z'] }), /stage 1: there is no dimension 'z'/],
  ['an unknown operand', copy({ ...store, value: { ...load, operand: 'z' } }), /there is no operand 'z'/],
  ['a value before its definition', copy({ ...store, value: value('s') }), /uses 's' before it is defined/],
  [
    'a value outside its loops',
    copy({ kind: 'map', name: 'm', dims: ['j'], value: one }, { ...store, value: value('m') }),
    /uses 'm' outside the loop over 'j'/,
  ],
  ['a double value name', copy(sum, sum, store), /stage 2: the name 's' is already taken/],
  ['a double loop', copy({ ...store, dims: ['i', 'i'] }), /the name 'i' is used twice/],
  [
    'an index of a foreign loop',
    copy({ ...store, value: { ...load, at: { offset: 0, strides: { j: 1 } } } }),
    /uses the index 'j' outside its loop/,
  ],
  [
    'a negative element',
    copy({ ...store, value: { ...load, at: { offset: 2, strides: { i: -1 } } } }),
    /accesses x from -1 to 2/,
  ],
  [
    'a reduction over a parallel dimension',
    copy({ ...sum, over: ['i'] }),
    /reduces over 'i', which is said to be parallel/,
  ],
  ['a reduction over nothing', copy({ ...sum, over: [] }), /needs a dimension to reduce over/],
  ['two components without a region', copy({ ...sum, names: ['s', 't'] }), /a sum has one component/],
  [
    'a region with a missing identity',
    copy({
      ...sum,
      combine: { kind: 'region', left: ['l'], right: ['r'], results: [value('l')], identity: [] },
    }),
    /as many names, results and identities/,
  ],
  [
    'a region that reads memory',
    copy({ ...sum, combine: { kind: 'region', left: ['l'], right: ['r'], results: [load], identity: [0] } }),
    /there is no operand 'x'/,
  ],
  [
    'a dtype that does not fit',
    copy({
      ...store,
      value: { kind: 'binary', op: 'add', left: load, right: { ...one, dtype: 'f16' }, dtype: 'f32' },
    }),
    /add has dtype f16 where f32 is needed/,
  ],
  ['a mask that is not a bool', copy({ ...store, when: one }), /a condition must be bool, got f32/],
  [
    'a masked load without its other value',
    copy({ ...store, value: { ...load, when: { kind: 'constant', value: 1, dtype: 'bool' } } }),
    /needs a value for where the mask is false/,
  ],
  [
    'any of values that are not bools',
    copy({ ...sum, combine: { kind: 'any' } }),
    /a condition must be bool/,
  ],
  [
    'a region that changes the dtype',
    copy({
      ...sum,
      combine: {
        kind: 'region',
        left: ['l'],
        right: ['r'],
        results: [{ kind: 'cast', operand: value('l'), dtype: 'f64' }],
        identity: [0],
      },
    }),
    /a region turns f32 into f64/,
  ],
  ['a value named like an operand', copy({ ...sum, names: ['x'] }), /the name 'x' is already taken/],
  ['a store to an input', copy({ ...store, operand: 'x' }), /cannot store to 'x'/],
  [
    'a fractional stride',
    copy({ ...store, at: { offset: 0, strides: { i: 0.5 } } }),
    /holds whole numbers, got 0.5/,
  ],
  ['no stage', copy(), /stores nothing/],
  ['no name', { ...copy(store), name: '' }, /kernel: needs a name/],
];

test.each(UNSOUND)('%s is refused', (_, kernel, message) => {
  expect(() => validateKernel(kernel)).toThrow(InputError);
  expect(() => validateKernel(kernel)).toThrow(message);
});
