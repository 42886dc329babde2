import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { findLibraryKernel } from '../src/kernels/library.ts';
import { wasmHost } from '../src/targets/wasm/host.ts';
import { wasmTarget } from '../src/targets/wasm/target.ts';
import { compare } from '../tuner/measurement/compare.ts';

/**
 * Tunes the same kernels several times in fresh processes with fresh stores, then times all chosen
 * configurations together: how far is each from the best of all, and how much do the gains of the
 * mechanisms differ? `node dist/scripts/bench-stability.js [seconds a visit] [visits]`.
 */
const KERNELS = [
  { name: 'gelu', shape: [65536] },
  { name: 'softmax', shape: [64, 1024] },
  { name: 'matmul', shape: [256, 256, 256] },
] as const;

const value = z.union([z.number(), z.string(), z.boolean()]);
const gain = z.looseObject({ value: z.number() }).nullable();
const Tuned = z.looseObject({
  best: z.looseObject({ configuration: z.record(z.string(), value) }),
  gains: z.record(z.string(), z.looseObject({ alone: gain })),
});
type Tuned = z.infer<typeof Tuned>;

async function main(): Promise<void> {
  const [seconds = 20, visits = 5] = process.argv.slice(2).map(Number);
  const target = wasmTarget(await wasmHost());
  for (const { name, shape } of KERNELS) {
    const tuned = Array.from({ length: visits }, (_, seed) => tune(name, shape, seconds, seed + 1));
    const kernel = findLibraryKernel(name).build(shape, 'f32');
    const backend = await target.backend(kernel, target.space(kernel));
    const contenders = tuned.map(({ best }, n) => ({
      label: `visit ${n + 1}`,
      configuration: best.configuration,
    }));
    const comparison = await compare(backend, contenders, Date.now(), new AbortController().signal);
    await backend.close();
    if (comparison === null) throw new Error(`none of ${name}'s configurations can be timed again`);
    report(name, shape.join('x'), distances(comparison.roundsUs), tuned);
  }
}

/** One visit in a process of its own, with an empty store. */
function tune(name: string, shape: readonly number[], seconds: number, seed: number): Tuned {
  const folder = mkdtempSync(join(tmpdir(), 'nightshift-stability-'));
  const main = fileURLToPath(new URL('../src/cli/main.js', import.meta.url));
  const words = ['tune', name, '--shape', shape.join('x'), '--target', 'wasm', '--for', `${seconds}s`];
  const more = ['--seed', String(seed), '--format', 'json', '--quiet', '--store', join(folder, 'store.db')];
  try {
    const text = execFileSync(process.execPath, [main, ...words, ...more], {
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    });
    return Tuned.parse(JSON.parse(text));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Each contender's median time over the least of them. */
function distances(roundsUs: readonly (readonly (number | null)[])[]): readonly number[] {
  const medians = roundsUs[0].map((_, place) => {
    const own = roundsUs.map((row) => row[place]).filter((time) => time !== null);
    return own.toSorted((a, b) => a - b)[Math.floor(own.length / 2)] ?? Number.NaN;
  });
  const least = Math.min(...medians.filter((time) => !Number.isNaN(time)));
  return medians.map((time) => time / least - 1);
}

function report(name: string, shape: string, apart: readonly number[], tuned: readonly Tuned[]): void {
  const percent = apart.map((distance) =>
    Number.isNaN(distance) ? 'not measured' : `${(distance * 100).toFixed(1)} %`,
  );
  console.log(`${name} ${shape}: slower than the best of all by ${percent.join(', ')}`);
  for (const mechanism of Object.keys(tuned[0].gains)) {
    const gains = tuned.map(({ gains }) => gains[mechanism]?.alone?.value).filter((one) => one !== undefined);
    if (gains.length === 0) continue;
    const [low, high] = [Math.min(...gains), Math.max(...gains)];
    console.log(
      `  ${mechanism} alone: ${low.toFixed(2)}× to ${high.toFixed(2)}× over ${gains.length} visits`,
    );
  }
}

await main();
