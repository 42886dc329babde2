import { createHash } from 'node:crypto';
import { type Configuration, configurationKey } from '../../search-space/parameter.ts';
import type { SearchSpace } from '../../search-space/search-space.ts';
import type { TargetKind } from '../../store/target-kinds.ts';
import type { SettledTrial } from '../../store/trial.ts';
import {
  type Backend,
  BackendGone,
  type Prepared,
  type Sample,
  type TimingSession,
  type Variant,
} from '../../tuner/backend.ts';
import type { StudySpec } from '../ask/study-spec.ts';
import type { DevicePool, Fleet } from './fleet.ts';
import { type Answer, type MeasuredSample, MOST_SAMPLES, type SampleAsked } from './messages.ts';

/** The wave of a noisy study that asks for none: docs/fleet.md says what it costs. */
const WAVE = 8;

/** A study as it is measured by a pool of devices. */
export type FleetStudy = Readonly<{
  fleet: Pick<Fleet, 'ask'>;
  pool: DevicePool;
  /** Whose jobs these are: daemons of other stores measure anew. */
  owner: string;
  id: string;
  spec: StudySpec;
  space: SearchSpace;
  kind: TargetKind;
  opened: Pick<Extract<Answer, { kind: 'opened' }>, 'rounds' | 'batchSize'>;
}>;

/**
 * Measures on a pool of devices: the first samples of a wave at once, before they are asked for one after the other. So the
 * results settle in the order of the proposals, whatever the order in which they come.
 */
export function poolBackend(study: FleetStudy): Backend {
  const { rounds, batchSize } = study.opened;
  const samples = new PoolSamples(study);
  return {
    provenance: study.kind,
    timing: rounds === null ? { kind: 'noisy', sampling: { kind: 'by rank' } } : { kind: 'exact', rounds },
    batchSize: rounds === null ? WAVE : batchSize,
    recall: (log) => samples.recall(log),
    prefetch: (configurations, signal) => samples.prefetch(configurations, signal),
    prepare: async ({ configuration }): Promise<Prepared> => samples.prepared(configuration),
    verify: async () => ({ state: 'correct' }),
    session: async (variants, signal) => samples.session(variants, signal),
    close: async () => {},
  };
}

type Ahead = Readonly<{ key: string; measured: MeasuredSample }>;

class PoolSamples {
  readonly #study: FleetStudy;
  /** First samples of the wave, by their configurations. */
  readonly #ahead = new Map<string, MeasuredSample>();
  /** What was sampled before: its next sample is another one. Undefined until the trials were read. */
  #sampled: Set<string> | undefined;
  #again = 0;
  readonly #life = createHash('sha256')
    .update(`${process.pid} ${process.hrtime.bigint()}`)
    .digest('hex')
    .slice(0, 12);

  constructor(study: FleetStudy) {
    this.#study = study;
  }

  recall(log: readonly SettledTrial[]): void {
    this.#sampled = new Set(log.map(({ configuration }) => `${this.#keyOf(configuration)} 0`));
  }

  async prefetch(configurations: readonly Configuration[], signal: AbortSignal): Promise<void> {
    this.#ahead.clear();
    const asked = configurations.map((configuration) => ({ configuration, round: 0 }));
    const ahead = await Promise.all(this.#jobsOf(asked).map((samples) => this.#ask(samples, signal)));
    for (const { key, measured } of ahead.flat()) this.#ahead.set(key, measured);
  }

  prepared(configuration: Configuration): Prepared {
    const measured = this.#ahead.get(this.#keyOf(configuration));
    if (measured?.state === 'unready') return { ...measured, state: 'invalid' };
    return { state: 'ready', variant: { configuration, handle: null } };
  }

  session(variants: readonly Variant[], signal: AbortSignal): TimingSession {
    const isExact = this.#study.opened.rounds !== null;
    const known = new Map<string, MeasuredSample>();
    return {
      sample: async ({ configuration }, round) => {
        const key = this.#keyOf(configuration);
        const ahead = round === 0 ? this.#ahead.get(key) : undefined;
        if (ahead !== undefined) this.#ahead.delete(key);
        if (ahead !== undefined) return sampleOf(ahead);
        // Times that never vary are asked for together: those of a round.
        const together = isExact && variants.length > 0 ? variants : [{ configuration }];
        if (!known.has(`${key} ${round}`)) {
          const asked = together.map((variant) => ({ configuration: variant.configuration, round }));
          const found = await Promise.all(chunks(asked, MOST_SAMPLES).map((some) => this.#ask(some, signal)));
          for (const one of found.flat()) known.set(`${one.key} ${round}`, one.measured);
        }
        const measured = known.get(`${key} ${round}`);
        if (!isExact) known.clear();
        return measured === undefined ? { state: 'dropped' } : sampleOf(measured);
      },
      environment: () => ({}),
      close: async () => {},
    };
  }

  /** Where measuring takes its time, each job is one sample, so that no device waits for another one. */
  #jobsOf(samples: readonly SampleAsked[]): readonly (readonly SampleAsked[])[] {
    const { rounds } = this.#study.opened;
    return chunks(
      samples,
      rounds === null ? 1 : Math.max(1, Math.min(MOST_SAMPLES, Math.ceil(samples.length / 8))),
    );
  }

  async #ask(samples: readonly SampleAsked[], signal: AbortSignal): Promise<readonly Ahead[]> {
    const { fleet, pool, id: study, spec } = this.#study;
    const [first, ...rest] = samples;
    const work = {
      kind: 'measure',
      id: this.#idOf(samples),
      study,
      spec,
      samples: [first, ...rest],
    } as const;
    const answer = await fleet.ask(work, pool, signal);
    if (answer === undefined) return [];
    if (answer.kind === 'refused') throw new BackendGone(`the device refuses: ${answer.message}`);
    if (answer.kind !== 'measured' || answer.measured.length !== samples.length)
      throw new BackendGone('a device answered what it was not asked: are worker and daemon of one version?');
    return answer.measured.map((measured, i) => ({ key: this.#keyOf(samples[i].configuration), measured }));
  }

  /**
   * The first samples of configurations have an id that a daemon which was killed finds again; what is sampled
   * again is another job.
   */
  #idOf(samples: readonly SampleAsked[]): string {
    const keys = samples.map(({ configuration, round }) => `${this.#keyOf(configuration)} ${round}`);
    const isFirst = this.#sampled !== undefined && !keys.some((key) => this.#sampled?.has(key));
    for (const key of keys) this.#sampled?.add(key);
    const { owner, id } = this.#study;
    const hash = createHash('sha256').update(keys.join('\n')).digest('hex').slice(0, 24);
    return [owner, id, hash, ...(isFirst ? [] : [this.#life, this.#again++])].join('-');
  }

  #keyOf(configuration: Configuration): string {
    return configurationKey(this.#study.space.parameters, configuration);
  }
}

function sampleOf(measured: MeasuredSample): Sample {
  return 'reason' in measured ? { ...measured, state: 'invalid' } : measured;
}

function chunks<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size));
}
