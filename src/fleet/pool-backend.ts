import { createHash } from 'node:crypto';
import { type Configuration, configurationKey } from '../../search-space/parameter.ts';
import type { SearchSpace } from '../../search-space/search-space.ts';
import type { TargetKind } from '../../store/target-kinds.ts';
import type { Proposal, SettledTrial } from '../../store/trial.ts';
import {
  type Backend,
  BackendGone,
  type Prepared,
  type Sample,
  type SideBySide,
  type TimingSession,
  type Variant,
} from '../../tuner/backend.ts';
import type { StudySpec } from '../ask/study-spec.ts';
import type { DevicePool, Fleet } from './fleet.ts';
import type { Answer, MeasuredSample, SampleAsked } from './messages.ts';

/** The wave of a noisy study that asks for none: docs/fleet.md says what it costs. */
const WAVE = 16;
/** Samples of a job where times never vary: a round trip costs each little. */
const SAMPLES_OF_EXACT = 64;

/** A study as it is measured by a pool of devices. */
export type FleetStudy = Readonly<{
  fleet: Pick<Fleet, 'ask' | 'count'>;
  pool: DevicePool;
  /** Whose jobs these are: daemons of other stores measure anew. */
  owner: string;
  id: string;
  spec: StudySpec;
  space: SearchSpace;
  kind: TargetKind;
  opened: Pick<Extract<Answer, { kind: 'opened' }>, 'rounds' | 'batchSize'>;
}>;

/** Measures on a pool of devices. Results settle in the order of the proposals, whatever the order in which they come. */
export function poolBackend(study: FleetStudy): Backend {
  const { rounds, batchSize } = study.opened;
  const samples = new PoolSamples(study);
  const common = {
    provenance: study.kind,
    prepare: async ({ configuration }: Proposal): Promise<Prepared> => samples.prepared(configuration),
    verify: async () => ({ state: 'correct' }) as const,
    session: async (variants: readonly Variant[], signal: AbortSignal) => samples.session(variants, signal),
    close: async () => {},
  };
  return rounds === null
    ? {
        ...common,
        timing: { kind: 'noisy', sampling: { kind: 'by rank' } },
        batchSize: WAVE,
        sideBySide: samples.sideBySide,
      }
    : {
        ...common,
        timing: { kind: 'exact', rounds },
        batchSize,
        recall: (log) => samples.recall(log),
        prefetch: (configurations, signal) => samples.prefetch(configurations, signal),
      };
}

class PoolSamples {
  readonly #study: FleetStudy;
  /** First samples of the wave where times never vary, by their configurations. */
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

  readonly sideBySide: SideBySide = {
    count: () => this.#study.fleet.count(this.#study.pool),
    sample: async ({ configuration, trial, number }, signal) => {
      const id = this.#idOf([this.#keyOf(configuration), `${trial} ${number}`]);
      const [measured] = await this.#ask([{ configuration, round: number }], id, signal);
      if (measured?.state !== 'unready') return measured && sampleOf(measured);
      return { state: 'unready', failure: { ...measured, state: 'invalid' } };
    },
    round: async (variants, round, signal) => {
      const asked = variants.map(({ configuration }) => ({ configuration, round }));
      return (await this.#ask(asked, this.#newId(), signal, true)).map(sampleOf);
    },
  };

  recall(log: readonly SettledTrial[]): void {
    this.#sampled = new Set(log.map(({ configuration }) => `${this.#keyOf(configuration)} 0`));
  }

  async prefetch(configurations: readonly Configuration[], signal: AbortSignal): Promise<void> {
    this.#ahead.clear();
    const asked = configurations.map((configuration) => ({ configuration, round: 0 }));
    // Some for each of several devices, whatever their number.
    const size = Math.max(1, Math.min(SAMPLES_OF_EXACT, Math.ceil(asked.length / 8)));
    for (const [key, measured] of await this.#inJobs(asked, size, signal)) this.#ahead.set(key, measured);
  }

  prepared(configuration: Configuration): Prepared {
    const measured = this.#ahead.get(`${this.#keyOf(configuration)} 0`);
    if (measured?.state === 'unready') return { ...measured, state: 'invalid' };
    return { state: 'ready', variant: { configuration, handle: null } };
  }

  /** Times that never vary are asked for together: all rounds of all that are compared. */
  session(variants: readonly Variant[], signal: AbortSignal): TimingSession {
    const rounds = this.#study.opened.rounds ?? 1;
    let known: ReadonlyMap<string, MeasuredSample> | undefined;
    return {
      sample: async ({ configuration }, round) => {
        const key = `${this.#keyOf(configuration)} ${round}`;
        const ahead = this.#ahead.get(key);
        this.#ahead.delete(key);
        if (ahead !== undefined) return sampleOf(ahead);
        if (known?.has(key) !== true) {
          const isCompared = variants.length > 1 && round < rounds;
          const those = isCompared ? variants.map((variant) => variant.configuration) : [configuration];
          const numbers = isCompared ? Array.from({ length: rounds }, (_, n) => n) : [round];
          const asked = numbers.flatMap((n) => those.map((one) => ({ configuration: one, round: n })));
          known = await this.#inJobs(asked, SAMPLES_OF_EXACT, signal);
        }
        const measured = known?.get(key);
        return measured === undefined ? { state: 'dropped' } : sampleOf(measured);
      },
      environment: () => ({}),
      close: async () => {},
    };
  }

  async #inJobs(
    all: readonly SampleAsked[],
    size: number,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, MeasuredSample>> {
    const found = await Promise.all(
      chunks(all, size).map(async (asked) => {
        const keys = asked.map(({ configuration, round }) => `${this.#keyOf(configuration)} ${round}`);
        const isFirst = this.#sampled !== undefined && !keys.some((key) => this.#sampled?.has(key));
        for (const key of keys) this.#sampled?.add(key);
        const measured = await this.#ask(asked, isFirst ? this.#idOf(keys) : this.#newId(), signal, !isFirst);
        return measured.map((one, i) => [keys[i], one] as const);
      }),
    );
    return new Map(found.flat());
  }

  /** Nothing if the signal aborts first. `once`: nobody asks for them again. */
  async #ask(
    samples: readonly SampleAsked[],
    id: string,
    signal: AbortSignal,
    once = false,
  ): Promise<readonly MeasuredSample[]> {
    const { fleet, pool, id: study, spec } = this.#study;
    const [first, ...rest] = samples;
    const work = { kind: 'measure', id, study, spec, samples: [first, ...rest] } as const;
    const answer = await fleet.ask(work, pool, signal, once);
    if (answer === undefined) return [];
    if (answer.kind === 'refused') throw new BackendGone(`the device refuses: ${answer.message}`);
    if (answer.kind !== 'measured' || answer.measured.length !== samples.length)
      throw new BackendGone('a device answered what it was not asked: are worker and daemon of one version?');
    return answer.measured;
  }

  /** Of samples that a daemon which was killed asks for again. */
  #idOf(words: readonly string[]): string {
    const { owner, id } = this.#study;
    const hash = createHash('sha256').update(words.join('\n')).digest('hex').slice(0, 24);
    return [owner, id, hash].join('-');
  }

  #newId(): string {
    const { owner, id } = this.#study;
    return [owner, id, this.#life, this.#again++].join('-');
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
