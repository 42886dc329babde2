import type { Configuration } from '../search-space/parameter.ts';
import { permutation, randomFor } from '../search-space/random.ts';
import { libraryKernel } from '../src/kernels/library.ts';
import { type WasmBackend, wasmBackend } from '../src/targets/wasm/backend.ts';
import { type WasmHost, wasmHost } from '../src/targets/wasm/host.ts';
import type { TimingSession, Variant } from '../tuner/backend.ts';
import { quantile } from '../tuner/measurement/statistics.ts';

/**
 * The gain of two buffers over one under a modelled DMA, against the ideal (Tc + Td) / max(Tc, Td), as a
 * Markdown table. Td is the modelled time of all transfers. Tc is the rest of the time with one buffer; the
 * time of computing in place would not do, because staged tiles are in the cache of the core that copied
 * them. Lower quartiles of clean samples; a dash means that no sample was clean, or that the tiles do not
 * fit the scratchpad. `node dist/scripts/bench-wasm-modelled-dma.js`.
 */
const BANDWIDTHS = [2, 4, 8];
const LATENCY_US = 1;
const TILES = [4096, 16384, 65536];
const KERNELS = [
  { name: 'gelu', shape: [2 ** 18], elementsPerWork: 1, operands: 2, fma: true },
  { name: 'softmax', shape: [256, 1024], elementsPerWork: 1024, operands: 2, fma: true },
  { name: 'vector-add', shape: [2 ** 18], elementsPerWork: 1, operands: 3, fma: false },
] as const;
const ELEMENTS = 2 ** 18;
/** Rounds continue until every variant has this many clean samples, or until this time is over. */
const ENOUGH = 12;
const MOST_MS = 30_000;

type Case = (typeof KERNELS)[number];
type Entry = Readonly<{ key: string; variant: Variant; times: number[] }>;

async function main(): Promise<void> {
  const host = await wasmHost();
  console.log(`${host.cpu}, ${host.cores} cores, Node ${host.node}, V8 ${host.v8}\n`);
  console.log(
    `| ${LATENCY_US} µs and | ${KERNELS.map(({ name }) => `${name} 4K / 16K / 64K`).join(' | ')} |`,
  );
  console.log(`|---|${KERNELS.map(() => '---|').join('')}`);
  for (const gigabytesPerSecond of BANDWIDTHS) {
    const cells: string[] = [];
    for (const kernel of KERNELS) cells.push(await cell(kernel, gigabytesPerSecond, host));
    console.log(`| ${gigabytesPerSecond} GB/s | ${cells.join(' | ')} |`);
  }
}

async function cell(about: Case, gigabytesPerSecond: number, host: WasmHost): Promise<string> {
  const kernel = libraryKernel(about.name, about.shape);
  const modelledDma = { gigabytesPerSecond, latencyUs: LATENCY_US };
  const { flags, cores, relaxedSimd } = host;
  const backend = await wasmBackend({ kernel, flags, cores, relaxedSimd, modelledDma });
  const computing = { lanes: 16, fma: about.fma && relaxedSimd };
  const asked = TILES.flatMap((tile) =>
    [1, 2].map((buffers) => {
      const staging = { staging: 'dma', copyEngine: 'simd', staged: 'inout', buffers };
      return [
        `${tile} ${buffers}`,
        { ...computing, ...staging, tile: tile / about.elementsPerWork },
      ] as const;
    }),
  );
  const entries = await prepareAll(backend, asked);
  await sampleRounds(backend, entries);
  await backend.close();
  const timeOf = (key: string): number =>
    quantile(entries.find((entry) => entry.key === key)?.times ?? [], 0.25);
  return TILES.map((tile) => {
    const transfersUs =
      (ELEMENTS * 4 * about.operands) / (gigabytesPerSecond * 1000) + (2 * LATENCY_US * ELEMENTS) / tile;
    const [oneUs, twoUs] = [timeOf(`${tile} 1`), timeOf(`${tile} 2`)];
    const ideal = oneUs / Math.max(oneUs - transfersUs, transfersUs);
    return `${factor(oneUs / twoUs)} (${factor(ideal)})`;
  }).join(' / ');
}

function factor(value: number): string {
  return Number.isFinite(value) ? value.toFixed(2) : '–';
}

/** Variants that do not fit the scratchpad are left out. */
async function prepareAll(
  backend: WasmBackend,
  asked: readonly (readonly [key: string, configuration: Configuration])[],
): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  for (const [key, configuration] of asked) {
    const prepared = await backend.prepare({ configuration, subset: 'bench', origin: 'bench' });
    if (prepared.state === 'invalid') continue;
    const verdict = await backend.verify(prepared.variant);
    if (verdict.state === 'invalid') throw new Error(verdict.message);
    entries.push({ key, variant: prepared.variant, times: [] });
  }
  return entries;
}

async function sampleRounds(backend: WasmBackend, entries: readonly Entry[]): Promise<void> {
  const variants = entries.map(({ variant }) => variant);
  const session: TimingSession = await backend.session(variants, new AbortController().signal);
  const end = performance.now() + MOST_MS;
  for (let round = 0; performance.now() < end; round++) {
    if (entries.every(({ times }) => times.length >= ENOUGH)) break;
    for (const place of permutation(randomFor('modelled dma', round), entries.length)) {
      const { variant, times } = entries[place];
      const sample = await session.sample(variant, round);
      if (sample.state === 'timed') times.push(sample.timeUs);
    }
  }
  await session.close();
}

await main();
