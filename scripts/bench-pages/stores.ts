import { defineSpace } from '../../search-space/define-space.ts';
import type { Parameter } from '../../search-space/parameter.ts';
import { type Random, randomFor } from '../../search-space/random.ts';
import type { SearchSpace } from '../../search-space/search-space.ts';
import { countSubspaces } from '../../src/ask/count-subspaces.ts';
import { keepStudy, studyWith } from '../../src/ask/open-study.ts';
import { type ResolvedStudy, resolveStudy } from '../../src/ask/resolve-study.ts';
import { studySpecSchema } from '../../src/ask/study-spec.ts';
import { IN_MEMORY, openStore } from '../../store/open-store.ts';
import type { KernelRecord, NewStudy, StudyRecord, TargetRecord } from '../../store/records.ts';
import type { Store } from '../../store/store.ts';
import type { Result } from '../../store/trial.ts';
import type { Conclusion } from '../../store/visit-store.ts';
import { visitStudy } from '../../tuner/study.ts';

/** The number of results in a batch, which become durable together. */
const BATCH = 100;
const TOOL_VERSION = 'bench';

/** The findings of a real visit to gelu on a simulated machine, which all studies of the benchmark share. */
export type Sample = Readonly<{
  resolved: ResolvedStudy;
  conclusion: Pick<Conclusion, 'comparison' | 'recommended' | 'document'>;
}>;

export async function sampleOf(): Promise<Sample> {
  const spec = { kernel: { kind: 'named', name: 'gelu' }, target: { kind: 'named', name: 'hexagon-v75' } };
  const resolved = await resolveStudy(studySpecSchema.parse({ ...spec, strategy: 'random' }));
  const store = await openStore(IN_MEMORY, { mode: 'write', clock: Date, writer: { role: 'bench' } });
  const { id } = await keepStudy(resolved, store, TOOL_VERSION);
  const backend = await resolved.backend();
  const clock = { now: () => Date.now(), elapsed: () => performance.now() };
  const world = { store, backend, clock, signal: new AbortController().signal, listen: () => {} };
  const visit = { ...world, toolVersion: TOOL_VERSION, environment: {} };
  await visitStudy(studyWith(await countSubspaces(resolved), undefined), { trials: 300 }, visit);
  const [comparison = null] = await store.comparisons(id);
  const findings = await store.findings(id);
  if (findings === undefined) throw new Error('the sample has no findings');
  await store.close();
  const { recommended, document } = findings;
  return { resolved, conclusion: { comparison, recommended, document } };
}

/** Stores one long study of a device, like one of an external harness or a file. */
export async function fillLong(store: Store, trials: number, sample: Sample): Promise<string> {
  const values = Array.from({ length: 10 }, (_, place) => place);
  const parameters = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map(
    (name): Parameter => ({ name, kind: 'ordinal', tag: 'schedule', values }),
  );
  const space = defineSpace(parameters, []);
  const kernel: KernelRecord = {
    hash: 'sweep',
    name: 'sweep',
    shape: '4096x4096',
    dtype: 'f32',
    ir: null,
    features: {},
    source: 'opaque',
  };
  const target: TargetRecord = { ...deviceRecord, fingerprint: 'device-board', name: 'board' };
  await store.saveKernel(kernel);
  await store.saveTarget(target);
  return fillStudy(store, studyOf(kernel, target, space), space, trials, sample);
}

const deviceRecord = {
  kind: 'device',
  description: { harness: 'ask-tell', said: '' },
  features: {},
} as const;

/** Stores `studies` studies of gelu, each at its own size, on a simulated machine, all with the same space. */
export async function fillWide(store: Store, studies: number, trials: number, sample: Sample): Promise<void> {
  const { kernel, target, study } = sample.resolved;
  await store.saveTarget(target);
  for (let place = 0; place < studies; place++) {
    const sized = { ...kernel, hash: `gelu-${place}`, shape: String(1024 * (place + 1)) };
    await store.saveKernel(sized);
    const spec = JSON.parse(JSON.stringify(sample.resolved.spec));
    const opened = { ...studyOf(sized, target, study.space), spec };
    await fillStudy(store, opened, study.space, Math.floor(trials / studies), sample);
  }
}

function studyOf(kernel: KernelRecord, target: TargetRecord, space: SearchSpace): NewStudy {
  return {
    kernelHash: kernel.hash,
    targetFingerprint: target.fingerprint,
    spaceHash: space.hash,
    space: { parameters: space.parameters, constraints: space.constraints },
    spec: null,
    objective: 'time',
    strategy: 'random',
    seed: 1,
    defaultConfiguration: space.at(0),
    priorVersion: null,
    toolVersion: TOOL_VERSION,
  };
}

async function fillStudy(
  store: Store,
  study: NewStudy,
  space: SearchSpace,
  trials: number,
  { conclusion }: Sample,
): Promise<string> {
  const { id: studyId }: StudyRecord = await store.openStudy(study);
  const environment = {};
  const visit = await store.startVisit({
    studyId,
    budget: { trials },
    toolVersion: TOOL_VERSION,
    environment,
  });
  const random = randomFor('bench-store', studyId);
  for (let done = 0; done < trials; done += BATCH) {
    const count = Math.min(BATCH, trials - done);
    const results = Array.from({ length: count }, (_, i) => resultOf(space, done + i, random));
    await store.settle({ studyId, visitId: visit.id, activeMs: done, results });
  }
  const end = { stoppedBy: 'trials', activeMs: trials };
  await store.conclude({ studyId, ...conclusion, end });
  return studyId;
}

/** One in ten fails. */
function resultOf(space: SearchSpace, index: number, random: Random): Result {
  const proposal = {
    configuration: space.at(index % space.size),
    subset: 'vec+mt+db',
    origin: 'random',
    prediction: { meanLog: 7.25, sdLog: 0.125 },
  };
  if (random() < 0.1) return { ...proposal, state: 'invalid', reason: 'runtime', message: 'exit code 1' };
  const timeUs = 100 + 1e6 * random();
  const phases = { compute: timeUs / 2, memory: timeUs / 4, waiting: timeUs / 4 };
  return { ...proposal, state: 'timed', timeUs, samplesUs: [timeUs], phases };
}
