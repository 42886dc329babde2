import type { Configuration } from '../../../search-space/parameter.ts';
import type { StopReason } from '../../../tuner/budget.ts';
import { IMPORTED } from '../../importers/tuning-results.ts';
import { formatDuration } from '../../text/duration.ts';
import { formatCount, formatFactor, formatMicroseconds } from '../terminal/numbers.ts';
import { subjectOf, TIME_LABELS } from '../terminal/study-title.ts';
import { drawSurroundings } from '../terminal/surroundings.ts';
import type { ModelGain } from './model-gain.ts';
import type { Story, StudyStory } from './story.ts';

/** Sentences that HTML and Markdown share. */

const ENDS: Readonly<Record<StopReason, string>> = Object.freeze({
  trials: 'its budget of trials was spent',
  time: 'its budget of time was spent',
  deadline: 'its deadline was reached',
  stalled: 'nothing got better for a while',
  exhausted: 'the whole space was tried',
  interrupted: 'it was interrupted',
});

export function titleOf({ kernel, target }: StudyStory): string {
  return `${subjectOf(kernel)} on ${target.name}`;
}

/** Where a study was made, and by which seed where another one of the report asked the same. */
export function placeOf(story: StudyStory, among: readonly StudyStory[]): string {
  const twins = among.filter((other) => titleOf(other) === titleOf(story));
  return twins.length < 2 ? story.target.name : `${story.target.name}, seed ${story.study.seed}`;
}

export function modelTitle({ target, kind }: ModelGain): string {
  return `The whole model on ${target} (${TIME_LABELS[kind]})`;
}

/** One call of a model with every kernel's default, and with its best. */
export function modelSentence({ kind, rows, defaultUs, bestUs }: ModelGain): string {
  const kernels =
    rows.length === 1 ? 'the kernel that was' : `the ${formatCount(rows.length)} kernels that were`;
  return `One call of the model: ${formatMicroseconds(defaultUs)} → ${formatMicroseconds(bestUs)} µs ${TIME_LABELS[kind]}, ${formatFactor(defaultUs / bestUs)} as fast, over ${kernels} tuned.`;
}

export const MODEL_TITLES = Object.freeze([
  'kernel',
  'calls',
  'default µs, all calls',
  'best µs, all calls',
  'gain',
]);

export function modelCells({ rows }: ModelGain): readonly (readonly string[])[] {
  return rows.map(({ kernel, calls, defaultUs, bestUs }) => [
    kernel,
    formatCount(calls),
    formatMicroseconds(calls * defaultUs),
    formatMicroseconds(calls * bestUs),
    formatFactor(defaultUs / bestUs),
  ]);
}

/** "300 trials in 2m by strategy random with seed 1, 12 of them invalid (12 compile); its budget of trials was spent." */
export function describeSearch(story: StudyStory): string {
  const { study, settled, invalid, visits } = story;
  const reasons = Object.entries(invalid).filter(([, count]) => count > 0);
  const bad = reasons.reduce((sum, [, count]) => sum + count, 0);
  const told = reasons.map(([reason, count]) => `${formatCount(count)} ${reason}`).join(', ');
  const spent = visits.reduce((sum, { activeMs }) => sum + activeMs, 0);
  const took = spent < 1000 ? '' : ` in ${formatDuration(spent)}`;
  const failures = bad === 0 ? 'all valid' : `${formatCount(bad)} of them invalid (${told})`;
  const around = drawSurroundings(story.findings?.environment).trimEnd();
  const asked = isImported(story) ? '' : ` by strategy ${study.strategy} with seed ${study.seed}`;
  return `${countOf(settled, 'trial')}${took}${asked}, ${failures}; ${endOf(story)}. ${around}`.trimEnd();
}

function endOf(story: StudyStory): string {
  const { findings, visits } = story;
  if (findings !== null) return ENDS[findings.stoppedBy];
  if (isImported(story)) return 'they were imported';
  return visits.length === 0 ? 'nobody has worked on it yet' : 'it has not ended yet';
}

/** Whether its trials are somebody else's, taken over from a file. */
function isImported({ visits }: StudyStory): boolean {
  const last = visits.at(-1);
  return last?.state === 'ended' && last.stoppedBy === IMPORTED;
}

/** The fastest of its trials, where no comparison has said what to use; undefined where one has. */
export function soFarSentence({ findings, best }: StudyStory): string | undefined {
  if (findings !== null || best === null) return undefined;
  return `The fastest of its trials, not compared yet: ${formatMicroseconds(best.timeUs)} µs with ${configurationText(best.configuration)}.`;
}

/** "1 trial", "2,000 trials" */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

export function configurationText(configuration: Configuration): string {
  return Object.entries(configuration)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}

/** Only what differs from another configuration; everything where there is none. */
export function changesText(configuration: Configuration, from: Configuration | undefined): string {
  const changed = Object.entries(configuration).filter(([name, value]) => value !== from?.[name]);
  return changed.length === 0 ? 'nothing' : configurationText(Object.fromEntries(changed));
}

export type Summary = Readonly<{
  studies: number;
  kernels: number;
  targets: readonly string[];
  trials: number;
  /** Geometric mean over the studies that have one. */
  meanGain: number | null;
  /** "simulated, measured in WASM and measured" */
  times: string;
}>;

export function summaryOf({ studies }: Story): Summary {
  const gains = studies.flatMap(({ findings }) => findings?.gainOverDefault?.value ?? []);
  const meanLog = gains.reduce((sum, gain) => sum + Math.log(gain), 0) / gains.length;
  return {
    studies: studies.length,
    kernels: new Set(studies.map(({ kernel }) => kernel.name)).size,
    targets: [...new Set(studies.map(({ target }) => target.name))],
    trials: studies.reduce((sum, { settled }) => sum + settled, 0),
    meanGain: gains.length === 0 ? null : Math.exp(meanLog),
    times: listed([...new Set(studies.map(({ target }) => TIME_LABELS[target.kind]))]),
  };
}

/** "a, b and c" */
export function listed(words: readonly string[]): string {
  return [words.slice(0, -1).join(', '), ...words.slice(-1)].filter((part) => part !== '').join(' and ');
}

/** Why gains stand without an interval, a sentence; undefined where all have one. */
export function untoldIntervals({ studies }: Story): string | undefined {
  const without = studies.filter(({ findings }) => findings?.gainOverDefault?.low === null);
  if (without.length === 0) return undefined;
  const names = (simulated: boolean): readonly string[] => [
    ...new Set(
      without
        .filter(({ target }) => (target.kind === 'simulator') === simulated)
        .map((story) => (simulated ? story.target.name : titleOf(story))),
    ),
  ];
  const [simulated, timed] = [names(true), names(false)];
  const reasons = [
    simulated.length === 0
      ? ''
      : `${listed(simulated)} ${simulated.length === 1 ? 'has' : 'have'} no calibration`,
    timed.length === 0 ? '' : `${listed(timed)} ended before its final comparison had enough samples`,
  ];
  return `Gains without an interval: ${reasons.filter((reason) => reason !== '').join('; ')}.`;
}

/** How to read a gain, for those who were not there. */
export const READING: readonly (readonly [term: string, meaning: string])[] = Object.freeze([
  [
    'gain over default',
    'time of what the target’s compiler would choose by itself, over the time of the winner',
  ],
  [
    'interval',
    'in brackets: of simulated times the range over the parameter sets that the target’s calibration accepts; of measured ones a 95 % bootstrap interval. None is shown where nothing tells one',
  ],
  [
    'ladder',
    'the best configuration with scalar code only, then with vectors permitted, then threads, then double buffering; everything else is tuned anew on each rung',
  ],
  ['alone', 'the best without any mechanism over the best with this one alone'],
  ['left out', 'the best without this mechanism over the best with all'],
  ['forced', 'the mechanism strictly on, all else tuned, against off; below 1× it does not pay'],
  [
    'against',
    'the mechanism strictly on against what else its means could do, such as computing on the thread that copies; below 1× that is better',
  ],
  [
    'Shapley share',
    'the mechanism’s share of the logarithm of the whole speed-up, averaged over all orders of adding mechanisms',
  ],
  [
    'use',
    'the simplest configuration that the comparison cannot tell from the fastest; gains are the fastest’s',
  ],
  ['simulated', 'computed by a model of the machine, not measured on one'],
] as const);
