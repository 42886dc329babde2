import { count, gain } from '../numbers.js';
import { timeLabels } from '../words.js';

/** @import { PlanSummary } from '../../served/data.js' */

/** What tells a plan from others of its name. */
const DIGITS = 6;

/**
 * "overnight.yaml (726fa1)", or "plan 726fa1" where nobody named it.
 * @param {Readonly<{ id: string, name: string | null }>} plan
 */
export function planTitle({ id, name }) {
  const digits = id.slice(0, DIGITS);
  return name === null ? `plan ${digits}` : `${name} (${digits})`;
}

/**
 * "3.93× [3.88, 3.96] on hexagon-mlir (simulated)": how much faster what has ended is together, for each target.
 * @param {PlanSummary} plan
 */
export function planGains({ studies, sums }) {
  return sums.map(({ target, gain: found }) => `${gain(found)} on ${withLabel(target, studies)}`);
}

/**
 * "16 kernels on hexagon-mlir (simulated)"
 * @param {PlanSummary} plan
 */
export function planContent({ studies }) {
  const kernels = new Set(studies.map(({ kernel, shape, dtype }) => `${kernel} ${shape} ${dtype}`));
  const [first] = studies;
  const what = kernels.size === 1 ? `${first.kernel} ${first.shape}` : `${count(kernels.size)} kernels`;
  const targets = [...new Set(studies.map(({ target }) => target))].map((target) =>
    withLabel(target, studies),
  );
  return `${what} on ${targets.join(', ')}`;
}

/**
 * @param {string} target
 * @param {PlanSummary['studies']} studies
 */
function withLabel(target, studies) {
  const from = studies.find((each) => each.target === target)?.from ?? null;
  return `${target}${from === null ? '' : ` (${timeLabels[from]})`}`;
}
