import type { SimulatedTarget } from '../machine/schema.ts';
import { type LoggedTime, misfitOf } from './logged-times.ts';
import { Machines } from './machines.ts';
import type { FigurePlace, OpenFigure } from './open-figures.ts';

/** Which times show which figures: those that change with one at any of some places. */
export class ShowingRows {
  readonly #rows: readonly (readonly number[])[];

  constructor(
    target: SimulatedTarget,
    figures: readonly OpenFigure[],
    times: readonly LoggedTime[],
    places: readonly FigurePlace[],
  ) {
    const machines = new Machines(target, figures);
    const found = figures.map(() => new Set<number>());
    const timesAt = (place: FigurePlace, rows: readonly number[]): readonly number[] => {
      const machine = machines.at(place);
      return rows.map((row) => misfitOf(machine, times[row]));
    };
    const all = [...times.keys()];
    for (const place of places) {
      const base = timesAt(place, all);
      for (const [i, known] of found.entries()) {
        for (const share of [0, 0.5, 1]) {
          const rows = all.filter((row) => !known.has(row));
          const moved = timesAt(place.with(i, share), rows);
          for (const [k, row] of rows.entries()) if (moved[k] !== base[row]) known.add(row);
        }
      }
    }
    this.#rows = found.map((rows) => [...rows].sort((a, b) => a - b));
  }

  /** The times that show a figure. */
  rows(figure: number): readonly number[] {
    return this.#rows[figure];
  }

  /** Positions of the figures that any time shows. */
  get seen(): readonly number[] {
    return this.#rows.flatMap((rows, i) => (rows.length > 0 ? [i] : []));
  }
}
