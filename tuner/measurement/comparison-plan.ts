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

type Takes = Pick<TimeLimit, 'sampleMs' | 'preparationMs'>;

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
  const { sampleMs, ms } = limit;
  if (ms <= 0) return { reason: 'There was no time left for a final comparison.' };
  const run = `A run takes about ${formatSeconds(sampleMs)}`;
  if (ms < comparisonMs(2, 1, limit)) return { reason: `${run}: there was no time for a final comparison.` };
  const meeting = contenders.slice(0, mostMeeting(ms, limit));
  const rounds = roundsIn(ms, meeting.length, limit);
  const processes = Math.max(1, Math.min(SESSIONS, rounds));
  const notes =
    meeting.length === contenders.length
      ? []
      : [`${run}: only ${meeting.length} of ${contenders.length} finalists met in the final comparison.`];
  return { contenders: meeting, processes, notes };
}

/** What a comparison takes, about. Milliseconds. */
export function comparisonMs(contenders: number, rounds: number, { sampleMs, preparationMs }: Takes): number {
  return contenders * (preparationMs + rounds * sampleMs);
}

/** Of so many milliseconds, those that a comparison in whole rounds uses: the rest is too short for one more. */
export function wholeRoundsMs(ms: number, takes: Takes): number {
  const meeting = mostMeeting(ms, takes);
  const wholeMs = comparisonMs(meeting, roundsIn(ms, meeting, takes), takes);
  // So that a search which ends a little late costs no round.
  return Math.min(ms, wholeMs + takes.sampleMs / 4);
}

/** For how many contenders there is time, each with about `FEWEST_ROUNDS`. */
function mostMeeting(ms: number, { sampleMs, preparationMs }: Takes): number {
  return Math.max(2, Math.floor(ms / (preparationMs + FEWEST_ROUNDS * sampleMs)));
}

function roundsIn(ms: number, contenders: number, { sampleMs, preparationMs }: Takes): number {
  return Math.floor((ms - contenders * preparationMs) / (contenders * sampleMs));
}

function formatSeconds(ms: number): string {
  return `${(ms / 1000).toPrecision(2)} s`;
}
