import type { Configuration } from '../../search-space/parameter.ts';
import { permutation, randomFor } from '../../search-space/random.ts';
import type { Backend, Variant } from '../../tuner/backend.ts';

/** Configurations of which the fastest counts. */
export type Kind = Readonly<{ label: string; configurations: readonly Configuration[] }>;

type Score = Readonly<{
  label: string;
  configuration: Configuration;
  timeUs: number | undefined;
  clean: number;
}>;

/** Fewer clean samples say nothing. */
const LEAST_CLEAN = 5;

const signal = new AbortController().signal;

export function timeOf({ timeUs }: Score): number {
  return timeUs ?? Number.POSITIVE_INFINITY;
}

/** The fastest configuration of each kind by the lower quartile of its clean samples, in interleaved rounds. */
export async function contest(
  backend: Pick<Backend, 'prepare' | 'verify' | 'session'>,
  kinds: readonly Kind[],
  rounds: number,
): Promise<readonly Score[]> {
  const entries: { label: string; variant: Variant; times: number[] }[] = [];
  for (const { label, configurations } of kinds) {
    for (const configuration of configurations) {
      const proposal = { configuration, subset: 'bench', origin: 'bench' };
      const prepared = await backend.prepare(proposal, signal);
      if (prepared.state === 'invalid') throw new Error(prepared.message);
      const verdict = await backend.verify(prepared.variant, signal);
      if (verdict.state === 'invalid') throw new Error(verdict.message);
      entries.push({ label, variant: prepared.variant, times: [] });
    }
  }
  const variants = entries.map(({ variant }) => variant);
  const session = await backend.session(variants, signal);
  for (let round = 0; round < rounds; round++) {
    for (const place of permutation(randomFor('mechanisms', round), entries.length)) {
      const sample = await session.sample(entries[place].variant, round);
      if (sample.state === 'timed') entries[place].times.push(sample.timeUs);
    }
  }
  await session.close();
  return kinds.map(({ label }) => {
    const own = entries.filter((entry) => entry.label === label);
    const scores = own.map(({ variant, times }) => ({
      label,
      configuration: variant.configuration,
      timeUs:
        times.length < LEAST_CLEAN
          ? undefined
          : times.toSorted((a, b) => a - b)[Math.floor(times.length / 4)],
      clean: times.length,
    }));
    return scores.toSorted((a, b) => timeOf(a) - timeOf(b))[0];
  });
}

/** A row of a Markdown table: the time, and the gain over another one. */
export function scoreRow(
  { label, configuration, timeUs, clean }: Score,
  over: Score | undefined,
  rounds: number,
): string {
  const gain =
    over?.timeUs === undefined || timeUs === undefined ? '' : `${(over.timeUs / timeUs).toFixed(2)}×`;
  const time =
    timeUs === undefined
      ? `not measured (${clean} of ${rounds} clean)`
      : `${timeUs.toPrecision(3)} (${clean} of ${rounds} clean)`;
  return `| ${label} | ${time} | ${gain} | ${JSON.stringify(configuration).replaceAll('"', '')} |`;
}
