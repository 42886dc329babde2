import { withFigures } from '../machine/calibration.ts';
import { countsSomething } from '../machine/parameter-sets.ts';
import type { SimulatedTarget } from '../machine/schema.ts';
import type { TimeTerm } from './blame.ts';
import { type LoggedTime, misfits } from './logged-times.ts';
import type { FigureVerdict } from './verdicts.ts';

/** A figure that ends at a bound of its range, though a value beyond would take away a share of the squared misfit. */
export type Beyond = Readonly<{
  figure: string;
  bound: number;
  value: number;
  term: TimeTerm;
  explains: number;
}>;

/** Factors by which a figure is moved beyond its bound. */
const FACTORS = [1.1, 1.25, 1.5, 2, 3, 5, 10, 30];
/** A smaller share of the squared misfit is none, and so is all of a misfit that is within the clock's. */
const LEAST = 0.15;
const A_MISFIT = 0.5;

/** The figure whose range is most likely too narrow; null where none is. All others stay as they are fitted. */
export function beyondRange(
  machine: SimulatedTarget,
  times: readonly LoggedTime[],
  figures: readonly FigureVerdict[],
): Beyond | null {
  const squares = (of: SimulatedTarget): number =>
    misfits(of, times).reduce((sum, off, i) => sum + (off / times[i].uncertainty) ** 2, 0);
  const all = squares(machine);
  if (all < A_MISFIT * times.length) return null;
  const found = figures.flatMap(({ figure, atBound: bound, stated }): Beyond[] => {
    if (bound === null || bound <= 0 || countsSomething(figure)) return [];
    return FACTORS.map((factor) => {
      const value = Number((bound === stated[1] ? bound * factor : bound / factor).toPrecision(3));
      const explains = 1 - squares(withFigures(machine, { [figure]: value })) / all;
      return { figure, bound, value, term: termOfFigure(figure), explains };
    });
  });
  const most = found.reduce<Beyond | null>(
    (best, one) => (best === null || one.explains > best.explains ? one : best),
    null,
  );
  return most !== null && most.explains >= LEAST ? most : null;
}

/** The term of a call's time that a figure decides. */
function termOfFigure(figure: string): TimeTerm {
  if (/^(callUs|forkJoinUs|barrierUs)/.test(figure)) return 'fork-join';
  if (figure.startsWith('dma.')) return 'DMA';
  if (/latency|unrollHides|^ops\.(vector|scalar)\./i.test(figure)) return 'stalls';
  return /^(memory|copy|direct|scratchpad)/.test(figure) ? 'memory' : 'issue';
}
