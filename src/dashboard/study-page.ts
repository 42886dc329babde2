import type { Parameter } from '../../search-space/parameter.ts';
import type { StudyState } from '../../store/records.ts';
import type { Store } from '../../store/store.ts';
import type { StudyStore } from '../../store/study-store.ts';
import type { TargetKind } from '../../store/target-kinds.ts';
import type { Result, SettledTrial } from '../../store/trial.ts';
import type { Findings } from '../../tuner/attribution/findings.ts';
import { comparedTrials } from '../answers/compared-trials.ts';
import type { StoredCall } from '../answers/stored-call.ts';
import { studyFigures } from '../report/story/figures-of.ts';
import { gainSentences, ladderSentences } from '../report/story/gain-words.ts';
import { publishedSentences } from '../report/story/published.ts';
import { repeatCommands } from '../report/story/repeat.ts';
import { tellStory } from '../report/story/story.ts';
import type { StudyStory } from '../report/story/study-story.ts';
import { describeSearch, soFarSentence, titleOf } from '../report/story/words.ts';
import { inlineSvg } from '../report/svg/figure.ts';
import { frontTable, frontWords } from '../report/words/front.ts';
import { latestOf, MOST_TRIALS } from './latest-trials.ts';

/** A trial; its values are indices into each parameter's list. */
export type PageTrial = Readonly<{
  number: number;
  /** Null if it was invalid. */
  timeUs: number | null;
  reason: string | null;
  subset: string;
  origin: string;
  digits: readonly number[];
}>;

/** The content of a study's page. */
export type StudyPage = Readonly<{
  id: string;
  title: string;
  from: TargetKind;
  kernel: Readonly<{ name: string; shape: string; dtype: string; target: string }>;
  state: StudyState;
  stoppedBy: string | null;
  settled: number;
  parameters: readonly Pick<Parameter, 'name' | 'kind' | 'tag' | 'values'>[];
  trials: readonly PageTrial[];
  /** Every configuration that its comparisons timed, whether it was a trial or not. */
  compared: readonly Omit<PageTrial, 'number'>[];
  /** Whether `trials` has only the latest and the fastest. */
  isCut: boolean;
  curve: StudyStory['curve'];
  findings: Findings | null;
  /** A sentence for each detail of the gains, and for each published one. */
  gains: readonly string[];
  /** Markup of the figures, as in the report; null if there is nothing to draw. */
  figures: Readonly<Record<'ladder' | 'fixedTile' | 'shares' | 'front' | 'timeline', string | null>>;
  /** The Pareto optima as a table; null for a study that seeks the time. */
  optima: (ReturnType<typeof frontTable> & Readonly<{ caption: string }>) | null;
  search: string;
  /** The commands that repeat it; null if none can. */
  repeat: string | null;
  /** A sentence on the fastest trial, before a comparison. */
  soFar: string | null;
}>;

/** Draws a timeline as markup; null if that is no longer possible. */
export type DrawTimeline = (call: StoredCall) => Promise<string | null>;

/** Undefined for an id that no study has. */
export async function studyPage(
  id: string,
  store: Store,
  draw: DrawTimeline,
): Promise<StudyPage | undefined> {
  const { studies } = await tellStory(store, { studyId: id });
  const [story] = studies;
  if (story === undefined) return undefined;
  const { study, kernel, target, findings } = story;
  const { parameters } = study.space;
  const trials = await latestTrials(study.id, store);
  const { ladder, fixedTile, shares, front } = studyFigures(story);
  return {
    id: study.id,
    title: titleOf(story),
    from: target.kind,
    kernel: { name: kernel.name, shape: kernel.shape, dtype: kernel.dtype, target: target.name },
    state: study.state,
    stoppedBy: stoppedBy(story),
    settled: story.settled,
    parameters: parameters.map(({ name, kind, tag, values }) => ({ name, kind, tag, values })),
    trials: trials.map((trial) => pageTrial(trial, parameters)),
    compared: (await comparedTrials(study.id, store)).map((trial) => unnumbered(trial, parameters)),
    isCut: trials.length < story.settled,
    curve: story.curve,
    findings,
    gains: [
      ...ladderSentences(findings),
      ...gainSentences(findings?.gains ?? {}),
      ...publishedSentences(story),
    ],
    figures: {
      ladder: ladder === undefined ? null : inlineSvg(ladder),
      fixedTile: fixedTile === undefined ? null : inlineSvg(fixedTile),
      shares: shares === undefined ? null : inlineSvg(shares),
      front: front === undefined ? null : inlineSvg(front),
      timeline: await timelineFigure(story, store, draw),
    },
    optima: findings?.front ? { caption: frontWords(findings.front), ...frontTable(findings.front) } : null,
    search: describeSearch(story),
    repeat: repeatCommands(story),
    soFar: soFarSentence(story) ?? null,
  };
}

/** What ended the last visit; null before the first and during a visit. */
function stoppedBy({ visits }: StudyStory): string | null {
  const last = visits.at(-1);
  return last?.state === 'ended' ? last.stoppedBy : null;
}

/** The latest trials; of long studies, also the fastest. */
async function latestTrials(studyId: string, store: StudyStore): Promise<readonly SettledTrial[]> {
  const { settled } = await store.counts(studyId);
  const latest = await latestOf(studyId, settled - MOST_TRIALS, store);
  const found = new Map(latest.map((trial) => [trial.number, trial]));
  if (settled > MOST_TRIALS)
    for (const trial of await store.fastest(studyId, 200)) found.set(trial.number, trial);
  return [...found.values()].sort((a, b) => a.number - b.number);
}

function pageTrial(trial: SettledTrial, parameters: readonly Parameter[]): PageTrial {
  return { number: trial.number, ...unnumbered(trial, parameters) };
}

function unnumbered(trial: Result, parameters: readonly Parameter[]): Omit<PageTrial, 'number'> {
  const { subset, origin, configuration } = trial;
  return {
    timeUs: trial.state === 'timed' ? trial.timeUs : null,
    reason: trial.state === 'invalid' ? `${trial.reason}: ${trial.message}` : null,
    subset,
    origin,
    digits: parameters.map(({ name, values }) => values.indexOf(configuration[name])),
  };
}

/** The timeline of the best, if the target is a simulated machine that has not changed since. */
async function timelineFigure(
  { spec, kernel, target, findings }: StudyStory,
  store: Store,
  draw: DrawTimeline,
): Promise<string | null> {
  const best = findings?.best ?? null;
  if (spec === null || best === null) return null;
  const record = await store.kernel(kernel.hash);
  if (record === undefined) return null;
  const { fingerprint } = target;
  return draw({
    kernel: record,
    target: spec.target,
    fingerprint,
    configuration: best.configuration,
  });
}
