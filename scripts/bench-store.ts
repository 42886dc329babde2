// How fast the store settles trials and answers `best`, at a million trials.
//   node dist/scripts/bench-store.js [--trials 1000000] [--format table|json]
// Half of the trials are in 2,000 studies of 250, half in one study, because both many studies and a long
// one could be slow.

import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { InputError } from '../search-space/input-error.ts';
import { integerBelow, randomFor } from '../search-space/random.ts';
import type { CatalogStore } from '../store/catalog-store.ts';
import type { BestQuery, FindingStore } from '../store/finding-store.ts';
import { openStore } from '../store/open-store.ts';
import type { KernelRecord, NewStudy, TargetRecord } from '../store/records.ts';
import type { StudyStore } from '../store/study-store.ts';
import type { Result } from '../store/trial.ts';
import type { VisitStore } from '../store/visit-store.ts';

const BATCH = 100;
const SHAPES = 500;
const TARGETS = 4;
const QUERIES = 5_000;

type Flags = Readonly<{ trials: number; format: 'table' | 'json' }>;

function readFlags(): Flags {
  const { values } = parseArgs({
    options: {
      trials: { type: 'string', default: '1000000' },
      format: { type: 'string', default: 'table' },
    },
  });
  const trials = Number(values.trials);
  const least = 2 * SHAPES * TARGETS;
  if (!Number.isInteger(trials) || trials < least) {
    throw new InputError('--trials', `cannot be '${values.trials}'`, `a whole number from ${least}`);
  }
  if (values.format !== 'table' && values.format !== 'json') {
    throw new InputError('--format', `cannot be '${values.format}'`, 'table or json');
  }
  return { trials, format: values.format };
}

const target = (number: number): TargetRecord => ({
  fingerprint: `target-${number}`,
  name: `npu-${number}`,
  kind: 'simulator',
  description: {},
  features: {},
});
const kernel = (number: number): KernelRecord => ({
  hash: `kernel-${number}`,
  name: 'gelu',
  shape: String(1024 * (number + 1)),
  dtype: 'f32',
  ir: null,
  features: {},
  source: 'opaque',
});

const TILES = 1 << 20;
const study = (kernelHash: string, targetFingerprint: string): NewStudy => ({
  kernelHash,
  targetFingerprint,
  spaceHash: 'bench',
  space: {
    parameters: [
      { name: 'vectorBytes', kind: 'ordinal', tag: 'vec', values: [0, 128, 256], off: 0 },
      { name: 'threads', kind: 'ordinal', tag: 'mt', values: [1, 2, 4], off: 1 },
      { name: 'staging', kind: 'categorical', tag: 'schedule', values: ['direct', 'copy', 'dma'] },
      { name: 'buffers', kind: 'ordinal', tag: 'db', values: [1, 2, 3], off: 1 },
      { name: 'tile', kind: 'ordinal', tag: 'schedule', values: [1, TILES] },
    ],
    constraints: [],
  },
  objective: 'time',
  strategy: 'random',
  seed: 1,
  spec: null,
  defaultConfiguration: { vectorBytes: 128, threads: 4, staging: 'direct', buffers: 1, tile: 1 },
  priorVersion: null,
  toolVersion: 'bench',
});

/** The n-th result of a study; one in ten is invalid. */
function result(number: number, random: () => number): Result {
  const proposal = {
    configuration: { vectorBytes: 128, threads: 4, staging: 'dma', buffers: 2, tile: number },
    subset: 'vec+mt+db',
    origin: 'random',
    prediction: { meanLog: 7.25, sdLog: 0.125 },
  };
  if (random() < 0.1) return { ...proposal, state: 'invalid', reason: 'runtime', message: 'exit code 1' };
  const timeUs = 100 + 1e6 * random();
  const phases = { compute: timeUs / 2, memory: timeUs / 4, waiting: timeUs / 4 };
  return { ...proposal, state: 'timed', timeUs, samplesUs: [timeUs], phases };
}

async function fill(store: StudyStore & VisitStore, opened: NewStudy, trials: number): Promise<void> {
  const { id: studyId } = await store.openStudy(opened);
  const visit = await store.startVisit({
    studyId,
    budget: { trials },
    toolVersion: 'bench',
    environment: {},
  });
  const random = randomFor('bench-store', studyId);
  for (let done = 0; done < trials; done += BATCH) {
    const count = Math.min(BATCH, trials - done);
    const results = Array.from({ length: count }, (_, i) => result(done + i, random));
    await store.settle({ studyId, visitId: visit.id, activeMs: done, results });
  }
  await store.endVisit(visit.id, { stoppedBy: 'trials', activeMs: trials });
}

async function fillAll(store: CatalogStore & StudyStore & VisitStore, trials: number): Promise<void> {
  for (let k = 0; k <= SHAPES; k++) await store.saveKernel(kernel(k));
  for (let t = 0; t < TARGETS; t++) await store.saveTarget(target(t));
  const each = Math.floor(trials / 2 / (SHAPES * TARGETS));
  for (let k = 0; k < SHAPES; k++) {
    for (let t = 0; t < TARGETS; t++) await fill(store, study(kernel(k).hash, target(t).fingerprint), each);
  }
  await fill(store, study(kernel(SHAPES).hash, target(0).fingerprint), trials - each * SHAPES * TARGETS);
}

/** `undisturbedP99Us` leaves out queries during which the operating system ran another program; null if that is all. */
type Latency = Readonly<{
  question: string;
  medianUs: number;
  p99Us: number;
  undisturbedP99Us: number | null;
  disturbed: number;
}>;

function percentile(us: readonly number[], share: number): number {
  const sorted = us.toSorted((a, b) => a - b);
  return Number(sorted[Math.floor(sorted.length * share)].toFixed(1));
}

async function latency(question: string, ask: () => Promise<unknown>, times = QUERIES): Promise<Latency> {
  const us: number[] = [];
  const undisturbed: number[] = [];
  for (let i = 0; i < times; i++) {
    const switches = process.resourceUsage().involuntaryContextSwitches;
    const from = performance.now();
    await ask();
    const taken = (performance.now() - from) * 1000;
    us.push(taken);
    if (process.resourceUsage().involuntaryContextSwitches === switches) undisturbed.push(taken);
  }
  return {
    question,
    medianUs: percentile(us, 0.5),
    p99Us: percentile(us, 0.99),
    undisturbedP99Us: undisturbed.length === 0 ? null : percentile(undisturbed, 0.99),
    disturbed: us.length - undisturbed.length,
  };
}

async function ask(store: StudyStore & FindingStore): Promise<readonly Latency[]> {
  const random = randomFor('bench-store', 'queries');
  const anyKernel = (): KernelRecord => kernel(integerBelow(random, SHAPES));
  const anyTarget = (): TargetRecord => target(integerBelow(random, TARGETS));
  const must = async (query: BestQuery): Promise<void> => {
    if ((await store.best(query)) === undefined) throw new Error(`no best for ${JSON.stringify(query)}`);
  };
  const long = { kernel: { hash: kernel(SHAPES).hash }, target: { fingerprint: target(0).fingerprint } };
  return [
    await latency('best by hash and fingerprint', () => must({ kernel: anyKernel(), target: anyTarget() })),
    await latency('best of the long study', () => must(long)),
    await latency(
      'bests of one target',
      () => store.bests({ targetFingerprint: anyTarget().fingerprint }),
      20,
    ),
    await latency('studies of one kernel', () => store.studies({ kernelHash: anyKernel().hash }), 200),
  ];
}

async function measure(trials: number) {
  const folder = mkdtempSync(join(tmpdir(), 'nightshift-bench-'));
  const file = join(folder, 'nightshift.db');
  try {
    const store = await openStore(file, { mode: 'write', clock: Date, writer: { role: 'bench' } });
    const from = performance.now();
    await fillAll(store, trials);
    const trialsPerSecond = Math.round((trials / (performance.now() - from)) * 1000);
    const closing = performance.now();
    await store.close();
    const closeMs = Math.round(performance.now() - closing);
    const reader = await openStore(file, { mode: 'read', clock: Date });
    const latencies = await ask(reader);
    await reader.close();
    return {
      trials,
      batch: BATCH,
      trialsPerSecond,
      megabytes: Math.round(statSync(file).size / 1e6),
      closeMs,
      latencies,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function main(): Promise<void> {
  const { trials, format } = readFlags();
  const report = await measure(trials);
  if (format === 'json') {
    console.log(JSON.stringify(report, null, 2));
    return;
  }
  console.log(
    `${report.trials} trials in batches of ${report.batch}: ${report.trialsPerSecond}/s, ` +
      `${report.megabytes} MB, closed in ${report.closeMs} ms`,
  );
  console.table(report.latencies);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof InputError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
