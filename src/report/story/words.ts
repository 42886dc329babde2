import { restrictionText } from '../../../search-space/restriction-text.ts';
import { targetKinds } from '../../../store/target-kinds.ts';
import { isKnown, knownOr, type Unknown } from '../../../tuner/attribution/gain.ts';
import type { StopReason } from '../../../tuner/budget.ts';
import { storedReference } from '../../documents/findings.ts';
import type { ScalingDocument } from '../../documents/scaling.ts';
import { IMPORTED } from '../../importers/tuning-results.ts';
import { formatDuration } from '../../text/duration.ts';
import { formatCount } from '../../text/number-text.ts';
import { formatTimeUs, timeIn } from '../../text/time-text.ts';
import { wholeUnit } from '../figures/whole.ts';
import { choiceWords } from '../words/as-fast.ts';
import { configurationText } from '../words/configuration.ts';
import { listed } from '../words/listed.ts';
import { countOf, formatGain, formatOverDefault } from '../words/numbers.ts';
import { apartWords, askedWords, studyName } from '../words/study-name.ts';
import { drawSurroundings } from '../words/surroundings.ts';
import { comparedWords } from '../words/trials.ts';
import { verifiedWords } from '../words/verified.ts';
import { type ModelGain, modelParts, wholeTitle } from './model-gain.ts';
import type { Story } from './story.ts';
import { gainOverDefault, type StudyStory, timesLabel } from './study-story.ts';

/** Sentences that HTML and Markdown share. */

const ENDS: Readonly<Record<StopReason, string>> = Object.freeze({
  trials: 'its budget of trials was spent',
  time: 'its budget of time was spent',
  deadline: 'its deadline was reached',
  stalled: 'nothing got better for a while',
  exhausted: 'the whole space was tried',
  failing: 'all configurations failed in the same way, including the default',
  interrupted: 'it was interrupted',
});

/** A study's name, with strategy and seed where others of a report have the same. */
export function titleOf(story: StudyStory, among: readonly StudyStory[]): string {
  return studyName(storedReference(story)) + apartFrom(story, among);
}

/** The same without its kernel. */
export function placeOf(story: StudyStory, among: readonly StudyStory[]): string {
  return story.target.name + askedWords(storedReference(story)) + apartFrom(story, among);
}

function apartFrom(story: StudyStory, among: readonly StudyStory[]): string {
  const name = studyName(storedReference(story));
  const namesakes = among.filter((other) => studyName(storedReference(other)) === name);
  return apartWords(
    story.study,
    namesakes.map(({ study }) => study),
  );
}

/** "softmax f32 on npu, only threads=4": what a curve over sizes is of, with the strategy where others are of the same. */
export function scalingTitle(document: ScalingDocument, among: readonly ScalingDocument[]): string {
  const nameOf = ({ kernel, dtype, target, restrictedTo }: ScalingDocument): string =>
    `${kernel} ${dtype} on ${target}${askedWords({ restrictedTo })}`;
  const isOneOfTwo = among.some(
    (other) => nameOf(other) === nameOf(document) && other.strategy !== document.strategy,
  );
  return `${nameOf(document)}${isOneOfTwo ? `, strategy ${document.strategy}` : ''}`;
}

/** Of a model of which not all kernels were tuned it says of how many. */
export function modelTitle(found: ModelGain): string {
  return `${wholeTitle(found)} (${targetKinds[found.kind].label})`;
}

/**
 * "One call of the model: 52.1 → 11.4 µs simulated, 4.57× [4.1, 5.0] as fast, over all its 9 kernels; the
 * interval is for all kernels at the same end of theirs."
 */
export function modelSentence(found: ModelGain): string {
  const { kind, rows, missing, defaultUs, bestUs, gain } = found;
  const all = rows.length + missing.length;
  const [of, over] =
    missing.length > 0
      ? [`${formatCount(rows.length)} of its ${countOf(all, 'kernel')}`, '']
      : [
          '',
          rows.length === 1 ? ', over its only kernel' : `, over all its ${formatCount(rows.length)} kernels`,
        ];
  const call = of === '' ? 'One call of the model' : `${of} in one call of the model, without the others`;
  const unit = wholeUnit(modelParts(found));
  const how =
    gain.low === null || rows.length === 1
      ? ''
      : '; the interval is for all kernels at the same end of theirs';
  return `${call}: ${timeIn(unit, defaultUs)} → ${formatTimeUs(bestUs, unit)} ${targetKinds[kind].label}, ${formatGain(gain)} as fast${over}${how}.`;
}

export const MODEL_TITLES = Object.freeze([
  'kernel',
  'calls',
  'default, all calls',
  'best, all calls',
  'gain over default',
]);

/** A row for each kernel, with the number that it has in the bar. */
export function modelCells(found: ModelGain): readonly (readonly string[])[] {
  const unit = wholeUnit(modelParts(found));
  return found.rows.map(({ kernel, called, calls, defaultUs, bestUs, gain }, place) => [
    `${place + 1} ${kernel}${called === kernel ? '' : `, in the model ${called}`}`,
    formatCount(calls),
    formatTimeUs(calls * defaultUs, unit),
    formatTimeUs(calls * bestUs, unit),
    formatOverDefault(gain, defaultUs === bestUs),
  ]);
}

/** "300 trials in 2m by strategy random with seed 1, restricted to threads=4, 12 of them invalid (12 compile); its budget of trials was spent." */
export function describeSearch(story: StudyStory): string {
  const { study, settled, invalid, visits } = story;
  const reasons = Object.entries(invalid).filter(([, count]) => count > 0);
  const bad = reasons.reduce((sum, [, count]) => sum + count, 0);
  const told = reasons.map(([reason, count]) => `${formatCount(count)} ${reason}`).join(', ');
  const spent = visits.reduce((sum, { activeMs }) => sum + activeMs, 0);
  const took = spent < 1000 ? '' : ` in ${formatDuration(spent)}`;
  const failures = bad === 0 ? 'all valid' : `${formatCount(bad)} of them invalid (${told})`;
  const comparison = comparedWords(settled - bad, story.findings?.compared);
  const around = drawSurroundings(story.findings?.environment);
  const asked = isImported(story) ? '' : ` by strategy ${study.strategy} with seed ${study.seed}`;
  const restriction = restrictionText(study.space);
  const restricted = restriction === '' ? '' : `, restricted to ${restriction}`;
  return `${countOf(settled, 'trial')}${took}${asked}${restricted}, ${failures}${comparison}; ${endOf(story)}. ${around}`.trimEnd();
}

function endOf(story: StudyStory): string {
  const { findings, visits } = story;
  if (findings !== null) return ENDS[findings.stoppedBy];
  if (isImported(story)) return 'they were imported';
  const last = visits.at(-1);
  const ends: Readonly<Record<string, string>> = ENDS;
  if (last?.state === 'ended') return ends[last.stoppedBy] ?? `it ended: ${last.stoppedBy}`;
  return visits.length === 0 ? 'it has not been visited yet' : 'it has not ended yet';
}

/** Whether its trials were imported from a file. */
function isImported({ visits }: StudyStory): boolean {
  const last = visits.at(-1);
  return last?.state === 'ended' && last.stoppedBy === IMPORTED;
}

/** What else is as fast as the configuration to use, how sure that one is, and whether it was verified. */
export function stabilityWords({ findings, verified }: StudyStory): readonly string[] {
  const shown = verified === undefined ? '' : `What to use was ${verifiedWords(verified)}.`;
  return [findings === null ? '' : choiceWords(findings), shown].filter((text) => text !== '');
}

/** The best of a study whose findings are not there; undefined for any other. */
export function soFarSentence({ findings, best, basis, preferred }: StudyStory): string | undefined {
  if (findings !== null || best === null) return undefined;
  const found = `${formatTimeUs(best.timeUs)} with ${configurationText(best.configuration)}`;
  const took = preferred.timeUs === null ? '' : ` The default took ${formatTimeUs(preferred.timeUs)}.`;
  return basis === 'comparison'
    ? `Recommended by a final comparison: ${found}. Its gains are of an earlier version of nightshift; tune it again.`
    : `The fastest of its trials, not compared yet: ${found}.${took}`;
}

export type Summary = Readonly<{
  studies: number;
  kernels: number;
  targets: readonly string[];
  trials: number;
  /** Geometric means over the studies that have a gain, apart for each kind of times: "simulated, over 1 of 2". */
  meanGains: readonly Readonly<{ times: string; gain: number }>[];
  /** "Some times are simulated, others measured in WASM and replayed." */
  times: string;
}>;

export function summaryOf({ studies }: Story): Summary {
  const labels = [...new Set(studies.map(({ target }) => targetKinds[target.kind].label))];
  return {
    studies: studies.length,
    kernels: new Set(studies.map(({ kernel }) => kernel.name)).size,
    targets: [...new Set(studies.map(({ target }) => target.name))],
    trials: studies.reduce((sum, { settled }) => sum + settled, 0),
    meanGains: labels.flatMap((times) => meanGainOf(times, studies)),
    times: timesSentence(studies),
  };
}

function timesSentence(studies: Story['studies']): string {
  const timed = studies.filter(({ best }) => best !== null);
  const [first, ...others] = new Set(timed.map(timesLabel));
  if (first === undefined) return 'Nothing was timed.';
  return others.length === 0 ? `Times are ${first}.` : `Some times are ${first}, others ${listed(others)}.`;
}

/** A simulated gain says nothing about a measured one, so they have no mean together. */
function meanGainOf(times: string, studies: Story['studies']): Summary['meanGains'] {
  const such = studies.filter(({ target }) => targetKinds[target.kind].label === times);
  const logs = such.flatMap((each) => knownOr(gainOverDefault(each))?.value ?? []).map(Math.log);
  if (logs.length === 0) return [];
  const over =
    logs.length === such.length ? '' : `, over ${formatCount(logs.length)} of ${formatCount(such.length)}`;
  return [{ times: times + over, gain: Math.exp(logs.reduce((sum, log) => sum + log, 0) / logs.length) }];
}

/** A warning of several studies, which a report says once. */
type SharedWarning = Readonly<{ warning: string; sentence: string }>;

/** "Of 170 studies, on hexagon-v73 and hexagon-v75: Intervals come from …" for each warning that two studies have, or more. */
export function sharedWarnings({ studies }: Story): readonly SharedWarning[] {
  const having = new Map<string, StudyStory[]>();
  for (const each of studies)
    for (const warning of new Set(each.findings?.warnings ?? []))
      having.set(warning, [...(having.get(warning) ?? []), each]);
  return [...having]
    .filter(([, found]) => found.length > 1)
    .map(([warning, found]) => {
      const targets = listed([...new Set(found.map(({ target }) => target.name))]);
      return {
        warning,
        sentence: `Of ${countOf(found.length, 'study', 'studies')}, on ${targets}: ${warning}`,
      };
    });
}

/** What a study warns of, without what is said of several. */
export function ownWarnings({ findings }: StudyStory, said: ReadonlySet<string>): readonly string[] {
  return (findings?.warnings ?? []).filter((warning) => !said.has(warning));
}

/** What stands for a gain that is not there, as a part of a sentence. */
const WITHOUT_GAIN: Readonly<Record<Unknown['unknown'], string>> = Object.freeze({
  'not tried': 'without a final comparison',
  'searched too little': 'searched too little',
  failed: 'failed',
  disturbed: 'disturbed',
  'gated by the compiler': 'gated by the compiler',
  'not applicable': 'with the default as the fastest, or nothing to compare it with',
  'not told': 'not told',
});

/** "Without a gain over the default, and not in a chart of gains, are 7 of 29 studies: 5 without a final comparison; 2 failed."; undefined where all have a gain. */
export function untoldGains({ studies }: Story): string | undefined {
  const reasons = new Map<string, number>();
  for (const each of studies) {
    const gain = gainOverDefault(each);
    if (isKnown(gain)) continue;
    const words = WITHOUT_GAIN[gain.unknown];
    reasons.set(words, (reasons.get(words) ?? 0) + 1);
  }
  if (reasons.size === 0) return undefined;
  const without = [...reasons.values()].reduce((sum, count) => sum + count, 0);
  const told = [...reasons].map(([words, count]) => `${formatCount(count)} ${words}`).join('; ');
  return `Without a gain over the default, and not in a chart of gains, ${without === 1 ? 'is' : 'are'} ${formatCount(without)} of ${countOf(studies.length, 'study', 'studies')}: ${told}.`;
}

/** A sentence on why some gains have no interval; undefined if all have one. */
export function untoldIntervals({ studies }: Story): string | undefined {
  const without = studies.filter(
    ({ findings, target }) =>
      targetKinds[target.kind].isSimulated && knownOr(findings?.gainOverDefault)?.low === null,
  );
  if (without.length === 0) return undefined;
  const names = [...new Set(without.map(({ target }) => target.name))];
  const [verb, whose] = names.length === 1 ? ['does', 'its'] : ['do', 'their'];
  return `Gains without an interval: ${listed(names)} ${verb} not say how well ${whose} figures are known.`;
}

/** The glossary of a report. */
export const READING: readonly (readonly [term: string, meaning: string])[] = Object.freeze([
  [
    'gain over default',
    'time of the configuration that the target’s compiler chooses by itself, over the time of the one to use',
  ],
  [
    'interval',
    'in brackets: for simulated times the range over the parameter sets that the target’s calibration accepts, or over sets drawn from the ranges that its file states where it has none; for measured ones a 95 % bootstrap interval and what the search of either side may have missed. None is shown with too few samples',
  ],
  [
    'ladder',
    'the best configuration with scalar code only, then with vectors permitted, then threads, then double buffering; everything else is tuned anew on each rung',
  ],
  [
    'unknown',
    'fewer than five timed trials without the mechanism, or with it strictly on; never shown as 1×',
  ],
  ['alone', 'the best without any mechanism over the best with this one alone'],
  ['left out', 'the best without this mechanism over the best with all'],
  ['forced', 'the mechanism strictly on, all else tuned, against off; below 1× it does not pay'],
  [
    'against',
    'the mechanism strictly on against another use of the same resources, such as computing on the thread that copies; below 1× that other use is better',
  ],
  [
    'Shapley share',
    'the mechanism’s share of the logarithm of the whole speed-up, averaged over all orders of adding mechanisms',
  ],
  [
    'what matters',
    'the share of the variance of ln(time) over all combinations of values that a parameter explains by itself, or two together beyond that (functional ANOVA of a forest fitted to the trials)',
  ],
  [
    'use',
    'the simplest configuration that is as fast as the fastest within 1 %, as far as was measured: fewest threads, then buffers, scratchpad, vector width, then fewest changes of the default; a mechanism’s gains are those of the fastest',
  ],
  [
    'not compared',
    'both times are screened: of trials of the search, before a final comparison; such times rank configurations and have no gain',
  ],
  ['simulated', 'computed by a model of the machine, not measured on one'],
] as const);
