import type { Parameter } from '../../search-space/parameter.ts';
import type { KernelRecord, TargetKind } from '../../store/records.ts';
import type { Store } from '../../store/store.ts';
import type { StudyStore } from '../../store/study-store.ts';
import type { SettledTrial } from '../../store/trial.ts';
import type { Findings } from '../../tuner/attribution/findings.ts';
import { timelineOf } from '../answers/timeline.ts';
import { parseKernel } from '../kernels/json.ts';
import { studyFigures } from '../report/story/figures-of.ts';
import { gainSentences } from '../report/story/gain-words.ts';
import { repeatCommands } from '../report/story/repeat.ts';
import { type StudyStory, tellStory } from '../report/story/story.ts';
import { describeSearch, soFarSentence, titleOf } from '../report/story/words.ts';
import { inlineSvg } from '../report/svg/figure.ts';
import { timelineSvg } from '../report/timeline/svg.ts';
import { loadTarget, targetFingerprint } from '../targets/npu/machine/load.ts';
import { type Importance, importanceOf } from './importance.ts';

/** A trial as the page needs it: its values as places in each parameter's list. */
export type PageTrial = Readonly<{
  number: number;
  /** Null where it was invalid. */
  timeUs: number | null;
  reason: string | null;
  subset: string;
  origin: string;
  digits: readonly number[];
}>;

/** What the page of a study shows. */
export type StudyPage = Readonly<{
  id: string;
  title: string;
  from: TargetKind;
  kernel: Readonly<{ name: string; shape: string; dtype: string; target: string }>;
  state: string;
  stoppedBy: string | null;
  settled: number;
  parameters: readonly Pick<Parameter, 'name' | 'kind' | 'tag' | 'values'>[];
  trials: readonly PageTrial[];
  /** Where only the fastest and the latest are given. */
  isCut: boolean;
  curve: StudyStory['curve'];
  findings: Findings | null;
  /** What each mechanism is worth beside the ladder, a sentence each. */
  gains: readonly string[];
  importance: readonly Importance[];
  /** Markup that the report draws, too; null where there is nothing to draw. */
  figures: Readonly<Record<'ladder' | 'fixedTile' | 'shares' | 'timeline', string | null>>;
  search: string;
  /** Null where no command can. */
  repeat: string | null;
  /** The fastest trial where nothing was compared yet. */
  soFar: string | null;
}>;

/** Trials that a page bears. */
const MOST_TRIALS = 4000;
/** Tiles that a timeline has room for. */
const TILES = 24;

/** Undefined for an id that no study has. */
export async function studyPage(id: string, store: Store): Promise<StudyPage | undefined> {
  const { studies } = await tellStory(store, { studyId: id });
  const [story] = studies;
  if (story === undefined) return undefined;
  const { study, kernel, target, findings } = story;
  const { parameters } = study.space;
  const trials = await latestTrials(study.id, store);
  const { ladder, fixedTile, shares } = studyFigures(story);
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
    isCut: trials.length < story.settled,
    curve: story.curve,
    findings,
    gains: gainSentences(findings?.gains ?? {}),
    importance: importanceOf(parameters, trials),
    figures: {
      ladder: ladder === undefined ? null : inlineSvg(ladder),
      fixedTile: fixedTile === undefined ? null : inlineSvg(fixedTile),
      shares: shares === undefined ? null : inlineSvg(shares),
      timeline: timelineFigure(story, await store.kernel(kernel.hash)),
    },
    search: describeSearch(story),
    repeat: repeatCommands(story),
    soFar: soFarSentence(story) ?? null,
  };
}

/** What ended the last visit; null where none was made, and while one is going on. */
function stoppedBy({ visits }: StudyStory): string | null {
  const last = visits.at(-1);
  return last?.state === 'ended' ? last.stoppedBy : null;
}

/** The latest trials, and of longer studies the fastest too. */
async function latestTrials(studyId: string, store: StudyStore): Promise<readonly SettledTrial[]> {
  const { settled } = await store.counts(studyId);
  const found = new Map<number, SettledTrial>();
  for await (const trial of store.trials(studyId, Math.max(0, settled - MOST_TRIALS)))
    found.set(trial.number, trial);
  if (settled > MOST_TRIALS)
    for (const trial of await store.fastest(studyId, 200)) found.set(trial.number, trial);
  return [...found.values()].sort((a, b) => a.number - b.number);
}

function pageTrial(trial: SettledTrial, parameters: readonly Parameter[]): PageTrial {
  const { number, subset, origin, configuration } = trial;
  return {
    number,
    timeUs: trial.state === 'timed' ? trial.timeUs : null,
    reason: trial.state === 'invalid' ? `${trial.reason}: ${trial.message}` : null,
    subset,
    origin,
    digits: parameters.map(({ name, values }) => values.indexOf(configuration[name])),
  };
}

/** How the best goes on the simulated machine, where that is still the machine it was found on. */
function timelineFigure({ target, findings }: StudyStory, kernel: KernelRecord | undefined): string | null {
  const best = findings?.best ?? null;
  if (target.kind !== 'simulator' || best === null || kernel === undefined || kernel.ir === null) return null;
  try {
    const machine = loadTarget(target.name);
    if (targetFingerprint(machine) !== target.fingerprint) return null;
    return timelineSvg(timelineOf(parseKernel(kernel.ir), machine, best.configuration, TILES));
  } catch {
    // A target of the user's own file, which is not here: its best cannot be played again.
    return null;
  }
}
