import { createHash } from 'node:crypto';
import { InputError } from '../../search-space/input-error.ts';
import { type Configuration, configurationKey } from '../../search-space/parameter.ts';
import {
  type Backend,
  isInProcesses,
  type Sample,
  type TimingSession,
  type Variant,
} from '../../tuner/backend.ts';
import { median } from '../../tuner/measurement/statistics.ts';
import type { ResolvedStudy } from '../ask/resolve-study.ts';
import type { StudySpec } from '../ask/study-spec.ts';
import { canonicalJson } from '../kernels/canonical-json.ts';
import { KeptAnswers } from './lease-rules.ts';
import type { Answer, DeviceJob, MeasuredSample, SampleAsked } from './messages.ts';

/** Resolves a study on the worker's own target. Throws InputError for one that it was not started for. */
export type OwnStudies = (spec: StudySpec) => Promise<ResolvedStudy>;

/** Readings of a clock that is cheap to read, for one sample. */
const READINGS = 3;

type Job<Kind extends DeviceJob['kind']> = Extract<DeviceJob, { kind: Kind }>;
type Open = Readonly<{ key: string; resolved: ResolvedStudy; backend: Backend; verified: Set<string> }>;

/** Where a device measures: does its jobs, one at a time, on the backend of one study at a time. */
export class Bench {
  readonly #studies: OwnStudies;
  readonly #kept = new KeptAnswers();
  #open: Open | undefined;

  constructor(studies: OwnStudies) {
    this.#studies = studies;
  }

  /** Throws if the signal aborts first: what was measured then is no result. */
  async answer(job: DeviceJob, signal: AbortSignal): Promise<Answer> {
    const { id, lease } = job;
    const kept = this.#kept.to(job);
    if (kept !== undefined) return kept;
    const answer = await this.#answer(job, signal).catch((error: unknown): Answer => {
      if (!(error instanceof InputError)) throw error;
      return { kind: 'refused', id, lease, message: error.message };
    });
    signal.throwIfAborted();
    if (answer.kind === 'measured') this.#kept.keep(answer);
    return answer;
  }

  async close(): Promise<void> {
    await this.#open?.backend.close();
    this.#open = undefined;
  }

  async #answer(job: DeviceJob, signal: AbortSignal): Promise<Answer> {
    const { id, lease } = job;
    const open = await this.#opened(job.spec);
    if (job.kind === 'open') return { kind: 'opened', id, lease, ...described(open) };
    if (open.resolved.id !== job.study) return { kind: 'refused', id, lease, message: CHANGED };
    return { kind: 'measured', id, lease, measured: await measure(open, job, signal) };
  }

  async #opened(spec: StudySpec): Promise<Open> {
    const key = createHash('sha256').update(canonicalJson(spec)).digest('hex');
    if (this.#open?.key === key) return this.#open;
    await this.close();
    const resolved = await this.#studies(spec);
    this.#open = { key, resolved, backend: await resolved.backend(), verified: new Set() };
    return this.#open;
  }
}

const CHANGED =
  'kernel, target or space are others here than they were for the daemon: are worker and daemon of one version?';

function described({ resolved: { study }, backend: { timing, batchSize } }: Open) {
  const { parameters, constraints } = study.space;
  return {
    space: { parameters, constraints },
    default: study.default,
    rounds: timing.kind === 'exact' ? timing.rounds : null,
    batchSize,
  };
}

/** Builds run at once, before the first is measured. */
async function measure(
  open: Open,
  { samples }: Job<'measure'>,
  signal: AbortSignal,
): Promise<readonly MeasuredSample[]> {
  const { space } = open.resolved.study;
  await open.backend.prefetch?.(
    samples.map(({ configuration }) => configuration).filter((configuration) => space.has(configuration)),
    signal,
  );
  const measured: MeasuredSample[] = [];
  for (const sample of samples) {
    measured.push(await measureOne(open, sample, signal));
    signal.throwIfAborted();
  }
  return measured;
}

async function measureOne(
  { backend, resolved, verified }: Open,
  { configuration, round }: SampleAsked,
  signal: AbortSignal,
): Promise<MeasuredSample> {
  const variant = await readied(backend, configuration, verified, keyIn(resolved, configuration), signal);
  if ('state' in variant) return variant;
  const session = await backend.session([variant], signal);
  try {
    return isInProcesses(backend.timing)
      ? await read(session, variant, signal)
      : await session.sample(variant, round);
  } finally {
    await session.close();
  }
}

function keyIn({ study }: ResolvedStudy, configuration: Configuration): string {
  return configurationKey(study.space.parameters, configuration);
}

/** A configuration's results are checked before its first sample only. */
async function readied(
  backend: Backend,
  configuration: Configuration,
  verified: Set<string>,
  key: string,
  signal: AbortSignal,
): Promise<Variant | Extract<MeasuredSample, { reason: unknown }>> {
  const proposal = { configuration, subset: 'fleet', origin: 'fleet' };
  const prepared = await backend.prepare(proposal, signal);
  if (prepared.state === 'invalid') return { ...prepared, state: 'unready' };
  if (verified.has(key)) return prepared.variant;
  const verdict = await backend.verify(prepared.variant, signal);
  if (verdict.state === 'invalid') return { ...verdict, state: 'unready' };
  verified.add(key);
  return prepared.variant;
}

/** The median reading of a clock that is cheap to read. */
async function read(session: TimingSession, variant: Variant, signal: AbortSignal): Promise<Sample> {
  const times: number[] = [];
  for (let reading = 0; reading < READINGS && !signal.aborted; reading++) {
    const sample = await session.sample(variant, reading);
    if (sample.state === 'invalid') return sample;
    if (sample.state === 'timed') times.push(sample.timeUs);
  }
  return times.length === 0 ? { state: 'dropped' } : { state: 'timed', timeUs: median(times) };
}
