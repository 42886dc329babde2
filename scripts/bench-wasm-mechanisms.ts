import type { Configuration } from '../search-space/parameter.ts';
import { findLibraryKernel } from '../src/kernels/library.ts';
import { wasmBackend } from '../src/targets/wasm/backend.ts';
import { type WasmHost, wasmHost } from '../src/targets/wasm/host.ts';
import { contest, type Kind, scoreRow, timeOf } from './bench-mechanisms/contest.ts';

/**
 * The gain of each mechanism on this machine, as a Markdown table. Every row is the best of its kind; all
 * rows of a kernel are timed in interleaved rounds, with data larger than the caches (only then could
 * staging pay). `node dist/scripts/bench-wasm-mechanisms.js`.
 */
const KERNELS = [
  { name: 'vector-add', shape: [2 ** 18], tiles: [4096, 16384] },
  { name: 'gelu', shape: [2 ** 18], tiles: [4096, 16384] },
  { name: 'softmax', shape: [256, 1024], tiles: [4, 16] },
] as const;
const ROUNDS = 15;

const widths = [8, 16, 24, 32];
const kindsInPlace: readonly Kind[] = [
  { label: 'scalar, one element a turn', configurations: [{ lanes: 1, scalarUnroll: 1 }] },
  {
    label: 'scalar, best unrolling',
    configurations: [1, 4, 8].map((scalarUnroll) => ({ lanes: 1, scalarUnroll })),
  },
  { label: 'one vector of 4 lanes', configurations: [{ lanes: 4 }] },
  { label: 'best width', configurations: [4, ...widths].map((lanes) => ({ lanes })) },
];

function kindsOnTop(best: Configuration, tiles: readonly number[], host: WasmHost): readonly Kind[] {
  const staged = (staging: 'copy' | 'dma', buffers: number, where: 'inout' | 'in') =>
    tiles.flatMap((tile) =>
      ['memory', 'simd'].map((copyEngine) => ({
        ...best,
        staging,
        tile,
        copyEngine,
        staged: where,
        buffers,
      })),
    );
  const alone = [{ label: 'staged by the computing thread', configurations: staged('copy', 1, 'inout') }];
  if (host.cores < 2) return alone;
  return [
    ...alone,
    { label: 'staged by a DMA thread, one buffer', configurations: staged('dma', 1, 'inout') },
    { label: 'staged by a DMA thread, two buffers', configurations: staged('dma', 2, 'inout') },
    { label: 'two buffers, inputs only', configurations: staged('dma', 2, 'in') },
    { label: 'not staged, two computing threads', configurations: [{ ...best, threads: 2 }] },
  ];
}

async function main(): Promise<void> {
  const host = await wasmHost();
  console.log(`${host.cpu}, ${host.cores} cores, Node ${host.node}, V8 ${host.v8}\n`);
  for (const { name, shape, tiles } of KERNELS) {
    const kernel = findLibraryKernel(name).build(shape, 'f32');
    const backend = await wasmBackend({ kernel, ...host, temperature: 'cold' });
    const fused = host.relaxedSimd && name !== 'vector-add';
    const first = await contest(
      backend,
      [
        ...kindsInPlace,
        ...(fused
          ? [{ label: 'best width, fused', configurations: widths.map((lanes) => ({ lanes, fma: true })) }]
          : []),
      ],
      ROUNDS,
    );
    const { configuration } = first.toSorted((a, b) => timeOf(a) - timeOf(b))[0];
    const second = await contest(
      backend,
      [
        { label: 'the best of these again', configurations: [configuration] },
        ...kindsOnTop(configuration, tiles, host),
      ],
      ROUNDS,
    );
    await backend.close();
    print(`${name} ${shape.join('x')}`, first, second);
  }
}

type Scores = Awaited<ReturnType<typeof contest>>;

function print(title: string, ...contests: readonly Scores[]): void {
  console.log(`| ${title} | µs | against the row above | configuration |\n|---|---|---|---|`);
  for (const scores of contests)
    for (const [place, score] of scores.entries()) console.log(scoreRow(score, scores[place - 1], ROUNDS));
  console.log('');
}

await main();
