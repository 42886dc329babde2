import type { Figures } from '../figures.ts';

/** Standard deviations of ln(time) that add to the members' disagreement, by what is new about a study. */
export type Spread = Readonly<{ always: number; newKernel: number; newTarget: number }>;

/** A held-out prediction: its error, the members' disagreement, and how new its study was to the model. */
export type HeldOut = Readonly<{ error: number; sd: number; kernel: number; target: number }>;

/** What held-out data is held out by. */
export const SPLITS = Object.freeze(['study', 'kernel', 'target'] as const);
export type Split = (typeof SPLITS)[number];

export type HeldOutStudy = Readonly<{
  split: Split;
  kernel: string;
  target: string;
  figures: Figures;
  trials: readonly HeldOut[];
}>;

/** Half the width of a normal's 90 % interval, in standard deviations. */
const Z90 = 1.645;
const INSIDE = 0.9;
/** Nothing was held out to measure it by: a factor of e either way. */
const UNMEASURED = 1;

/** So wide that 90 % of what was held out lies inside the 90 % interval, split by split. */
export function spreadFrom(studies: readonly HeldOutStudy[]): Spread {
  const trials = (split: Split): readonly HeldOut[] =>
    studies.flatMap((study) => (study.split === split ? study.trials : []));
  let spread: Spread = { always: 0, newKernel: 0, newTarget: 0 };
  spread = { ...spread, always: wideEnough(trials('study'), (always) => ({ ...spread, always })) };
  spread = { ...spread, newKernel: wideEnough(trials('kernel'), (newKernel) => ({ ...spread, newKernel })) };
  return { ...spread, newTarget: wideEnough(trials('target'), (newTarget) => ({ ...spread, newTarget })) };
}

export function sdWithin(spread: Spread, { sd, kernel, target }: Omit<HeldOut, 'error'>): number {
  return Math.hypot(sd, spread.always, kernel * spread.newKernel, target * spread.newTarget);
}

function wideEnough(trials: readonly HeldOut[], at: (width: number) => Spread): number {
  if (trials.length === 0) return UNMEASURED;
  const inside = (width: number): number => {
    const spread = at(width);
    return (
      trials.filter((trial) => Math.abs(trial.error) <= Z90 * sdWithin(spread, trial)).length / trials.length
    );
  };
  let [low, high] = [0, 8];
  if (inside(low) >= INSIDE) return low;
  for (let step = 0; step < 40; step++) {
    const middle = (low + high) / 2;
    if (inside(middle) >= INSIDE) high = middle;
    else low = middle;
  }
  return high;
}
