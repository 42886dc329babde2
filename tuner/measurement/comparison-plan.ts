import type { Clock } from '../clock.ts';
import type { Contender } from './entrant.ts';

/** A noisy comparison is spread over this many fresh processes: the interval of one misses the spread between them. */
const SESSIONS = 5;
/** With slow runs fewer contenders meet, so that each has about so many rounds. */
const SLOW_ROUNDS = 3;

export const NOTHING_TO_COMPARE =
  'Only one configuration was timed: there is nothing to compare it with. A larger budget may find better.';

/** How long a comparison on a real machine may take, and a slow sample takes about. Milliseconds. */
export type TimeLimit = Readonly<{
  clock: Pick<Clock, 'elapsed'>;
  ms: number;
  slowSampleMs: number | undefined;
}>;

/** Who meets, in how many processes, and what a reader should know of it. */
export type ComparisonPlan = Readonly<{
  contenders: readonly Contender[];
  processes: number;
  notes: readonly string[];
}>;

/** All in several processes, unless runs are slow; or why there is nothing to compare. */
export function planComparison(
  contenders: readonly Contender[],
  limit: TimeLimit | undefined,
): ComparisonPlan | Readonly<{ reason: string }> {
  if (contenders.length < 2) return { reason: NOTHING_TO_COMPARE };
  const { slowSampleMs, ms } = limit ?? { slowSampleMs: undefined, ms: 0 };
  if (slowSampleMs === undefined) return { contenders, processes: SESSIONS, notes: [] };
  const samples = Math.floor(ms / slowSampleMs);
  const seconds = (slowSampleMs / 1000).toPrecision(2);
  if (samples < 2)
    return { reason: `A run takes about ${seconds} s: there was no time for a final comparison.` };
  const meeting = contenders.slice(0, Math.max(2, Math.floor(samples / SLOW_ROUNDS)));
  const processes = Math.min(SESSIONS, Math.floor(samples / meeting.length));
  const isWhole = meeting.length === contenders.length;
  const notes = isWhole
    ? []
    : [
        `A run takes about ${seconds} s: only ${meeting.length} of ${contenders.length} finalists met in the final comparison.`,
      ];
  return { contenders: meeting, processes, notes };
}
