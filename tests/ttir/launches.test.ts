import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { importDocumentSchema } from '../../src/documents/import.ts';
import { temporaryFolder } from '../cli/command-line.fixture.ts';
import { inProcess } from '../cli/in-process.fixture.ts';
import { FIXED_GRID, scaling, wrapperOf, writeCache } from './inductor-cache.fixture.ts';

const folder = temporaryFolder();
afterAll(folder.remove);
let caches = 0;

/** What `import --cache` says of a cache: kernels as `name shape calls`, and what was refused with its calls. */
async function imported(wrapper: string, kernels: Readonly<Record<string, string>>) {
  caches += 1;
  const cache = writeCache(join(folder.path, `cache-${caches}`), wrapper, kernels);
  const env = { NIGHTSHIFT_STORE: join(folder.path, `store-${caches}.db`) };
  const { stdout } = await inProcess(['import', '--cache', cache, '--format', 'json'], env);
  const document = importDocumentSchema.parse(JSON.parse(stdout));
  return {
    kernels: document.imported.map(({ name, shape, calls }) => `${name} ${shape} ${calls}`),
    refused: document.refused.map(({ name, calls, reason }) => `${name} ${calls}: ${reason}`),
    notes: document.notes,
  };
}

const POINTERS = { in_ptr0: '*fp32', out_ptr0: '*fp32' };
const own = {
  variable: 'scale_rows_0',
  name: 'scale_rows',
  signature: { ...POINTERS, n: 'i32' },
  meta: FIXED_GRID,
};
const files = { 'KEY/scale_rows.ttir': scaling('scale_rows', 3, 'n') };

describe('a launch determines the size of its kernel', () => {
  it.each([
    ['with the words of its grid behind the arguments', own, 'buf0, buf1, 4096, 64, 1, 1, stream=stream0'],
    ['without such words', { ...own, meta: "'grid_type': 'Grid1D'" }, 'buf0, buf1, 4096, stream=stream0'],
    [
      'with constants that are passed',
      { ...own, signature: { ...own.signature, BLOCK: 'constexpr' } },
      'buf0, buf1, 4096, 64, 64, 1, 1, stream=stream0',
    ],
    [
      'with constants that are not passed',
      { ...own, signature: { ...POINTERS, BLOCK: 'constexpr', n: 'i32' } },
      'buf0, buf1, 4096, 64, 1, 1, stream=stream0',
    ],
    [
      'by keyword, as older releases write it',
      { ...own, meta: "'kernel': 1" },
      'in_ptr0=buf0, out_ptr0=reinterpret_tensor(buf1, (4096, ), (1, ), 0), n=4096, BLOCK=64, grid=grid_wrapper_for_scale_rows_0, stream=stream0',
    ],
    [
      'with sizes for its grid behind the arguments',
      {
        ...own,
        meta: "'grid_type': 'PrecomputedGrid', 'precomputed_grids': [{'python': ['64', '1']}], 'extra_launcher_args': ['_launcher_s0']",
      },
      'buf0, buf1, 4096, s0, stream=stream0',
    ],
  ])('%s', async (_, definition, words) => {
    const calls = [`scale_rows_0.run(${words})`, `scale_rows_0.run(${words})`];
    const { kernels, refused } = await imported(wrapperOf([definition], calls), files);
    expect({ kernels, refused }).toEqual({ kernels: ['scale_rows 4096 2'], refused: [] });
  });

  it('by its grid if no argument does', async () => {
    const definition = { ...own, signature: POINTERS };
    const wrapper = wrapperOf([definition], ['scale_rows_0.run(buf0, buf1, 48, 1, 1, stream=stream0)']);
    const { kernels } = await imported(wrapper, { 'KEY/scale_rows.ttir': scaling('scale_rows', 3) });
    expect(kernels).toEqual(['scale_rows 3072 1']);
  });
});

describe('a choice between kernels', () => {
  const chosen = (variable: string) => ({ variable, signature: { ...POINTERS, xnumel: 'i32' } });
  const both = [chosen('triton_red_fused_mul_0'), chosen('triton_per_fused_mul_1')];
  const choice = (slices = '') =>
    `${slices}multi_kernel_0 = async_compile.multi_kernel('multi_kernel_0', [\n    triton_red_fused_mul_0,\n    triton_per_fused_mul_1,\n]${slices && ', arg_index=arg_index'})`;
  const texts = {
    'A/triton_red_fused_mul_0.ttir': scaling('triton_red_fused_mul_0', 3, 'xnumel'),
    'B/triton_per_fused_mul_1.ttir': scaling('triton_per_fused_mul_1', 3, 'xnumel'),
  };

  it('is one kernel with its calls', async () => {
    const wrapper = wrapperOf(both, ['multi_kernel_0.run(buf0, buf1, 4096, stream=stream0)'], choice());
    expect((await imported(wrapper, texts)).kernels).toEqual(['triton_red_fused_mul_0 4096 1']);
  });

  it('gives each its own arguments, and counts one that can be read', async () => {
    const slices =
      'arg_index = {\n    0: [slice(0, 3, None)],\n    1: [slice(0, 2, None), slice(3, 4, None)],\n}\n';
    const run = 'multi_kernel_0.run(buf0, buf1, s0, 4096, stream=stream0)';
    const { kernels, refused } = await imported(wrapperOf(both, [run, run], choice(slices)), texts);
    expect(kernels).toEqual(['triton_per_fused_mul_1 4096 2']);
    expect(refused).toEqual(['triton_red_fused_mul_0 0: the wrapper leaves its sizes open: xnumel = s0']);
  });
});

describe('an undetermined kernel is refused with its calls, without affecting others', () => {
  const good = { variable: 'triton_poi_fused_mul_0', signature: { ...POINTERS, xnumel: 'i32' } };
  const goodText = { 'G/triton_poi_fused_mul_0.ttir': scaling('triton_poi_fused_mul_0', 2, 'xnumel') };
  const goodCall = 'triton_poi_fused_mul_0.run(arg0_1, buf0, 512, stream=stream0)';

  it.each([
    [
      'a size that depends on the input',
      own,
      'scale_rows_0.run(buf0, buf1, 64*s0, s0, 1, 1, stream=stream0)',
      'the wrapper leaves its sizes open: n = 64*s0',
    ],
    [
      'another number of arguments than the signature says',
      own,
      'scale_rows_0.run(buf0, 4096, 64, 1, 1, stream=stream0)',
      'the wrapper does not say which of its arguments is which',
    ],
    [
      'a size that neither an argument nor the grid says',
      { ...own, signature: POINTERS },
      'scale_rows_0.run(buf0, buf1, s0, 1, 1, stream=stream0)',
      'the wrapper does not say how large it is: the program does not say how large its grid is; 1048576 is assumed',
    ],
  ])('%s', async (_, definition, call, reason) => {
    const text = 'n' in definition.signature ? files : { 'KEY/scale_rows.ttir': scaling('scale_rows', 3) };
    const wrapper = wrapperOf([good, definition], [goodCall, call, call]);
    const { kernels, refused } = await imported(wrapper, { ...goodText, ...text });
    expect(kernels).toEqual(['triton_poi_fused_mul_0 512 1']);
    expect(refused).toHaveLength(1);
    expect(refused[0]).toContain(`scale_rows 2: ${reason}`);
  });

  it('a kernel that the wrapper does not define, or whose file is missing', async () => {
    const calls = [
      goodCall,
      'my_kernel.run(buf0, 7, stream=stream0)',
      'scale_rows_0.run(buf0, buf1, 9, 1, 1, 1)',
    ];
    const { kernels, refused } = await imported(wrapperOf([good, own], calls), goodText);
    expect(kernels).toHaveLength(1);
    expect(refused).toEqual([
      'my_kernel 1: the wrapper does not define it: its arguments are not known',
      'scale_rows 1: its .ttir file is not in the folder',
    ]);
  });

  it('two kernels of one name, unless their arguments tell them apart', async () => {
    const second = { ...own, variable: 'scale_rows_1' };
    const calls = [
      'scale_rows_0.run(buf0, buf1, 4096, 64, 1, 1, stream=stream0)',
      'scale_rows_1.run(buf0, buf1, 4096, 64, 1, 1, stream=stream0)',
    ];
    const texts = { ...files, 'K2/scale_rows.ttir': scaling('scale_rows', 5, 'n') };
    const alike = await imported(wrapperOf([own, second], calls), texts);
    expect(alike.kernels).toEqual([]);
    expect(alike.refused).toEqual([expect.stringMatching(/^scale_rows 2: several kernels have its name/)]);
    const told = { ...second, signature: { ...POINTERS, count: 'i32' } };
    const other = { ...files, 'K2/scale_rows.ttir': scaling('scale_rows', 5, 'count') };
    const { kernels, refused } = await imported(wrapperOf([own, told], calls), other);
    expect({ kernels, refused }).toEqual({
      kernels: ['scale_rows 4096 1', 'scale_rows-4096 4096 1'],
      refused: [],
    });
  });
});

it('reports its assumptions on a kernel that is never launched', async () => {
  const { kernels, notes } = await imported(wrapperOf([], []), {
    'KEY/scale_rows.ttir': scaling('scale_rows', 3, 'n'),
  });
  expect(kernels).toEqual(['scale_rows 1048576 0']);
  expect(notes).toEqual(['triton/0/KEY/scale_rows.ttir: n = 1048576 is assumed']);
});
