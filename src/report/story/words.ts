import { restrictionText } from '../../../search-space/restriction-text.ts';
import type { StopReason } from '../../../tuner/budget.ts';
import { storedReference } from '../../documents/findings.ts';
import type { ScalingDocument } from '../../documents/scaling.ts';
import { IMPORTED } from '../../importers/tuning-results.ts';
import { formatDuration } from '../../text/duration.ts';
import { formatCount } from '../../text/number-text.ts';
import { formatTimeUs } from '../../text/time-text.ts';
import { choiceWords } from '../words/as-fast.ts';
import { configurationText } from '../words/configuration.ts';
import { countOf } from '../words/numbers.ts';
import { apartWords, askedWords, studyName } from '../words/study-name.ts';
import { drawSurroundings } from '../words/surroundings.ts';
import { comparedWords } from '../words/trials.ts';
import { verifiedWords } from '../words/verified.ts';
import type { StudyStory } from './study-story.ts';

/** What HTML and Markdown say of a study. */

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
