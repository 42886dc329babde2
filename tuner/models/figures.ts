import type { Prediction } from '../../store/trial.ts';

/** How well predictions of one study's trials agree with what was measured. */
export type Figures = Readonly<{
  /** Spearman's rank correlation. */
  rank: number;
  /** Median of |ln(predicted ÷ measured)|: 0.1 is about 10 %. */
  error: number;
  /** How much slower the best of the ten that look fastest is than the best of all: 0.05 is 5 %. */
  regret: number;
  /** Share of the measured inside the 90 % interval. */
  inside: number;
}>;

const TOP = 10;
/** Half the width of a normal's 90 % interval, in standard deviations. */
const Z90 = 1.645;

export function figuresOf(predictions: readonly Prediction[], logTimes: readonly number[]): Figures {
  const means = predictions.map(({ meanLog }) => meanLog);
  const errors = logTimes.map((time, i) => Math.abs(time - means[i]));
  const best = Math.min(...logTimes);
  const top = order(means).slice(0, TOP);
  return {
    rank: pearson(ranks(means), ranks(logTimes)),
    error: [...errors].sort((a, b) => a - b)[errors.length >> 1],
    regret: Math.exp(Math.min(...top.map((i) => logTimes[i])) - best) - 1,
    inside: errors.filter((error, i) => error <= Z90 * predictions[i].sdLog).length / errors.length,
  };
}

/** Means over studies. */
export function meanFigures(all: readonly Figures[]): Figures {
  const mean = (pick: (figures: Figures) => number): number =>
    all.reduce((sum, figures) => sum + pick(figures), 0) / all.length;
  return {
    rank: mean(({ rank }) => rank),
    error: mean(({ error }) => error),
    regret: mean(({ regret }) => regret),
    inside: mean(({ inside }) => inside),
  };
}

function order(values: readonly number[]): number[] {
  return values.map((_, i) => i).sort((a, b) => values[a] - values[b] || a - b);
}

/** Equal values share the mean of their ranks. */
function ranks(values: readonly number[]): number[] {
  const sorted = order(values);
  const ranked: number[] = [];
  for (let from = 0; from < sorted.length; ) {
    let to = from;
    while (to < sorted.length && values[sorted[to]] === values[sorted[from]]) to++;
    for (let i = from; i < to; i++) ranked[sorted[i]] = (from + to - 1) / 2;
    from = to;
  }
  return ranked;
}

function pearson(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [a, b].map(
    (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
  );
  let [both, ofA, ofB] = [0, 0, 0];
  a.forEach((value, i) => {
    both += (value - meanA) * (b[i] - meanB);
    ofA += (value - meanA) ** 2;
    ofB += (b[i] - meanB) ** 2;
  });
  return ofA === 0 || ofB === 0 ? 0 : both / Math.sqrt(ofA * ofB);
}
