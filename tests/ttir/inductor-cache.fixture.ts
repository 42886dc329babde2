import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Writes a small cache of Inductor: one wrapper, and files of Triton IR by their path under `triton/0`. */
export function writeCache(
  folder: string,
  wrapper: string,
  kernels: Readonly<Record<string, string>>,
): string {
  const files = { 'ab/cwrapper.py': wrapper };
  for (const [path, text] of Object.entries(kernels)) Object.assign(files, { [`triton/0/${path}`]: text });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

type Definition = Readonly<{
  variable: string;
  name?: string;
  signature: Readonly<Record<string, string>>;
  /** Other arguments of the heuristics. */
  meta?: string;
}>;

export const FIXED_GRID =
  "'grid_type': 'FixedGrid', 'fixed_grid': ['_grid_0', '_grid_1', '_grid_2'], 'extra_launcher_args': ['_grid_0', '_grid_1', '_grid_2']";

/** A wrapper in the form of torch 2.7 and later. */
export function wrapperOf(
  definitions: readonly Definition[],
  calls: readonly string[],
  between = '',
): string {
  const defined = definitions.map(
    ({ variable, name = variable, signature, meta = "'grid_type': 'Grid1D'" }) => {
      const pairs = Object.entries(signature).map(([key, type]) => `'${key}': '${type}'`);
      return [
        `${variable} = async_compile.triton('${name}', '''`,
        '@triton_heuristics.user_autotune(',
        `    inductor_meta={${meta}, 'kernel_name': '${variable}'},`,
        `    triton_meta={'signature': {${pairs.join(', ')}}, 'constants': {}},`,
        ')',
        '@triton.jit',
        `def ${name}(${Object.keys(signature).join(', ')}):`,
        '    pass',
        "''', device_str='cuda')",
      ].join('\n');
    },
  );
  return [
    '# AOT ID: ["0_inference"]',
    'from torch._inductor.async_compile import AsyncCompile',
    'async_compile = AsyncCompile()',
    ...defined,
    between,
    'async_compile.wait(globals())',
    'del async_compile',
    'class Runner:',
    '    def call(self, args):',
    '        arg0_1, = args',
    '        with torch.cuda._DeviceGuard(0):',
    '            buf0 = empty_strided_cuda((64, 64), (64, 1), torch.float32)',
    ...calls.map((call) => `            ${call}`),
    '        return (buf0, )',
  ].join('\n');
}

/** `out[i] = in[i] * factor` in blocks of 64; below `size`, an argument's name, or everywhere. */
export function scaling(name: string, factor: number, size?: string): string {
  const bound = size === undefined ? '' : `, %${size}: i32`;
  const mask =
    size === undefined
      ? []
      : [
          `%bound = tt.splat %${size} : i32 -> tensor<64xi32>`,
          '%m = arith.cmpi slt, %i, %bound : tensor<64xi32>',
        ];
  const guard = size === undefined ? '' : ', %m';
  return `module {
  tt.func public @${name}(%in_ptr0: !tt.ptr<f32>, %out_ptr0: !tt.ptr<f32>${bound}) attributes {noinline = false} {
    %two = arith.constant dense<${factor.toExponential(6)}> : tensor<64xf32>
    %cB = arith.constant 64 : i32
    %pid = tt.get_program_id x : i32
    %base = arith.muli %pid, %cB : i32
    %r = tt.make_range {end = 64 : i32, start = 0 : i32} : tensor<64xi32>
    %b = tt.splat %base : i32 -> tensor<64xi32>
    %i = arith.addi %b, %r : tensor<64xi32>
    ${mask.join('\n    ')}
    %p = tt.splat %in_ptr0 : !tt.ptr<f32> -> tensor<64x!tt.ptr<f32>>
    %pi = tt.addptr %p, %i : tensor<64x!tt.ptr<f32>>, tensor<64xi32>
    %x = tt.load %pi${guard} : tensor<64x!tt.ptr<f32>>
    %y = arith.mulf %x, %two : tensor<64xf32>
    %q = tt.splat %out_ptr0 : !tt.ptr<f32> -> tensor<64x!tt.ptr<f32>>
    %qi = tt.addptr %q, %i : tensor<64x!tt.ptr<f32>>, tensor<64xi32>
    tt.store %qi, %y${guard} : tensor<64x!tt.ptr<f32>>
    tt.return
  }
}
`;
}
