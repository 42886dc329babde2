import type { Configuration } from '../../../search-space/parameter.ts';
import type { Budget } from '../../../store/records.ts';
import type { StopReason } from '../../../tuner/budget.ts';
import { formatDuration } from '../../duration.ts';
import { formatCount, formatFactor, formatMicroseconds } from '../terminal/numbers.ts';
import type { ModelGain } from './model-gain.ts';
import type { Story, StudyStory } from './story.ts';

/** Sentences that HTML and Markdown share. */

export const TIMES = Object.freeze({
  simulator: 'simulated',
  wasm: 'measured, WASM',
  device: 'measured',
  replay: 'replayed',
});

const ENDS: Readonly<Record<StopReason, string>> = Object.freeze({
  trials: 'its budget of trials was spent',
  time: 'its budget of time was spent',
  deadline: 'its deadline was reached',
  stalled: 'nothing got better for a while',
  exhausted: 'the whole space was tried',
  interrupted: 'it was interrupted',
});

export function titleOf({ kernel, target }: StudyStory): string {
  return `${[kernel.name, kernel.shape, kernel.dtype].filter((word) => word !== '').join(' ')} on ${target.name}`;
}

export function modelTitle({ target, kind }: ModelGain): string {
  return `The whole model on ${target} (${TIMES[kind]})`;
}

/** One call of a model with every kernel's default, and with its best. */
export function modelSentence({ kind, rows, defaultUs, bestUs }: ModelGain): string {
  const kernels =
    rows.length === 1 ? 'the kernel that was' : `the ${formatCount(rows.length)} kernels that were`;
  return `One call of the model: ${formatMicroseconds(defaultUs)} → ${formatMicroseconds(bestUs)} µs ${TIMES[kind]}, ${formatFactor(defaultUs / bestUs)} as fast, over ${kernels} tuned.`;
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

/** "300 trials of strategy random with seed 1, 12 of them invalid (12 compile); the budget of trials was spent." */
export function describeSearch({ study, settled, findings, visits }: StudyStory): string {
  const invalid = Object.entries(findings?.trials.invalid ?? {}).filter(([, count]) => count > 0);
  const bad = invalid.reduce((sum, [, count]) => sum + count, 0);
  const reasons = invalid.map(([reason, count]) => `${formatCount(count)} ${reason}`).join(', ');
  const spent = visits.reduce((sum, { activeMs }) => sum + activeMs, 0);
  const took = spent < 1000 ? '' : ` in ${formatDuration(spent)}`;
  const failures = bad === 0 ? 'all valid' : `${formatCount(bad)} of them invalid (${reasons})`;
  const end = findings === null ? 'it has not ended yet' : ENDS[findings.stoppedBy];
  return `${formatCount(settled)} trials${took} by strategy ${study.strategy} with seed ${study.seed}, ${failures}; ${end}.`;
}

/** The command line that makes the same study, ready to paste; its last visit's budget with it. */
export function repeatCommand({ study, kernel, target, visits }: StudyStory): string {
  const words = ['nightshift tune', kernel.name];
  if (kernel.shape !== '') words.push('--shape', kernel.shape);
  if (kernel.dtype !== '-') words.push('--dtype', kernel.dtype);
  words.push('--target', target.name, '--strategy', study.strategy, '--seed', String(study.seed));
  return [...words, ...budgetWords(visits.at(-1)?.budget ?? {})].join(' ');
}

function budgetWords({ trials, forMs }: Budget): readonly string[] {
  return [
    ...(trials === undefined ? [] : ['--trials', String(trials)]),
    ...(forMs === undefined ? [] : ['--for', `${Math.round(forMs / 1000)}s`]),
  ];
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
  kinds: readonly (keyof typeof TIMES)[];
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
    kinds: [...new Set(studies.map(({ target }) => target.kind))],
  };
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
