import type { Parameter } from '../../search-space/parameter.ts';
import type { StudyStore } from '../../store/study-store.ts';
import type { SettledTrial } from '../../store/trial.ts';
import { isKnown, type OrUnknown } from '../../tuner/attribution/gain.ts';
import type { Importance } from '../../tuner/attribution/importance.ts';
import { fitSentence, importanceRows } from '../report/words/importance.ts';
import { latestOf, MOST_TRIALS } from './latest-trials.ts';

/** What matters, as `nightshift importance` says it: of parameters and main pairs, from 1 % on. */
export type PageImportance = Readonly<{
  shares: readonly Readonly<{ what: string; share: number }>[];
  /** The parameters, the most important first. */
  ranked: readonly string[];
  /** How well the model fits that the shares come from, or why there are none. */
  note: string;
}>;

/** Computes importance in another thread. */
export type ComputeImportance = (
  parameters: readonly Parameter[],
  trials: readonly SettledTrial[],
) => Promise<OrUnknown<Importance>>;

/**
 * What matters in a study, from its latest trials alone: with the fastest ones besides they would tell of few parts of
 * the space. It takes longer than a page may, so the page asks for it apart. Undefined for an id that no study has.
 */
export async function importancePage(
  id: string,
  store: StudyStore,
  compute: ComputeImportance,
): Promise<PageImportance | undefined> {
  const summary = await store.summary(id);
  if (summary === undefined) return undefined;
  const { study, settled } = summary;
  const { parameters } = study.space;
  const trials = await latestOf(study.id, settled - MOST_TRIALS, store);
  const found = await compute(parameters, trials);
  if (!isKnown(found)) return { shares: [], ranked: parameters.map(({ name }) => name), note: found.why };
  const ranked = found.parameters.map(({ name }) => name);
  return { shares: importanceRows(found), ranked, note: fitSentence(found) };
}
