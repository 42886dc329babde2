import type { Clock } from '../clock.ts';
import type { Contender } from './entrant.ts';

/** A noisy comparison is spread over this many fresh processes: the interval of one misses the spread between them. */
const SESSIONS = 5;
/** Where time is short fewer contenders meet, so that each has about so many rounds. */
const FEWEST_ROUNDS = 5;

export const NOTHING_TO_COMPARE =
  'Only one configuration was timed: there is nothing to compare it with. A larger budget may find better.';

/** What a comparison on a real machine may take, and what a sample and a preparation take about. Milliseconds. */
export type TimeLimit = Readonly<{
  clock: Pick<Clock, 'elapsed'>;
  ms: number;
  sampleMs: number;
  preparationMs: number;
}>;

/** Who meets, in how many processes, and what a reader should know of it. */
export type ComparisonPlan = Readonly<{
  contenders: readonly Contender[];
  processes: number;
  notes: readonly string[];
}>;

/** All in several processes, or as many as there is time for; or why there is nothing to compare. */
export function planComparison(
  contenders: readonly Contender[],
  limit: TimeLimit | undefined,
): ComparisonPlan | Readonly<{ reason: string }> {
  if (contenders.length < 2) return { reason: NOTHING_TO_COMPARE };
  if (limit === undefined) return { contenders, processes: SESSIONS, notes: [] };
  const { sampleMs, preparationMs, ms } = limit;
  if (ms <= 0) return { reason: 'There was no time left for a final comparison.' };
  const run = `A run takes about ${formatSeconds(sampleMs)}`;
  if (ms < comparisonMs(2, 1, limit)) return { reason: `${run}: there was no time for a final comparison.` };
  const most = Math.max(2, Math.floor(ms / (preparationMs + FEWEST_ROUNDS * sampleMs)));
  const meeting = contenders.slice(0, most);
  const rounds = Math.floor((ms - meeting.length * preparationMs) / (meeting.length * sampleMs));
  const processes = Math.max(1, Math.min(SESSIONS, rounds));
  const notes =
    meeting.length === contenders.length
      ? []
      : [`${run}: only ${meeting.length} of ${contenders.length} finalists met in the final comparison.`];
  return { contenders: meeting, processes, notes };
}

/** What a comparison takes, about. Milliseconds. */
export function comparisonMs(
  contenders: number,
  rounds: number,
  { sampleMs, preparationMs }: Pick<TimeLimit, 'sampleMs' | 'preparationMs'>,
): number {
  return contenders * (preparationMs + rounds * sampleMs);
}

function formatSeconds(ms: number): string {
  return `${(ms / 1000).toPrecision(2)} s`;
}
