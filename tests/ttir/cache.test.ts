import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importTorchInductorCache } from '../../src/importers/torchinductor/import-cache.ts';
import { callStatements, numbersOf } from '../../src/importers/torchinductor/python-text.ts';
import { launchesOf } from '../../src/importers/torchinductor/wrapper.ts';
import { expectAgreement } from './agreement.ts';

const folder = new URL('../../../shared/inductor/models/torchinductor_gpt/', import.meta.url).pathname;
const absent = existsSync(folder) ? '' : ' (skipped: ../shared/inductor/models is not there)';

describe.skipIf(absent !== '')(`the cache of a small GPT${absent}`, () => {
  const model = absent === '' ? importTorchInductorCache(folder) : { kernels: [], refused: [] };
  const byName = (part: string) => model.kernels.filter(({ kernel }) => kernel.name.includes(part));

  it('merges variants that differ in block sizes, with the numels of the wrapper', () => {
    const found = byName('triton').map(({ kernel, calls, variants }) => [
      kernel.name,
      kernel.shape.join('x'),
      calls,
      variants,
    ]);
    expect(found).toEqual([
      ['triton_poi_fused_addmm_clone_permute_select_view_1', '2x4x128x64', 3, 2],
      ['triton_poi_fused_addmm_clone_permute_select_transpose_view_2', '2x256x128', 3, 6],
      ['triton_per_fused__softmax_amax_mul_sub_view_3', '1024x128', 3, 3],
      ['triton_poi_fused_addmm_clone_permute_select_view_4', '2x4x128x64', 3, 2],
      ['triton_poi_fused_clone_transpose_view_5', '2x128x4x64', 3, 2],
      ['triton_poi_fused_addmm_gelu_view_7', '256x1024', 3, 2],
      ['triton_per_fused_add_addmm_native_layer_norm_view_9', '256x256', 2, 1],
      ['triton_per_fused_add_addmm_native_layer_norm_view_10', '256x256', 1, 1],
      ['triton_per_fused_add_addmm_native_layer_norm_view_11', '256x256', 1, 1],
    ]);
  });

  it('imports matrix products of the library as matmul kernels', () => {
    expect(byName('matmul').map(({ kernel, calls }) => [kernel.name, kernel.shape.join('x'), calls])).toEqual(
      [
        ['matmul', '256x768x256', 3],
        ['batched-matmul', '8x128x128x64', 3],
        ['batched-matmul', '8x128x64x128', 3],
        ['matmul', '256x256x256', 3],
        ['matmul', '256x1024x256', 3],
        ['matmul', '256x256x1024', 3],
        ['matmul', '256x1000x256', 1],
      ],
    );
  });

  it('lists the kernels that it cannot import, so that all launches of the wrapper are counted', () => {
    expect(model.refused.map(({ name, calls }) => [name, calls])).toEqual([
      ['triton_red_fused_embedding_native_layer_norm_0', 1],
      ['triton_per_fused_add_addmm_embedding_native_layer_norm_view_6', 1],
      ['triton_per_fused_add_addmm_embedding_native_layer_norm_view_8', 1],
    ]);
    for (const { reason } of model.refused) expect(reason).toMatch(/depends on loaded data \(a gather/);
    const wrapper = readFileSync(join(folder, 'lb', readdirSync(join(folder, 'lb'))[0]!), 'utf8');
    const launches = (wrapper.match(/^ +(triton_\w+\.run|extern_kernels\.\w+)\(/gm) ?? []).length;
    const counted = [...model.kernels, ...model.refused].reduce((all, { calls }) => all + calls, 0);
    expect(counted).toBe(launches);
  });

  it.each(
    model.kernels.flatMap(({ kernel, sources }) =>
      kernel.name.startsWith('triton')
        ? sources.map((source) => ({ name: kernel.name, source, shape: kernel.shape }))
        : [],
    ),
  )('$name computes what $source computes', ({ name, source, shape }) => {
    const text = readFileSync(join(folder, source), 'utf8');
    const points = shape.reduce((all, extent) => all * extent, 1);
    const block = (axis: string): number =>
      Number(
        new RegExp(`%${axis}offset_\\d+ = arith\\.muli %${axis}offset, %c(\\d+)_i32`).exec(text)?.[1] ?? 1,
      );
    const tiled = text.includes('%yoffset');
    const rows = name.includes('_per_') ? 32 : name.includes('gelu') ? 8192 : points;
    const numels = tiled ? { xnumel: 128, ynumel: 512 } : { xnumel: rows };
    const grid = tiled
      ? [Math.ceil(128 / block('x')), Math.ceil(512 / block('y'))]
      : [Math.ceil(rows / block('x'))];
    expectAgreement(text, grid, { file: source, numels });
  });
});

describe('reading a wrapper', () => {
  it('finds calls over several lines, and none in comments and strings', () => {
    const text = [
      "source = async_compile.triton('a', '''",
      'extern_kernels.mm(no, no, out=no)',
      "''')",
      '# extern_kernels.mm(x, y, out=z)',
      'extern_kernels.mm(reinterpret_tensor(a, (2, 3), (3, 1), 0),',
      "    b, out=c)  # 'comment'",
      "f('#, ;', 2); del a",
    ].join('\n');
    expect(callStatements(text).map(({ callee, positional }) => [callee, positional.length])).toEqual([
      ['async_compile.triton', 2],
      ['extern_kernels.mm', 2],
      ['f', 2],
    ]);
  });

  it('reads tuples of numbers only', () => {
    expect(numbersOf('(256, )')).toEqual([256]);
    expect(numbersOf('(s0, 4)')).toBeUndefined();
  });

  it('reads addmm with its bias and a transposed weight', () => {
    const launches = launchesOf(
      [
        'assert_size_stride(arg0_1, (8, ), (1, ))',
        'buf0 = empty_strided_cuda((4, 8), (8, 1), torch.float16)',
        'extern_kernels.addmm(arg0_1, reinterpret_tensor(buf9, (4, 16), (16, 1), 0), reinterpret_tensor(arg1_1, (16, 8), (1, 16), 0), alpha=1, beta=1, out=buf0)',
        'buf1 = torch.ops.aten.sort.default(buf0)',
      ].join('\n'),
    );
    expect(launches).toMatchObject([
      {
        kind: 'product',
        name: 'addmm',
        right: { strides: [1, 16] },
        bias: { sizes: [8] },
        result: { dtype: 'f16' },
      },
      { kind: 'other', name: 'torch.ops.aten.sort.default' },
    ]);
  });

  it('refuses a folder without Inductor files, and an absent one', () => {
    const empty = mkdtempSync(join(tmpdir(), 'cache-'));
    writeFileSync(join(empty, 'notes.txt'), 'nothing');
    expect(() => importTorchInductorCache(empty)).toThrow(/no Inductor wrapper and no \.ttir file/);
    expect(() => importTorchInductorCache(join(empty, 'missing'))).toThrow(/cannot read/);
  });
});
