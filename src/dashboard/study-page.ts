import type { Parameter } from '../../search-space/parameter.ts';
import type { StudyState } from '../../store/records.ts';
import type { Store } from '../../store/store.ts';
import type { TargetKind } from '../../store/target-kinds.ts';
import type { Findings } from '../../tuner/attribution/findings.ts';
import { comparedTrials } from '../answers/compared-trials.ts';
import { storedReference } from '../documents/findings.ts';
import type { StudyReference } from '../documents/parts.ts';
import { studyFigures } from '../report/story/figures-of.ts';
import { gainSentences, ladderSentences } from '../report/story/gain-words.ts';
import { publishedSentences } from '../report/story/published.ts';
import { repeatCommands } from '../report/story/repeat.ts';
import { tellStory } from '../report/story/story.ts';
import type { StudyStory } from '../report/story/study-story.ts';
import { describeSearch, titleOf } from '../report/story/words.ts';
import { inlineSvg } from '../report/svg/figure.ts';
import { frontTable, frontWords } from '../report/words/front.ts';
import { type PageTrial, unnumbered } from './study-trials.ts';

/** The content of a study's page, but for its trials. */
export type StudyPage = Readonly<{
  id: string;
  title: string;
  /** What tells searches of one question apart; an absent objective is the shortest time. */
  asked: Pick<StudyReference, 'strategy' | 'seed' | 'objective' | 'restrictedTo'>;
  from: TargetKind;
  kernel: Readonly<{ name: string; shape: string; dtype: string; target: string }>;
  state: StudyState;
  stoppedBy: string | null;
  settled: number;
  parameters: readonly Pick<Parameter, 'name' | 'kind' | 'tag' | 'values'>[];
  /** Every configuration that its comparisons timed, whether it was a trial or not. */
  compared: readonly Omit<PageTrial, 'number'>[];
  findings: Findings | null;
  /** A sentence for each detail of the gains, and for each published one. */
  gains: readonly string[];
  /** Markup of the figures, as in the report; null if there is nothing to draw. */
  figures: Readonly<Record<'ladder' | 'fixedTile' | 'shares' | 'front', string | null>>;
  /** The Pareto optima as a table; null for a study that seeks the time. */
  optima: (ReturnType<typeof frontTable> & Readonly<{ caption: string }>) | null;
  search: string;
  /** The commands that repeat it; null if none can. */
  repeat: string | null;
}>;

/** Undefined for an id that no study has. */
export async function studyPage(id: string, store: Store): Promise<StudyPage | undefined> {
  const { studies } = await tellStory(store, { studyIds: [id] });
  const [story] = studies;
  if (story === undefined) return undefined;
  const { study, kernel, target, findings } = story;
  const { strategy, seed, objective, restrictedTo } = storedReference(story);
  const { parameters } = study.space;
  const { ladder, fixedTile, shares, front } = studyFigures(story);
  return {
    id: study.id,
    title: titleOf(story, studies),
    asked: { strategy, seed, restrictedTo, ...(objective !== undefined && { objective }) },
    from: target.kind,
    kernel: { name: kernel.name, shape: kernel.shape, dtype: kernel.dtype, target: target.name },
    state: study.state,
    stoppedBy: stoppedBy(story),
    settled: story.settled,
    parameters: parameters.map(({ name, kind, tag, values }) => ({ name, kind, tag, values })),
    compared: (await comparedTrials(study.id, store)).map((trial) => unnumbered(trial, parameters)),
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
    },
    optima: findings?.front ? { caption: frontWords(findings.front), ...frontTable(findings.front) } : null,
    search: describeSearch(story),
    repeat: repeatCommands(story),
  };
}

/** What ended the last visit; null before the first and during a visit. */
function stoppedBy({ visits }: StudyStory): string | null {
  const last = visits.at(-1);
  return last?.state === 'ended' ? last.stoppedBy : null;
}
