import type { Parameter } from '../../search-space/parameter.ts';
import type { StudyStore } from '../../store/study-store.ts';
import type { Result, SettledTrial } from '../../store/trial.ts';
import type { ImprovementCurve } from '../report/figures/best-so-far.ts';
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

/** Trials of a study from a number on, with what has changed with them. */
export type StudyTrials = Readonly<{
  trials: readonly PageTrial[];
  settled: number;
  /** Whether earlier trials are left out, but for the fastest. */
  isCut: boolean;
  curve: ImprovementCurve;
}>;

/** More are not told apart where the curve is drawn. */
const CURVE_POINTS = 500;
const FASTEST = 200;

/**
 * What a page that knows the trials before `from` lacks; from 0 on, the latest trials, and of a long study the fastest,
 * too. Undefined for an id that no study has.
 */
export async function studyTrials(
  id: string,
  from: number,
  store: StudyStore,
): Promise<StudyTrials | undefined> {
  const study = await store.study(id);
  if (study === undefined) return undefined;
  const { settled } = await store.counts(study.id);
  const first = Math.max(from, settled - MOST_TRIALS);
  const found = new Map((await latestOf(study.id, first, store)).map((trial) => [trial.number, trial]));
  if (first > from)
    for (const trial of await store.fastest(study.id, FASTEST)) found.set(trial.number, trial);
  const { parameters } = study.space;
  return {
    trials: [...found.values()]
      .sort((a, b) => a.number - b.number)
      .map((trial) => pageTrial(trial, parameters)),
    settled,
    isCut: first > from,
    curve: { trials: settled, improvements: await store.improvements(study.id, CURVE_POINTS) },
  };
}

function pageTrial(trial: SettledTrial, parameters: readonly Parameter[]): PageTrial {
  return { number: trial.number, ...unnumbered(trial, parameters) };
}

export function unnumbered(trial: Result, parameters: readonly Parameter[]): Omit<PageTrial, 'number'> {
  const { subset, origin, configuration } = trial;
  return {
    timeUs: trial.state === 'timed' ? trial.timeUs : null,
    reason: trial.state === 'invalid' ? `${trial.reason}: ${trial.message}` : null,
    subset,
    origin,
    digits: parameters.map(({ name, values }) => values.indexOf(configuration[name])),
  };
}
