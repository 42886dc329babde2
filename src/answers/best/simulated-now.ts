import type { Configuration } from '../../../search-space/parameter.ts';
import { randomFor } from '../../../search-space/random.ts';
import type { SearchSpace } from '../../../search-space/search-space.ts';
import { targetKinds } from '../../../store/target-kinds.ts';
import { withComputedTimes } from '../../../tuner/attribution/computed-times.ts';
import { unknown } from '../../../tuner/attribution/gain.ts';
import { fastestFrom } from '../../../tuner/attribution/polish.ts';
import { compareContenders } from '../../../tuner/measurement/compare.ts';
import type { KernelOnTarget } from '../../ask/kernel-on-target.ts';
import { CODE_OPTION_NAMES } from '../../targets/npu/compiled/code.ts';
import { intervalSourceOf } from '../../targets/npu/machine/parameter-sets.ts';
import type { SimulatedBest } from './answer.ts';
import { gainOver, timeInterval } from './evidence.ts';
import { keyOf } from './robust.ts';

const NO_TIME = unknown('failed', 'the default could not be simulated');

/** What happens in such a search: so many files are left to compile. */
export type SimulatingEvent = Readonly<{ kind: 'building'; files: number }>;

/** Random members that the search starts from, besides what is known. */
const DRAWN = 1024;

/**
 * The fastest configuration that a search of the simulator finds here and now; undefined on a target whose times are
 * not computed. It is the same for the same question. Where code is compiled, its options are those of the default and of what
 * is known: all others would take minutes.
 */
export async function simulatedNow(
  { kernel, target }: KernelOnTarget,
  known: readonly Configuration[],
  listen: (event: SimulatingEvent) => void,
): Promise<SimulatedBest | undefined> {
  if (!targetKinds[target.kind].isSimulated) return undefined;
  const whole = target.space(kernel);
  const preferred = target.defaultConfiguration(kernel, whole);
  const space = withOptionsOf(whole, [preferred, ...known]);
  const backend = await target.backend(kernel, space);
  try {
    if (backend.timing.kind !== 'exact' || backend.timing.computed === undefined) return undefined;
    const random = randomFor('simulated now', kernel.name, ...kernel.shape);
    const drawn = Array.from({ length: DRAWN }, () => space.at(space.sample(random)));
    const starts = [preferred, ...known, ...drawn];
    const told = (files: number): void => listen({ kind: 'building', files });
    const { found } = await withComputedTimes(backend, new AbortController().signal, told, (timeOn) =>
      fastestFrom(space, starts, (configuration) => timeOn(configuration, 0)),
    );
    const { best, computed } = found;
    // A configuration whose code is wrong has no time.
    if (best === undefined || !Number.isFinite(best.timeUs)) return undefined;
    const isDefault = keyOf(preferred) === keyOf(best.configuration);
    const contenders = [preferred, best.configuration].map((configuration) => ({ label: '', configuration }));
    const { comparison } = await compareContenders(backend, contenders, 0, new AbortController().signal);
    return {
      ...best,
      computed,
      interval: comparison === null ? NO_TIME : timeInterval(comparison, 1),
      intervalFrom: intervalSourceOf(comparison?.environment),
      gainOverDefault: comparison === null ? NO_TIME : gainOver(comparison, 0, isDefault ? 0 : 1),
    };
  } finally {
    await backend.close();
  }
}

/** The members whose code is compiled as that of some configuration. */
function withOptionsOf(space: SearchSpace, some: readonly Configuration[]): SearchSpace {
  const named = CODE_OPTION_NAMES.filter((name) =>
    space.parameters.some((parameter) => parameter.name === name),
  );
  if (named.length === 0) return space;
  const values = Object.fromEntries(named.map((name) => [name, [...new Set(some.map((one) => one[name]))]]));
  return space.restrict({ values }) ?? space;
}
