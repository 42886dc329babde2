import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Configuration } from '../search-space/parameter.ts';
import { findLibraryKernel } from '../src/kernels/library.ts';
import { nativeHost } from '../src/targets/native/host.ts';
import { nativeTarget } from '../src/targets/native/target.ts';
import { wasmHost } from '../src/targets/wasm/host.ts';
import { wasmTarget } from '../src/targets/wasm/target.ts';
import type { Comparison } from '../store/comparison.ts';
import { variantTime } from '../tuner/attribution/gain.ts';
import type { Backend } from '../tuner/backend.ts';
import { compareContenders } from '../tuner/measurement/compare.ts';
import type { Contender } from '../tuner/measurement/entrant.ts';
import { median } from '../tuner/measurement/statistics.ts';

/**
 * Tunes the same kernels several times in fresh processes with fresh stores, then times all chosen
 * configurations together. Prints how far each is from the best of all, and how much the gains of the
 * mechanisms differ. `node dist/scripts/bench-stability.js [seconds per visit, 20] [visits, 5] [wasm|native]`.
 */
const KERNELS = [
  { name: 'gelu', shape: [65536] },
  { name: 'softmax', shape: [64, 1024] },
  { name: 'matmul', shape: [256, 256, 256] },
] as const;

const value = z.union([z.number(), z.string(), z.boolean()]);
const gain = z.looseObject({ value: z.number().exactOptional() });
const Tuned = z.looseObject({
  best: z.looseObject({ configuration: z.record(z.string(), value) }),
  gains: z.record(z.string(), z.looseObject({ alone: gain, leftOut: gain, forced: gain })),
});
type Tuned = z.infer<typeof Tuned>;

const GAINS = [
  { kind: 'alone', words: 'alone' },
  { kind: 'leftOut', words: 'left out' },
  { kind: 'forced', words: 'forced' },
] as const;
/** Comparisons of five processes each. */
const COMPARISONS = 3;
/** The largest distance of a choice from the best of all that counts as near. */
const AIM = 0.03;

async function main(): Promise<void> {
  const [seconds = 20, visits = 5] = process.argv.slice(2, 4).map(Number);
  const isNative = process.argv[4] === 'native';
  const target = isNative ? nativeTarget(await nativeHost()) : wasmTarget(await wasmHost());
  for (const { name, shape } of KERNELS) {
    const tuned = Array.from({ length: visits }, (_, seed) =>
      tune(target.name, name, shape, seconds, seed + 1),
    );
    const kernel = findLibraryKernel(name).build(shape, 'f32');
    const backend = await target.backend(kernel, target.space(kernel));
    const chosen = tuned.map(({ best }) => best.configuration);
    const contenders = different(chosen).map((configuration) => ({ label: name, configuration }));
    const apart = contenders.length < 2 ? [1] : distances(await compareAgain(backend, contenders));
    await backend.close();
    const places = chosen.map((one) =>
      contenders.findIndex(({ configuration }) => isDeepStrictEqual(configuration, one)),
    );
    report(
      name,
      shape.join('x'),
      places.map((place) => apart[place]),
      tuned,
    );
  }
}

/** Runs a visit in a new process with an empty store. */
function tune(target: string, name: string, shape: readonly number[], seconds: number, seed: number): Tuned {
  const folder = mkdtempSync(join(tmpdir(), 'nightshift-stability-'));
  const main = fileURLToPath(new URL('../src/cli/main.js', import.meta.url));
  const words = ['tune', name, '--shape', shape.join('x'), '--target', target, '--for', `${seconds}s`];
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

/** The distinct configurations, so that equal choices are timed once. */
function different(configurations: readonly Configuration[]): readonly Configuration[] {
  return configurations.filter(
    (one, n) => configurations.findIndex((other) => isDeepStrictEqual(one, other)) === n,
  );
}

/** Merges several comparisons: the differences sought are smaller than those between processes. */
async function compareAgain(backend: Backend, contenders: readonly Contender[]): Promise<Comparison> {
  const parts: Comparison[] = [];
  while (parts.length < COMPARISONS) {
    const { comparison, notes } = await compareContenders(
      backend,
      contenders,
      Date.now(),
      new AbortController().signal,
    );
    if (comparison?.variants.length !== contenders.length)
      throw new Error(`a chosen configuration cannot be timed again: ${notes.join(' ')}`);
    parts.push(comparison);
  }
  return { ...parts[0], roundsUs: parts.flatMap(({ roundsUs }) => roundsUs) };
}

/** How much slower each contender is than the fastest, by its ratio to the first within a round. */
function distances(comparison: Comparison): readonly number[] {
  const time = variantTime(comparison);
  const times = comparison.variants.map((_, place) => time(place) ?? Number.NaN);
  const least = Math.min(...times.filter((one) => !Number.isNaN(one)));
  return times.map((one) => one / least - 1);
}

function report(name: string, shape: string, apart: readonly number[], tuned: readonly Tuned[]): void {
  const measured = apart.filter((distance) => !Number.isNaN(distance));
  const near = measured.filter((distance) => distance <= AIM).length;
  console.log(
    `${name} ${shape}: ${near} of ${apart.length} choices within ${AIM * 100} % of the best of all`,
  );
  tuned.forEach(({ best }, visit) => {
    const distance = Number.isNaN(apart[visit]) ? 'not measured' : `+${(apart[visit] * 100).toFixed(1)} %`;
    const settings = Object.entries(best.configuration).map(
      ([parameter, chosen]) => `${parameter}=${chosen}`,
    );
    console.log(`  visit ${visit + 1}: ${distance}  ${settings.join(' ')}`);
  });
  for (const mechanism of Object.keys(tuned[0].gains)) {
    const spreads = GAINS.map(({ kind, words }) => {
      const values = tuned.flatMap(({ gains }) => gains[mechanism]?.[kind]?.value ?? []);
      return `${words} ${spread(values, tuned.length)}`;
    });
    console.log(`  ${mechanism}: ${spreads.join(', ')}`);
  }
}

/** The median and range over the visits, and the number of visits with a value if it is not all. */
function spread(values: readonly number[], visits: number): string {
  if (values.length === 0) return 'not measured';
  const [low, middle, high] = [Math.min(...values), median(values), Math.max(...values)].map((value) =>
    value.toFixed(2),
  );
  const some = values.length < visits ? `, ${values.length} of ${visits} visits` : '';
  return `${middle}× (${low}× to ${high}×${some})`;
}

await main();
