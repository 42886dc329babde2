import { performance } from 'node:perf_hooks';
import { findLibraryKernel } from '../src/kernels/library.ts';
import { wasmBackend } from '../src/targets/wasm/backend.ts';
import { type WasmHost, wasmHost } from '../src/targets/wasm/host.ts';
import { buildWasmSpace } from '../src/targets/wasm/space.ts';
import { median } from '../tuner/measurement/statistics.ts';
import { CASES, type LimitedCase } from './bench-wasm/cases.ts';
import { multiplyAddLimit } from './bench-wasm/multiply-add.ts';
import { tfjsRival } from './bench-wasm/tfjs-rival.ts';
import { tuneOnOneThread } from './bench-wasm/tuned.ts';
import { shapeName } from './rivals/case.ts';
import { plainRivals, triadLimits } from './rivals/compilers.ts';
import { contest, quartile } from './rivals/contest.ts';
import { compiledOnes, type Rival } from './rivals/rival.ts';

/**
 * Tuned WebAssembly against TensorFlow.js, gcc and the machine's limits, each as a ratio of lower
 * quartiles over interleaved rounds. `node dist/scripts/bench-wasm.js [kernel] [--json]`.
 */
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
  const { rivals, notes } = compiledOnes([
    ...plainRivals('gcc', '-msse4.2'),
    ...plainRivals('gcc', '-march=native'),
    tfjsRival(),
  ]);
  const rows: Row[] = [];
  for (const one of cases) {
    const limits = limitsOf(one, host);
    rows.push(await rowOf(one, host, rivals, limits));
    for (const limit of limits) limit.close();
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

/** The machine's limits, measured in the same rounds because its clock rate varies. */
function limitsOf(one: LimitedCase, host: WasmHost): readonly Rival[] {
  if (one.limit === 'multiply-add') return host.relaxedSimd ? [multiplyAddLimit(host)] : [];
  return one.limit === 'triad' ? compiledOnes([...triadLimits().slice(0, 1)]).rivals : [];
}

async function rowOf(
  one: LimitedCase,
  host: WasmHost,
  rivals: readonly Rival[],
  limits: readonly Rival[],
): Promise<Row> {
  const { backend, variant } = await tuneOnOneThread(one, host);
  const { timeUs, rivals: others } = await contest(one, backend, variant, [...rivals, ...limits]);
  await backend.close();
  const ratio = ({ name }: Rival): number => (others.get(name) ?? Number.NaN) / timeUs;
  return {
    kernel: one.kernel,
    shape: shapeName(one),
    timeUs,
    configuration: variant.configuration,
    ratios: Object.fromEntries(rivals.map((rival) => [rival.name, ratio(rival)])),
    ...(limits.length > 0 && { ofLimit: ratio(limits[0]) }),
  };
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

function lineOf({ kernel, shape, timeUs, ratios, ofLimit }: Row): string {
  const rivals = Object.entries(ratios).map(([name, ratio]) => `${name} ${ratio.toFixed(2)}×`);
  const limit = ofLimit === undefined ? [] : [`${(ofLimit * 100).toFixed(0)} % of the limit`];
  return `${kernel} ${shape}: ${timeUs.toFixed(1)} µs; ${[...rivals, ...limit].join(', ')}`;
}

await main();
