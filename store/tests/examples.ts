import type { Configuration } from '../../search-space/parameter.ts';
import type { CatalogStore } from '../catalog-store.ts';
import type { Comparison } from '../comparison.ts';
import type { KernelRecord, NewStudy, TargetRecord } from '../records.ts';
import type { Improvement, StudyStore } from '../study-store.ts';
import type { Proposal, Result, SettledTrial } from '../trial.ts';
import type { Verification } from '../verification.ts';
import type { Conclusion, VisitStore } from '../visit-store.ts';

/** Records to store in tests: a kernel, a target, a study of two parameters, results. */

export const gelu: KernelRecord = Object.freeze({
  hash: 'a1b2c3d4e5f60718',
  name: 'gelu',
  shape: '1048576',
  dtype: 'f32',
  ir: '{"name":"gelu"}',
  features: { bytes: 8388608, ops: 12582912 },
  source: 'library',
});

export const v75: TargetRecord = Object.freeze({
  fingerprint: 'sim-v75-1',
  name: 'hexagon-v75',
  kind: 'simulator',
  description: { model: 3, memory: [{ name: 'L2', bytes: 1048576 }], tuned: true, note: null },
  features: { contexts: 6 },
});

export const geluOnV75: NewStudy = {
  kernelHash: gelu.hash,
  targetFingerprint: v75.fingerprint,
  spaceHash: 'space-1',
  space: {
    parameters: [
      {
        name: 'threads',
        kind: 'ordinal',
        tag: 'mt',
        values: [1, 2, 4],
        off: 1,
        description: 'contexts used',
      },
      {
        name: 'staging',
        kind: 'categorical',
        tag: 'schedule',
        values: ['direct', 'dma'],
        serves: { mechanism: 'db', values: ['dma'] },
      },
      {
        name: 'tile',
        kind: 'ordinal',
        tag: 'schedule',
        values: Array.from({ length: 200 }, (_, i) => i + 1),
      },
    ],
    constraints: [
      {
        sentence: 'dma needs more than one thread, at most four',
        expression: {
          kind: 'or',
          operands: [
            {
              kind: 'compare',
              first: { kind: 'name', name: 'staging' },
              rest: [{ op: '==', operand: { kind: 'constant', value: 'direct' } }],
            },
            {
              kind: 'compare',
              first: { kind: 'constant', value: 1 },
              rest: [
                { op: '<', operand: { kind: 'name', name: 'threads' } },
                { op: '<=', operand: { kind: 'constant', value: 4 } },
              ],
            },
          ],
        },
      },
    ],
  },
  objective: 'time',
  spec: { kernel: { kind: 'named', name: 'gelu' }, seed: 1 },
  strategy: 'random',
  seed: 7,
  defaultConfiguration: { threads: 1, staging: 'direct', tile: 64 },
  priorVersion: null,
  toolVersion: '0.1.0',
};

export function at(tile: number, threads = 2): Configuration {
  return { threads, staging: 'dma', tile };
}

export function timed(tile: number, timeUs: number, threads = 2): Result {
  return {
    configuration: at(tile, threads),
    subset: 'mt',
    origin: 'random',
    state: 'timed',
    timeUs,
    samplesUs: [timeUs, timeUs + 1],
  };
}

export function invalid(tile: number): Result {
  return {
    configuration: at(tile),
    subset: 'scalar',
    origin: 'neighbour',
    state: 'invalid',
    reason: 'timeout',
    message: 'took over 10 s',
  };
}

/** Saves kernel, target and study, and begins a visit. */
export async function begin(
  store: CatalogStore & StudyStore & VisitStore,
  study: NewStudy = geluOnV75,
): Promise<Readonly<{ studyId: string; visitId: number }>> {
  await store.saveKernel(gelu);
  await store.saveTarget(v75);
  const { id: studyId } = await store.openStudy(study);
  const visit = await store.startVisit({
    studyId,
    budget: { trials: 100 },
    toolVersion: '0.2.0',
    environment: {},
  });
  return { studyId, visitId: visit.id };
}

export async function collected<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** The proposal of a result. */
export function proposalOf({ configuration, subset, origin }: Proposal): Proposal {
  return { configuration, subset, origin };
}

/** The conclusion of an interrupted visit, which recommends nothing. */
export function conclusionOf(studyId: string, comparison: Comparison | null): Conclusion {
  return { studyId, comparison, recommended: null, document: {}, end: null };
}

/** The stored summaries of a study. */
export async function summaries(store: StudyStore, studyId: string) {
  const { settled, timed, invalid } = await store.counts(studyId);
  const failed = Object.entries(invalid).filter(([, trials]) => trials > 0);
  return {
    settled,
    timed,
    failed: Object.fromEntries(failed),
    improvements: await store.improvements(studyId, 1e6),
  };
}

/** The summaries of a study, computed from its log. */
export function summariesOf(log: readonly SettledTrial[]): Awaited<ReturnType<typeof summaries>> {
  const failed: Record<string, number> = {};
  const improvements: Improvement[] = [];
  for (const trial of log) {
    if (trial.state === 'invalid') failed[trial.reason] = (failed[trial.reason] ?? 0) + 1;
    else if (trial.timeUs < (improvements.at(-1)?.timeUs ?? Number.POSITIVE_INFINITY))
      improvements.push({ trials: trial.number + 1, timeUs: trial.timeUs });
  }
  const timed = log.filter(({ state }) => state === 'timed').length;
  return { settled: log.length, timed, failed, improvements };
}

/** Of a winner, not decided yet; its study is to be named. */
export const verification: Omit<Verification, 'studyId' | 'verifiedAt'> = {
  place: 0,
  kind: 'sampled',
  winner: at(1),
  against: at(2),
  pairs: [[1.5, 2]],
  timingsOfPair: 2,
  claims: [{ by: 0, verdict: 'unknown' }],
  falseClaims: 0.009,
  environment: { load: 0.1 },
  toolVersion: '0.1.0',
};
