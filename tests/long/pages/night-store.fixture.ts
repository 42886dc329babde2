import { createHash } from 'node:crypto';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Ended, ended, start } from '../../cli/command-line.fixture.ts';
import { scaling, wrapperOf, writeCache } from '../../ttir/inductor-cache.fixture.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** How many studies the store has. */
export const STUDIES = 300;

/** Targets whose findings differ in kind: calibrated, from stated ranges, and small. */
const TARGETS = ['hexagon-mlir', 'hexagon-v75', 'edge-2mib'];

/** 91 computations, each on three targets. */
const LIBRARY: Readonly<Record<string, readonly string[]>> = {
  gelu: sizes(12, 21),
  relu: sizes(12, 21),
  exp: sizes(12, 19),
  silu: sizes(12, 19),
  tanh: sizes(12, 19),
  sigmoid: sizes(12, 19),
  'vector-add': sizes(12, 19),
  axpy: sizes(12, 19),
  softmax: ['64x256', '128x512', '256x1024', '1024x1024', '64x4096', '512x64'],
  'rms-norm': ['64x256', '128x512', '256x1024', '1024x1024', '64x4096', '512x64'],
  'row-sum': ['64x256', '128x512', '256x1024', '1024x1024'],
  transpose: ['128x128', '512x512'],
  matmul: ['64x64x64', '256x256x256', '512x512x512'],
  attention: ['1x4x64x64', '1x8x128x64'],
};

/** Names as Inductor gives them: longer than any column. */
const MODEL: Readonly<Record<string, readonly [elements: number, calls: number]>> = {
  triton_poi_fused_addmm_clone_permute_select_view_1: [65536, 12],
  triton_poi_fused_addmm_clone_permute_select_transpose_view_2: [131072, 12],
  triton_per_fused__softmax__to_copy_add_amax_div_mul_sub_view_3: [16384, 12],
  triton_poi_fused_addmm_gelu_view_7: [262144, 12],
  triton_per_fused_add_addmm_native_layer_norm_native_layer_norm_backward_view_9: [32768, 25],
  triton_poi_fused_relu_12: [8192, 1],
};

/** Results of Kernel Tuner on another device. */
const FOREIGN = {
  device_name: 'NVIDIA A100-SXM4-80GB',
  kernel_name: 'convolution_kernel_with_padding_and_stride',
  tune_params_keys: ['block_size_x', 'tile'],
  tune_params: { block_size_x: [16, 32], tile: [8, 16] },
  cache: {
    '16,8': { block_size_x: 16, tile: 8, time: 2.5 },
    '32,8': { block_size_x: 32, tile: 8, time: 1.75 },
    '32,16': { block_size_x: 32, tile: 16, time: 1.25 },
  },
};

function sizes(from: number, to: number): readonly string[] {
  return Array.from({ length: to - from + 1 }, (_, place) => String(2 ** (from + place)));
}

const usual = { seed: 3, strategy: 'random', budget: { trials: 24 }, targets: TARGETS };
const PLANS = {
  library: { ...usual, studies: Object.entries(LIBRARY).map(([kernel, shapes]) => ({ kernel, shapes })) },
  model: {
    ...usual,
    studies: Object.entries(MODEL).map(([kernel, [elements, calls]]) => ({
      ...{ kernel, shapes: [String(elements)], calls },
    })),
  },
  objectives: {
    ...usual,
    targets: ['edge-2mib'],
    studies: [
      { kernel: 'softmax', shapes: ['64x256', '96x512'], objective: 'time,scratchpadBytes' },
      { kernel: 'silu-mul', shapes: ['65536'], limits: ['scratchpadBytes <= 262144'] },
      { kernel: 'gelu', shapes: ['65536'], fix: { threads: 1 }, forbid: ['tile > 16384'] },
      { kernel: 'layer-norm', shapes: ['64x256', '128x512'] },
    ],
  },
};

/** A device's program that fails with some configurations. */
const DEVICE = ['sh', '-c', 'test {tile} -lt 64 && echo $((1000 / {tile} + {tile})).{threads}'];
const SPACE = {
  parameters: [
    { name: 'tile', values: [8, 16, 32, 64] },
    { name: 'threads', values: [1, 2] },
  ],
};

/** The name of the kept store: another one as soon as what is asked of it, or the form of what it holds, has changed. */
function keyOf(): string {
  const form = ['store/migrations', 'docs/schema'].flatMap((name) =>
    readdirSync(join(root, name)).map((file) => join(root, name, file)),
  );
  const hash = createHash('sha256');
  for (const file of [...form.sort(), fileURLToPath(import.meta.url)]) hash.update(readFileSync(file));
  return hash.digest('hex').slice(0, 16);
}

/**
 * A copy of a store with 300 studies, a model that was imported, Pareto optima, a limit, a device whose program fails, and
 * another tuner's results: what real commands and a real daemon found. It takes two minutes, and is kept in `.build`.
 */
export async function nightStore(folder: string): Promise<string> {
  const kept = join(root, '.build/pages', `${keyOf()}.db`);
  const copy = join(folder, 'night.db');
  try {
    copyFileSync(kept, copy);
  } catch {
    const made = join(mkdtempSync(join(tmpdir(), 'nightshift-pages-')), 'night.db');
    await fill(made);
    mkdirSync(dirname(kept), { recursive: true });
    copyFileSync(made, `${kept}.new`);
    renameSync(`${kept}.new`, kept);
    copyFileSync(kept, copy);
  }
  return copy;
}

async function fill(store: string): Promise<void> {
  const cwd = dirname(store);
  const run = (...words: readonly string[]): Promise<Ended> =>
    succeeded(ended(start(words, { cwd, env: { NIGHTSHIFT_STORE: store } })), words[0]);
  await run('import', '--cache', cacheIn(cwd));
  await run('import', written(cwd, 'cache.json', FOREIGN));
  const space = written(cwd, 'space.json', SPACE);
  await run('tune', '--space', space, '--target', 'command', '--trials', '8', '--quiet', '--', ...DEVICE);
  await run('tune', 'gelu', '--shape', '65536', '--target', 'wasm', '--trials', '12', '--quiet');
  const daemon = start(['daemon', '--store', store, '--listen', '127.0.0.1:0', '--quiet'], { cwd });
  const end = ended(daemon);
  try {
    await untilListening(store, cwd);
    for (const [name, plan] of Object.entries(PLANS)) {
      await run('submit', written(cwd, `${name}.json`, plan));
      await run('watch', '--quiet');
    }
  } finally {
    daemon.kill('SIGTERM');
    await end;
  }
}

async function untilListening(store: string, cwd: string): Promise<void> {
  for (;;) {
    const { code } = await ended(start(['status', '--store', store], { cwd }));
    if (code === 0) return;
  }
}

async function succeeded(command: Promise<Ended>, name = ''): Promise<Ended> {
  const all = await command;
  if (all.code !== 0) throw new Error(`${name} ended with ${all.code}: ${all.stderr}`);
  return all;
}

function written(folder: string, name: string, content: object): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(content));
  return path;
}

function cacheIn(folder: string): string {
  const signature = { in_ptr0: '*fp32', out_ptr0: '*fp32', n: 'i32' };
  const kernels = Object.entries(MODEL).map(([name, [elements, calls]], place) => ({
    ...{ name, elements, calls, text: scaling(name, place + 2, 'n') },
  }));
  const wrapper = wrapperOf(
    kernels.map(({ name }) => ({ variable: name, signature })),
    kernels.flatMap(({ name, elements, calls }) =>
      Array.from({ length: calls }, () => `${name}.run(buf0, buf1, ${elements}, stream=stream0)`),
    ),
  );
  const files = Object.fromEntries(kernels.map(({ name, text }) => [`KEY/${name}.ttir`, text]));
  return writeCache(join(folder, 'cache'), wrapper, files);
}
