import type { Configuration } from '../../search-space/parameter.ts';
import { normal, type Random, randomFor } from '../../search-space/random.ts';
import type { SearchSpace } from '../../search-space/search-space.ts';
import type { Backend, Prepared, Sample, TimingSession } from '../../tuner/backend.ts';
import type { Clock } from '../../tuner/clock.ts';

/** True times by index, microseconds; NaN where a member fails. */
export type TrueTimes = Readonly<{
  name: string;
  space: SearchSpace;
  default: Configuration;
  timesUs: Float64Array;
}>;

/** A factor of the true time. */
export type Noise = (random: Random) => number;

export const NOISES: Readonly<Record<string, Noise>> = {
  '5 %': (random) => Math.exp(0.05 * normal(random)),
  '15 %': (random) => Math.exp(0.15 * normal(random)),
  // Most samples scatter by 3 %; every tenth is slower by a half in the mean.
  'heavy tails': (random) =>
    Math.exp(0.03 * normal(random)) * (random() < 0.1 ? 1 - 0.5 * Math.log(1 - random()) : 1),
};

/** How a clock is read: exactly, in rounds of a process, or by executions. */
export type Reading = 'exact' | 'rounds' | 'executions';

/** A clock that only samples advance. Milliseconds. */
export class SampleClock implements Pick<Clock, 'now' | 'elapsed'> {
  samples = 0;
  now(): number {
    return this.elapsed();
  }
  elapsed(): number {
    return this.samples * SAMPLE_MS;
  }
}
export const SAMPLE_MS = 1000;

/** Times of a table, read by a noisy clock. */
export function noisyBackend(
  { name, space, timesUs }: TrueTimes,
  reading: Reading,
  noise: Noise,
  seed: number,
  clock: SampleClock,
): Backend {
  const sample = (configuration: Configuration): Sample => {
    const factor = reading === 'exact' ? 1 : noise(randomFor('noise', seed, clock.samples));
    clock.samples++;
    return { state: 'timed', timeUs: timesUs[space.indexOf(configuration)] * factor };
  };
  const session: TimingSession = {
    sample: async ({ configuration }) => sample(configuration),
    environment: () => ({ table: name }),
    close: async () => {},
  };
  return {
    provenance: 'replay',
    timing:
      reading === 'exact'
        ? { kind: 'exact', rounds: 1 }
        : { kind: 'noisy', ...(reading === 'executions' && { sampling: { kind: 'by rank' } }) },
    batchSize: 1,
    prepare: async ({ configuration }): Promise<Prepared> =>
      Number.isNaN(timesUs[space.indexOf(configuration)])
        ? { state: 'invalid', reason: 'runtime', message: 'failed when the table was measured' }
        : { state: 'ready', variant: { configuration, handle: null } },
    verify: async () => ({ state: 'correct' }),
    session: async () => session,
    close: async () => {},
  };
}
