import { performance } from 'node:perf_hooks';
import { permutation, randomFor } from '../search-space/random.ts';
import { findLibraryKernel } from '../src/kernels/library.ts';
import { type WasmBackend, wasmBackend } from '../src/targets/wasm/backend.ts';
import { type WasmHost, wasmHost } from '../src/targets/wasm/host.ts';
import { buildWasmSpace } from '../src/targets/wasm/space.ts';
import type { Variant } from '../tuner/backend.ts';
import { CASES, type Case, shapeName } from './bench-wasm/cases.ts';
import { multiplyAddLimit } from './bench-wasm/multiply-add.ts';
import { gccRivals, type Rival, tfjsRival, triadLimit } from './bench-wasm/rival.ts';
import { tuneOnOneThread } from './bench-wasm/tuned.ts';

/**
 * Tuned WebAssembly against TensorFlow.js, gcc and the machine's limits, each as a ratio of lower
 * quartiles over interleaved rounds. `node dist/scripts/bench-wasm.js [kernel] [--json]`.
 */
const ROUNDS = 9;
/** Repetitions in fresh processes, of which the median counts: the placement of data changes times by some percent. */
const DRAWS = 3;
const signal = new AbortController().signal;

type Row = Readonly<{
  kernel: string;
  shape: string;
  timeUs: number;
  configuration: Readonly<Record<string, unknown>>;
  /** The speed relative to each rival. */
  ratios: Readonly<Record<string, number>>;
  /** The share of the machine's limit, if the case has one. */
  ofLimit?: number;
}>;

async function main(): Promise<void> {
  const [only] = process.argv.slice(2).filter((word) => !word.startsWith('--'));
  const cases = CASES.filter(({ kernel }) => only === undefined || kernel === only);
  if (cases.length === 0) throw new Error(`there is no case '${only}'`);
  const host = await wasmHost();
  const gcc = gccRivals();
  const rivals = [...(typeof gcc === 'string' ? [] : gcc), tfjsRival()];
  const notes = typeof gcc === 'string' ? [gcc] : [];
  const rows: Row[] = [];
  for (const one of cases) {
    const limit = limitOf(one, host, typeof gcc !== 'string');
    rows.push(await contest(one, host, rivals, limit));
    limit?.close();
    if (!process.argv.includes('--json')) console.log(lineOf(rows[rows.length - 1]));
  }
  for (const rival of rivals) rival.close();
  const making = only === undefined || only === 'gelu' ? await makingCost(host) : undefined;
  const forkJoinUs = only === undefined ? await forkJoin(host) : undefined;
  if (process.argv.includes('--json'))
    console.log(JSON.stringify({ host, rows, making, forkJoinUs, notes }, null, 2));
  else {
    for (const note of notes) console.log(note);
    if (making !== undefined)
      console.log(`gelu 65536: ${making.toFixed(0)} ms to make, check and screen (median)`);
    if (forkJoinUs !== undefined) console.log(`fork-join of two threads: ${forkJoinUs} µs (lower quartile)`);
  }
}

/** The machine's limit, measured in the same rounds because its clock rate varies. */
function limitOf(one: Case, host: WasmHost, hasGcc: boolean): Rival | undefined {
  if (one.limit === 'multiply-add') return host.relaxedSimd ? multiplyAddLimit(host) : undefined;
  return one.limit === 'triad' && hasGcc ? triadLimit() : undefined;
}

async function contest(
  one: Case,
  host: WasmHost,
  rivals: readonly Rival[],
  limit: Rival | undefined,
): Promise<Row> {
  const { backend, variant } = await tuneOnOneThread(one, host);
  const all = limit === undefined ? rivals : [...rivals, limit];
  const draws: Draw[] = [];
  for (let draw = 0; draw < DRAWS; draw++) draws.push(await drawn(one, draw, backend, variant, all));
  await backend.close();
  const [timeUs, ...others] = [0, ...all.map((_, n) => n + 1)].map((n) =>
    median(draws.map((draw) => draw[n])),
  );
  return {
    kernel: one.kernel,
    shape: shapeName(one),
    timeUs,
    configuration: variant.configuration,
    ratios: Object.fromEntries(rivals.map(({ name }, n) => [name, others[n] / timeUs])),
    ...(limit !== undefined && { ofLimit: others[rivals.length] / timeUs }),
  };
}

/** The lower quartiles of the variant and its rivals, each in a fresh process. Microseconds. */
type Draw = readonly number[];

async function drawn(
  one: Case,
  draw: number,
  backend: WasmBackend,
  variant: Variant,
  rivals: readonly Rival[],
): Promise<Draw> {
  const session = await backend.session([variant], signal, { fresh: true });
  const opponents = await Promise.all(rivals.map((rival) => rival.start()));
  const times: number[][] = [[], ...rivals.map(() => [])];
  for (let round = 0; round < ROUNDS; round++) {
    for (const place of permutation(randomFor('bench', one.kernel, draw, round), rivals.length + 1)) {
      if (place > 0) times[place].push(await opponents[place - 1].sample(one));
      else {
        const sample = await session.sample(variant);
        if (sample.state === 'timed') times[0].push(sample.timeUs);
      }
    }
  }
  await session.close();
  for (const opponent of opponents) opponent.end();
  return times.map(quartile);
}

/** The time to make, check and screen one variant of gelu in nine rounds, in milliseconds. */
async function makingCost(host: WasmHost): Promise<number> {
  const kernel = findLibraryKernel('gelu').build([65536], 'f32');
  const backend = await wasmBackend({ kernel, ...host });
  const space = buildWasmSpace(kernel, host).restrict({ values: { threads: [1], staging: ['direct'] } });
  if (space === null) throw new Error('gelu has no variant on one thread');
  const spans: number[] = [];
  for (let index = 0; index < space.size; index++) {
    const start = performance.now();
    const prepared = await backend.prepare({
      configuration: space.at(index),
      subset: 'vec',
      origin: 'bench',
    });
    if (prepared.state === 'invalid') throw new Error(prepared.message);
    await backend.verify(prepared.variant);
    const session = await backend.session([prepared.variant], signal);
    for (let round = 0; round < 9; round++) await session.sample(prepared.variant);
    spans.push(performance.now() - start);
  }
  await backend.close();
  return median(spans);
}

/** The cost of a second thread without work, in microseconds; undisturbed samples only. */
async function forkJoin(host: WasmHost): Promise<string> {
  if (host.cores < 2) return 'one core only: not measured';
  const backend = await wasmBackend({ kernel: findLibraryKernel('vector-add').build([256], 'f32'), ...host });
  const times: number[] = [];
  const prepared = await backend.prepare({
    configuration: { lanes: 4, threads: 2 },
    subset: 'mt',
    origin: 'bench',
  });
  if (prepared.state === 'invalid') throw new Error(prepared.message);
  const session = await backend.session([prepared.variant], signal);
  for (let round = 0; round < 40; round++) {
    const sample = await session.sample(prepared.variant);
    if (sample.state === 'timed') times.push(sample.timeUs);
  }
  await backend.close();
  if (times.length === 0) return 'no undisturbed sample: not measured';
  return quartile(times).toFixed(2);
}

/** The lower quartile. */
function quartile(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 4)];
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

function lineOf({ kernel, shape, timeUs, ratios, ofLimit }: Row): string {
  const rivals = Object.entries(ratios).map(([name, ratio]) => `${name} ${ratio.toFixed(2)}×`);
  const limit = ofLimit === undefined ? [] : [`${(ofLimit * 100).toFixed(0)} % of the limit`];
  return `${kernel} ${shape}: ${timeUs.toFixed(1)} µs; ${[...rivals, ...limit].join(', ')}`;
}

await main();
