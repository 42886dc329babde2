/** How fast the loss of a pair falls where its two are put in order: the slope in standard deviations of what is learned. */
const SLOPE = 3;

/** Rows of a batch: the study of each, and where it belongs in the order of its study. */
export type Ranked = Readonly<{ study: number; known: number; wanted: number }>;

/**
 * The gradient of the pairwise logistic loss (Burges et al. 2005) by each answer, the mean over all pairs of one study
 * whose order is known: a search asks which of two is faster, not by how much a study is wrong as a whole. Answers
 * are ranked by what is `known` of them besides.
 */
export function rankingGradient(
  rows: readonly Ranked[],
  answers: ArrayLike<number>,
): Float32Array<ArrayBuffer> {
  const gradient = new Float32Array(rows.length);
  let pairs = 0;
  for (let i = 0; i < rows.length; i++)
    for (let j = 0; j < i; j++) {
      if (rows[i].study !== rows[j].study) continue;
      const order = rows[i].known + rows[i].wanted - rows[j].known - rows[j].wanted;
      if (Math.abs(order) < 1e-6) continue;
      const sign = Math.sign(order);
      const apart = sign * (rows[i].known + answers[i] - rows[j].known - answers[j]);
      const pull = (sign * SLOPE) / (1 + Math.exp(SLOPE * apart));
      gradient[i] -= pull;
      gradient[j] += pull;
      pairs += 1;
    }
  return pairs === 0 ? gradient : gradient.map((value) => value / pairs);
}
