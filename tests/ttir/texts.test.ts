import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { importTtir } from '../../src/importers/ttir/import-ttir.ts';
import { kernelHash } from '../../src/kernels/hash.ts';
import { expectAgreement, type Grid } from './agreement.ts';

function read(name: string): string {
  return readFileSync(new URL(`texts/${name}.ttir`, import.meta.url), 'utf8');
}

type Case = readonly [name: string, grid: Grid, numels?: Record<string, number>];

/** Texts like Inductor's: long rows with loops, uneven masks, transposed tiles, views, concatenation. */
const INDUCTOR: readonly Case[] = [
  ['red_softmax_online_f16.1x1024', [4], { xnumel: 4 }],
  ['red_softmax_online_f16.4x256', [2], { xnumel: 8 }],
  ['red_softmax_online_f16.2x2048', [2], { xnumel: 4 }],
  ['red_layer_norm_bf16.1x1024', [3], { xnumel: 3 }],
  ['red_layer_norm_bf16.8x128', [3]],
  ['red_argmax', [5]],
  ['red_column_sum', [5]],
  ['red_split', [2]],
  ['red_uneven', [2]],
  ['red_2d', [3]],
  ['red_inplace', [5]],
  ['red_dynamic', [3], { ks0: 300, xnumel: 20, r0_numel: 300 }],
  ['per_argmin', [3]],
  ['per_softmax_masked.1', [9], { xnumel: 9 }],
  ['per_softmax_masked.8', [10]],
  ['per_causal_softmax', [32]],
  ['per_misc', [4]],
  ['poi_transpose_add.32x32', [3, 5]],
  ['poi_transpose_add.16x64', [2, 9]],
  ['poi_transpose_add.1x128', [1, 130]],
  ['poi_transpose_add.64x1', [75, 3]],
  ['poi_yz', [1, 7, 1]],
  ['poi_cat', [5]],
  ['poi_pad', [7]],
  ['poi_flip', [5]],
  ['poi_functions', [4]],
  ['poi_int8', [4]],
  ['poi_i64', [6], { xnumel: 768 }],
  ['poi_dynamic', [8], { ks0: 50, xnumel: 1000 }],
  ['poi_rotary', [16]],
  ['red_batch_norm.1x512', [12]],
  ['red_batch_norm.4x128', [3]],
  ['red_softmax_backward', [3]],
  ['red_prod_min', [1]],
  ['per_group_norm.8', [3]],
  ['per_mse', [1]],
  ['poi_max_pool', [3]],
  ['poi_channels_last.8x64', [1, 6]],
  ['poi_channels_last.64x4', [9, 1]],
  ['poi_stack', [5]],
  ['tem_bmm.70x50x40', [12, 2], { ynumel: 2 }],
  ['tem_mm.96x80x48', [15]],
  ['tem_mm.100x70x50', [12]],
  ['tem_mm.300x64x64', [38]],
];

/** Hand-written texts: Triton's tutorials, tile pointers, strides as arguments. */
const HAND_WRITTEN: readonly Case[] = [
  ['hand_add', [4], { n_elements: 1000 }],
  ['hand_softmax', [9], { n_cols: 100, input_row_stride: 100, output_row_stride: 110, xnumel: 9 }],
  ['hand_softmax_persistent', [9], { n_rows: 9, n_cols: 100, input_row_stride: 100, output_row_stride: 100 }],
  ['hand_matmul', [6], { M: 70, N: 50, K: 40, stride_am: 40, stride_bk: 50, stride_cm: 64 }],
  ['hand_layer_norm', [5], { N: 300, stride: 300, xnumel: 5 }],
  ['hand_block_ptr', [5, 4]],
  ['hand_descriptor_scale', [3, 4]],
  ['hand_descriptor_matmul', [5, 4]],
  ['hand_descriptor_planes', [5, 2]],
  ['hand_descriptor_open', [2, 3], { M: 20, N: 50 }],
  ['hand_flash_short', [2, 3], { ynumel: 3 }],
  // The syntax of Triton 2.1, partly in generic form.
  ['old_syntax', [3]],
];

describe('the kernel agrees with the interpreted program', () => {
  it.each([...INDUCTOR, ...HAND_WRITTEN].map(([name, grid, numels = {}]) => ({ name, grid, numels })))(
    '$name',
    (one) => {
      expectAgreement(read(one.name), one.grid, { file: one.name, numels: one.numels });
    },
  );
});

describe('block sizes are removed', () => {
  it.each([
    [['red_softmax_online_f16.1x1024', 'red_softmax_online_f16.4x256', 'red_softmax_online_f16.2x2048']],
    [['red_layer_norm_bf16.1x1024', 'red_layer_norm_bf16.8x128']],
    [['per_softmax_masked.1', 'per_softmax_masked.8']],
    [['red_batch_norm.1x512', 'red_batch_norm.4x128']],
    [['poi_channels_last.8x64', 'poi_channels_last.64x4']],
    [
      [
        'poi_transpose_add.32x32',
        'poi_transpose_add.16x64',
        'poi_transpose_add.1x128',
        'poi_transpose_add.64x1',
      ],
    ],
  ])('%s are one kernel', (names) => {
    const hashes = names.map((name) => kernelHash(importTtir(read(name)).kernel));
    expect(new Set(hashes).size).toBe(1);
  });
});

describe('recovered kernels', () => {
  it.each([
    ['red_softmax_online_f16.4x256', [37, 3000], 'x:37:parallel r:3000:reduction'],
    ['red_argmax', [10, 1500], 'x:10:parallel r:1500:reduction'],
    ['tem_mm.100x70x50', [100, 70, 50], 'm:100:parallel n:70:parallel k:50:reduction'],
    ['poi_pad', [6, 12, 12], 'z:6:parallel y:12:parallel x:12:parallel'],
    ['poi_transpose_add.16x64', [130, 75], 'y:130:parallel x:75:parallel'],
  ])('%s', (name, shape, dimensions) => {
    const { kernel, extentsFrom } = importTtir(read(name));
    expect(extentsFrom).toBe('mask');
    expect(kernel.shape).toEqual(shape);
    expect(kernel.dimensions.map((d) => `${d.name}:${d.extent}:${d.kind}`).join(' ')).toBe(dimensions);
  });

  it('a matrix product as a contraction, without masks and without the order of programs', () => {
    const { kernel } = importTtir(read('tem_mm.100x70x50'));
    expect(kernel.stages.map((stage) => stage.kind)).toEqual(['contract', 'store']);
    expect(JSON.stringify(kernel)).not.toContain('when');
  });
});

describe('unsupported programs are refused with place and reason', () => {
  it.each([
    ['bad_atomic', /:17:10: tt\.atomic_rmw: atomics/],
    ['bad_cumsum', /:9:10: tt\.scan: a scan/],
    ['bad_gather', /:11:10: tt\.load: the address in %x_ptr depends on loaded data/],
    ['hand_flash', /scf\.for: the loop carries a value that is no reduction/],
    ['bad_while', /scf\.while: a loop or branch whose course depends on data/],
  ])('%s', (name, message) => {
    expect(() => importTtir(read(name), { file: `${name}.ttir` })).toThrow(message);
  });
});
