import type { Clock } from '../clock.ts';
import type { Contender } from './entrant.ts';

/** A noisy comparison is spread over this many fresh processes: the interval of one misses the spread between them. */
const SESSIONS = 5;
/** Of a comparison with a challenge, what its first heat takes. */
export const FIRST_HEAT = 1 / 3;
/** Where time is short fewer contenders meet, so that each has about so many rounds. */
const FEWEST_ROUNDS = 5;

export const NOTHING_TO_COMPARE =
  'Only one configuration was timed: there is nothing to compare it with. A larger budget may find better.';

/** Others were timed, but nothing else is among the best, nor is there a default beside it. */
const ONE_ALONE = 'One configuration alone is the best of what is sought, so there was no final comparison.';

/** What a comparison takes, about, by what the visit has taken so far. Milliseconds. */
export type Takes = Readonly<{
  sampleMs: number;
  preparationMs: number;
  /** The start of a fresh process, without loading its variants; 0 where there are no processes. */
  startMs: number;
}>;

/** For a comparison before which nothing was timed. */
export const UNKNOWN_TAKES: Takes = Object.freeze({ sampleMs: 0, preparationMs: 0, startMs: 0 });

/** What a comparison on a real machine may take. Milliseconds. */
export type TimeLimit = Takes &
  Readonly<{
    clock: Pick<Clock, 'elapsed'>;
    ms: number;
    /** Rounds that several devices take at the same time: then a sample takes so many times `sampleMs`. */
    atOnce?: number;
  }>;

/** Who meets, in how many processes, and what a reader should know of it. */
export type ComparisonPlan = Readonly<{
  contenders: readonly Contender[];
  processes: number;
  notes: readonly string[];
}>;

type Extent = Readonly<{ contenders: number; processes: number; rounds: number }>;

/** All in several processes, or as many as there is time for; or why there is nothing to compare. */
export function planComparison(
  contenders: readonly Contender[],
  limit: TimeLimit | undefined,
): ComparisonPlan | Readonly<{ reason: string }> {
  if (contenders.length < 2) return { reason: ONE_ALONE };
  if (limit === undefined) return { contenders, processes: SESSIONS, notes: [] };
  const { sampleMs, ms } = limit;
  if (ms <= 0) return { reason: 'There was no time left for a final comparison.' };
  const run = `A run takes about ${formatSeconds(sampleMs)}`;
  if (ms < shortestMs(limit)) return { reason: `${run}: there was no time for a final comparison.` };
  const extent = mostWithin(ms, contenders.length, limit);
  const notes =
    extent.contenders === contenders.length
      ? []
      : [`${run}: only ${extent.contenders} of ${contenders.length} finalists met in the final comparison.`];
  return { contenders: contenders.slice(0, extent.contenders), processes: extent.processes, notes };
}

/** A comparison of two in one round. Milliseconds. */
export function shortestMs(takes: Takes): number {
  return comparisonMs({ contenders: 2, processes: 1, rounds: 1 }, takes);
}

/** A comparison in all its processes. Milliseconds. */
export function wholeMs(contenders: number, rounds: number, takes: Takes): number {
  return comparisonMs({ contenders, processes: SESSIONS, rounds }, takes);
}

/** Of so many milliseconds, those that a comparison in whole rounds uses: the rest is too short for one more. */
export function wholeRoundsMs(ms: number, contenders: number, takes: Takes): number {
  const usedMs = comparisonMs(mostWithin(ms, contenders, takes), takes);
  // So that a search which ends a little late costs no round.
  return Math.min(ms, usedMs + takes.sampleMs / 4);
}

/** The most processes, up to `extent.processes`, that so many milliseconds are enough for; 0 where one is too much. */
export function processesWithin(ms: number, extent: Extent, takes: Takes): number {
  let { processes } = extent;
  while (processes > 0 && comparisonMs({ ...extent, processes }, takes) > ms) processes--;
  return processes;
}

/** Every variant is prepared once, and loaded by each process, which takes a part of a preparation. */
export function comparisonMs({ contenders, processes, rounds }: Extent, takes: Takes): number {
  const { sampleMs, preparationMs } = takes;
  return processes * processMs(contenders, takes) + contenders * (preparationMs + rounds * sampleMs);
}

/** The start of a process that loads so many variants. Milliseconds. */
function processMs(contenders: number, { startMs, preparationMs }: Takes): number {
  return startMs === 0 ? 0 : startMs + contenders * preparationMs;
}

/** The most that so many milliseconds are enough for: processes take at most half of them. */
function mostWithin(
  ms: number,
  finalists: number,
  takes: Takes & Partial<Pick<TimeLimit, 'atOnce'>>,
): Extent {
  const { sampleMs, preparationMs, atOnce = 1 } = takes;
  const least = preparationMs + processMs(1, takes) - processMs(0, takes) + FEWEST_ROUNDS * sampleMs;
  const inRounds = Math.floor((ms - takes.startMs) / least);
  const inOneRound = Math.floor(ms / (sampleMs * atOnce));
  const contenders = Math.min(finalists, Math.max(2, Math.min(inRounds, inOneRound)));
  const startMs = processMs(contenders, takes);
  const started = startMs === 0 ? SESSIONS : Math.max(1, Math.floor(ms / 2 / startMs));
  const processes = Math.min(SESSIONS, started);
  const leftMs = ms - processes * startMs - contenders * preparationMs;
  const rounds = Math.max(1, Math.floor(leftMs / (contenders * sampleMs)));
  return { contenders, processes: Math.min(processes, rounds), rounds };
}

function formatSeconds(ms: number): string {
  return `${(ms / 1000).toPrecision(2)} s`;
}
