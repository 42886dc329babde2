import type { Configuration } from '../../search-space/parameter.ts';
import type { FindingStore } from '../../store/finding-store.ts';
import type { Store } from '../../store/store.ts';
import { knownOr } from '../../tuner/attribution/gain.ts';
import type { MovedMachine, MovedQuestion } from '../answers/what-if/moved-machine.ts';
import { parseFindings } from '../documents/findings.ts';
import { changesText } from '../report/words/configuration.ts';
import { flipSentences, retuningSentence } from '../report/words/what-if.ts';
import { callOf } from './study-call.ts';

/** The fastest trials that are simulated anew. */
const CANDIDATES = 50;

/** What becomes of a study's fastest trials, of what its findings compared, and of its rungs on a changed machine. Times in µs. */
export type WhatIfPage = Omit<MovedMachine, 'candidates' | 'best'> &
  Readonly<{
    candidates: readonly Readonly<{ words: string; todayUs: number; movedUs: number | null }>[];
    /** At which values another configuration becomes the best, and what it takes; null if that was not asked. */
    flips: readonly string[] | null;
  }>;

/** Undefined for an id that no study has, null for a study whose machine cannot be simulated. */
export async function whatIfPage(
  id: string,
  asked: Pick<MovedQuestion, 'changes' | 'flips'>,
  store: Store,
  answer: (question: MovedQuestion) => Promise<MovedMachine | undefined>,
): Promise<WhatIfPage | null | undefined> {
  const summary = await store.summary(id);
  if (summary === undefined) return undefined;
  const call = await callOf(summary, store);
  const findings = parseFindings(await store.findings(id));
  if (call === undefined || findings === undefined) return null;
  const { best, winner, default: usual, ladder } = findings;
  const compared = await comparedIn(id, store);
  const known = [best, winner, usual].flatMap((each) => (each === null ? [] : [each.configuration]));
  const fastest = (await store.fastest(id, CANDIDATES)).map(({ configuration }) => configuration);
  const configurations = [...known, ...compared, ...fastest];
  const from = best?.configuration;
  const moved = await answer({ ...asked, call, configurations, used: from, rungs: knownOr(ladder) ?? [] });
  if (moved === undefined) return null;
  const { candidates, best: searched, ...rest } = moved;
  return {
    ...rest,
    candidates: candidates.map(({ configuration, todayUs, movedUs }) => ({
      words: changesText(configuration, from),
      todayUs,
      movedUs,
    })),
    flips: searched === null ? null : [...flipSentences(searched), retuningSentence(searched)],
  };
}

/** What the final comparison timed: some of it was no trial. */
async function comparedIn(id: string, store: FindingStore): Promise<readonly Configuration[]> {
  const comparison = (await store.findings(id))?.comparisonId ?? null;
  const variants = comparison === null ? undefined : (await store.comparison(comparison))?.variants;
  return variants?.map(({ configuration }) => configuration) ?? [];
}
