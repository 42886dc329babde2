import type { Configuration } from '../../../search-space/parameter.ts';
import { type TimeFigure, unknown } from '../../../tuner/attribution/gain.ts';
import type { Kernel } from '../../kernels/ir.ts';
import type { SimulatedTarget } from '../../targets/npu/machine/schema.ts';
import { applyWhatIf, changedFigure } from '../../targets/npu/machine/what-if.ts';
import { axisOf } from './axis.ts';
import { SimulatedSpace } from './simulated-space.ts';
import { type Flip, isBeyond, Winners } from './winners.ts';

/** The best configuration of a kernel on a simulated machine as it is and as it is asked about. Times in µs. */
export type WhatIfBest = Readonly<{
  changes: readonly string[];
  today: Readonly<{ configuration: Configuration; timeUs: number }>;
  changed: Readonly<{
    configuration: Configuration;
    timeUs: number;
    /** What today's best takes on the changed machine. */
    keptUs: TimeFigure;
  }>;
  /** How many configurations there are, and whether all of them were simulated. */
  searched: Readonly<{ size: number; isWhole: boolean }>;
  /** Null unless exactly one figure that is a number changes. */
  figure: Readonly<{
    name: string;
    today: number;
    asked: number;
    flips: readonly Flip[];
    /** The last value that was looked at: beyond the one asked for if the best is the same until there. */
    searchedTo: number;
  }> | null;
}>;

const NOT_THERE = unknown('not applicable', 'it is not possible on the changed machine');

/**
 * The best configuration of a simulated machine as it is and with the changes, and the values of the figure at which
 * another one becomes the best. `used`, what is used today, is the best while nothing is faster by 1 %. Takes a second for
 * usual spaces. Throws InputError for a change that cannot be.
 */
export function whatIfBest(
  kernel: Kernel,
  machine: SimulatedTarget,
  changes: readonly string[],
  used: Configuration | undefined,
): WhatIfBest {
  const asItIs = new SimulatedSpace(kernel, machine);
  const now = asItIs.fastest(used === undefined ? [] : [used]);
  const today = asItIs.best(now, used);
  const figure = figureOf(kernel, machine, changes, today.configuration);
  const changed = new SimulatedSpace(kernel, changes.reduce(applyWhatIf, machine));
  const last = figure?.flips.findLast(({ from }) => !isBeyond(from, figure));
  const there = changed.fastest([today, ...(figure?.flips ?? [])].map(({ configuration }) => configuration));
  const keptUs = changed.timeUs(today.configuration);
  return {
    changes,
    today,
    changed: {
      ...changed.best(there, (last ?? today).configuration),
      keptUs: Number.isFinite(keptUs) ? keptUs : NOT_THERE,
    },
    searched: { size: there.size, isWhole: there.isWhole && now.isWhole },
    figure,
  };
}

function figureOf(
  kernel: Kernel,
  machine: SimulatedTarget,
  changes: readonly string[],
  first: Configuration,
): WhatIfBest['figure'] {
  if (changes.length !== 1) return null;
  const figure = changedFigure(machine, changes[0]);
  if (figure === undefined) return null;
  const { name, limits, today, asked } = figure;
  if (typeof today !== 'number' || typeof asked !== 'number' || today === asked) return null;
  const axis = axisOf(limits, today, asked);
  return { name, today, asked, ...new Winners(kernel, figure, axis).flips(first, { today, asked }) };
}
