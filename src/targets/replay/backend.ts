import { normal, randomFor } from '../../../search-space/random.ts';
import type { Backend, Prepared, Sample, TimingSession, Variant } from '../../../tuner/backend.ts';
import type { ReplayTable } from './table.ts';

export type ReplayOptions = Readonly<{
  seed: number;
  /** Whether times vary by the file's standard deviations; if false, they repeat exactly. */
  noise: boolean;
}>;

/** Answers from a table. Configurations that failed when it was measured are invalid. */
export function replayBackend(table: ReplayTable, { seed, noise }: ReplayOptions): Backend {
  const noisy = noise && table.sdUs !== undefined;
  return {
    provenance: 'replay',
    timing: noisy ? { kind: 'noisy' } : { kind: 'exact', rounds: 1 },
    batchSize: 1,
    prepare: async ({ configuration }): Promise<Prepared> => {
      const index = table.space.indexOf(configuration);
      if (index < 0) {
        return { state: 'invalid', reason: 'constraints', message: 'the table has no such configuration' };
      }
      if (Number.isNaN(table.timesUs[index])) {
        return { state: 'invalid', reason: 'runtime', message: 'failed when the table was measured' };
      }
      return { state: 'ready', variant: { configuration, handle: index } };
    },
    verify: async () => ({ state: 'correct' }),
    session: async () => sessionOf(table, noisy ? seed : undefined),
    close: async () => {},
  };
}

function sessionOf(table: ReplayTable, seed: number | undefined): TimingSession {
  const asked = new Map<number, number>();
  return {
    sample: async (variant: Variant, round: number): Promise<Sample> => {
      const index = table.space.indexOf(variant.configuration);
      const timeUs = table.timesUs[index];
      if (seed === undefined || table.sdUs === undefined) return { state: 'timed', timeUs };
      const again = asked.get(index) ?? 0;
      asked.set(index, again + 1);
      const deviation = normal(randomFor(seed, 'replay', index, round, again)) * table.sdUs[index];
      // Samples are at least half the mean: a normal draw could be negative.
      return { state: 'timed', timeUs: Math.max(timeUs / 2, timeUs + deviation) };
    },
    environment: () => ({ table: table.name, device: table.device, source: table.source }),
    close: async () => {},
  };
}
