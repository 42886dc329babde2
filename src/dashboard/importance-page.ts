import type { Parameter } from '../../search-space/parameter.ts';
import type { FindingStore } from '../../store/finding-store.ts';
import type { StudyStore } from '../../store/study-store.ts';
import type { SettledTrial } from '../../store/trial.ts';
import type { CodeEffects } from '../../tuner/attribution/code-effects.ts';
import { isKnown, knownOr } from '../../tuner/attribution/gain.ts';
import type { Importance } from '../../tuner/attribution/importance.ts';
import type { ImportanceAmongBest } from '../../tuner/attribution/importance-among-best.ts';
import { codeEffectsOf } from '../answers/code-effects.ts';
import type { BothImportances } from '../answers/importance.ts';
import { fitSentence, idleSentence, importanceRows } from '../report/words/importance.ts';
import { countOf } from '../report/words/numbers.ts';
import { latestOf, MOST_TRIALS } from './latest-trials.ts';

type Share = Readonly<{ what: string; share: number }>;

/** What matters in a study, from 1 % on: over the whole space as `nightshift importance` says it, and among the best. */
export type PageImportance = Readonly<{
  shares: readonly Share[];
  /** The parameters, the most important over the whole space first. */
  ranked: readonly string[];
  /** How well the model fits that the shares come from, or why there are none. */
  note: string;
  amongBest: Readonly<{ shares: readonly (Share & Readonly<{ low: number; high: number }>)[]; note: string }>;
  /** Parameters that neither tells of; none where it is unknown what matters among the best. */
  idle: readonly string[];
}>;

/** Computes importance in another thread. */
export type ComputeImportance = (
  parameters: readonly Parameter[],
  trials: readonly SettledTrial[],
  effects: CodeEffects | undefined,
) => Promise<BothImportances>;

/** Smaller shares are not worth a row. */
const LEAST_SHARE = 0.01;

/**
 * What matters in a study, from its latest trials alone: with the fastest ones besides they would tell of few parts of
 * the space. It takes longer than a page may, so the page asks for it apart. Undefined for an id that no study has.
 */
export async function importancePage(
  id: string,
  store: StudyStore & FindingStore,
  compute: ComputeImportance,
): Promise<PageImportance | undefined> {
  const summary = await store.summary(id);
  if (summary === undefined) return undefined;
  const { study, settled } = summary;
  const { parameters } = study.space;
  const { whole, amongBest } = await compute(
    parameters,
    await latestOf(study.id, settled - MOST_TRIALS, store),
    codeEffectsOf(await store.findings(study.id)),
  );
  const names = parameters.map(({ name }) => name);
  const known = knownOr(whole);
  return {
    shares: known === null ? [] : importanceRows(known),
    ranked: known === null ? names : known.parameters.map(({ name }) => name),
    note: isKnown(whole) ? `${idleSentence(whole)} ${fitSentence(whole)}`.trim() : whole.why,
    amongBest: bestTenth(
      amongBest,
      parameters.some(({ tag }) => tag !== 'schedule'),
    ),
    idle: known === null || !isKnown(amongBest) ? [] : names.filter((name) => isIdle(name, known, amongBest)),
  };
}

function bestTenth(found: BothImportances['amongBest'], hasMechanisms: boolean): PageImportance['amongBest'] {
  if (!isKnown(found)) return { shares: [], note: found.why };
  const shares = found.parameters
    .filter(({ share }) => share >= LEAST_SHARE)
    .map(({ name, share, low, high }) => ({ what: name, share, low, high }));
  const note = `Of the ${countOf(found.best, 'fastest trial')} among ${countOf(found.trials, 'trial')}${hasMechanisms ? ' without scalar ones' : ''}: what tells them from the others, with 90 % bootstrap intervals.`;
  return { shares, note };
}

function isIdle(name: string, whole: Importance, amongBest: ImportanceAmongBest): boolean {
  const inPairs = whole.interactions.some(({ names, share }) => names.includes(name) && share >= LEAST_SHARE);
  const shares = [...whole.parameters, ...amongBest.parameters].filter((each) => each.name === name);
  return !inPairs && shares.every(({ share }) => share < LEAST_SHARE);
}
