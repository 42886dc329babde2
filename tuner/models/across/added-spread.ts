import type { Figures } from '../figures.ts';

/** Standard deviations of ln(time) to add to the members' disagreement, by what is new about a study. */
export type AddedSpread = Readonly<{ always: number; newKernel: number; newTarget: number }>;

/** A held-out trial: the error of its prediction, the members' disagreement, and how new its study was to the model. */
export type HeldOutTrial = Readonly<{ error: number; sd: number; kernel: number; target: number }>;

/** A model is judged on some studies, kernels or targets that it was not shown. */
export const HELD_OUT_BY = Object.freeze(['study', 'kernel', 'target'] as const);
export type HeldOutBy = (typeof HELD_OUT_BY)[number];

export type HeldOutStudy = Readonly<{
  split: HeldOutBy;
  kernel: string;
  target: string;
  figures: Figures;
  trials: readonly HeldOutTrial[];
}>;

/** Half the width of a normal's 90 % interval, in standard deviations. */
const Z90 = 1.645;
const SHARE_INSIDE = 0.9;
/** Where no trial is held out to measure it on: a factor of e either way. */
const UNMEASURED = 1;

/** Just wide enough that 90 % of the held-out trials lie inside the 90 % interval: of studies, of kernels, of targets. */
export function addedSpreadFrom(studies: readonly HeldOutStudy[]): AddedSpread {
  const trials = (split: HeldOutBy): readonly HeldOutTrial[] =>
    studies.flatMap((study) => (study.split === split ? study.trials : []));
  let spread: AddedSpread = { always: 0, newKernel: 0, newTarget: 0 };
  spread = { ...spread, always: wideEnough(trials('study'), (always) => ({ ...spread, always })) };
  spread = { ...spread, newKernel: wideEnough(trials('kernel'), (newKernel) => ({ ...spread, newKernel })) };
  return { ...spread, newTarget: wideEnough(trials('target'), (newTarget) => ({ ...spread, newTarget })) };
}

/** The standard deviation of a prediction, with what is added. */
export function totalSd(spread: AddedSpread, { sd, kernel, target }: Omit<HeldOutTrial, 'error'>): number {
  return Math.hypot(sd, spread.always, kernel * spread.newKernel, target * spread.newTarget);
}

function wideEnough(trials: readonly HeldOutTrial[], at: (width: number) => AddedSpread): number {
  if (trials.length === 0) return UNMEASURED;
  const inside = (width: number): number => {
    const spread = at(width);
    return (
      trials.filter((trial) => Math.abs(trial.error) <= Z90 * totalSd(spread, trial)).length / trials.length
    );
  };
  let [low, high] = [0, 8];
  if (inside(low) >= SHARE_INSIDE) return low;
  for (let step = 0; step < 40; step++) {
    const middle = (low + high) / 2;
    if (inside(middle) >= SHARE_INSIDE) high = middle;
    else low = middle;
  }
  return high;
}
