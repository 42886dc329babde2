import type { WrittenPlan } from './plan.ts';

/** A plan for a whole model: every kernel that it calls, the most called first, weighted by its calls. */
export function modelPlan(
  kernels: readonly Readonly<{ name: string; calls: number }>[],
  targets: readonly string[],
  trials: number,
): WrittenPlan {
  const studies = [...kernels]
    .sort((a, b) => b.calls - a.calls || (a.name < b.name ? -1 : 1))
    .map(({ name, calls }) => ({ kernel: name, calls }));
  return { seed: 1, targets: [...targets], studies, budget: { trials } };
}
