import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { loadTarget, MODEL_REVISION } from '../../src/targets/npu/machine/load.ts';
import type { ParameterSet } from '../../src/targets/npu/machine/parameter-sets.ts';
import { fit } from '../fit/fit.ts';
import { plans } from '../fit/plans.ts';
import { LADDER_ROWS, type LadderRow, ladderGain } from './ladder-rows.ts';
import { type Observation, observations } from './observations.ts';

/** A published gain, and the simulator's with its interval, by parameter sets that were found without the figure. */
export type JudgedRow = Readonly<{
  row: LadderRow;
  simulated: number;
  low: number;
  high: number;
  holds: boolean;
}>;

/** The target whose ladder was published. */
export const JUDGED_TARGET = 'hexagon-mlir';
/** The file of the fits, which `npm run calibrate` writes: each takes some seconds. */
export const LEFT_OUT_FILE = 'left-out-fits.json';

const fitsSchema = z.strictObject({
  schemaVersion: z.literal(1),
  target: z.literal(JUDGED_TARGET),
  /** Of the simulator that the fits were made with. */
  modelRevision: z.int(),
  /** The figures of a set, in the order of its numbers. The first set, the best one, has the fitted ones only. */
  figures: z.array(z.string()),
  /** By row: the best set's error, and all accepted sets, each its numbers with a blank between: a line in the file. */
  fits: z.record(
    z.string(),
    z.strictObject({ error: z.number(), sets: z.array(z.string().regex(/^[\d. ]+$/)) }),
  ),
});

export type LeftOutFits = z.output<typeof fitsSchema>;

/** Fits the target once without each row. `done` is told of each. */
export function fitLeftOut(seed: number, done: (row: LadderRow) => void): LeftOutFits {
  const plan = plans[JUDGED_TARGET];
  const fits: LeftOutFits['fits'] = {};
  const all = observations();
  let figures: readonly string[] = plan.free.map(({ path }) => path);
  for (const row of LADDER_ROWS) {
    const { error, sets } = fit(loadTarget(JUDGED_TARGET), plan, observationsWithout(row, all), seed);
    // The sets of every row have the same figures.
    figures = [...new Set([...figures, ...sets.flatMap((set) => Object.keys(set))])];
    fits[row.id] = {
      error,
      sets: sets.map((set) => figures.flatMap((path) => set[path] ?? []).join(' ')),
    };
    done(row);
  }
  return {
    schemaVersion: 1,
    target: JUDGED_TARGET,
    modelRevision: MODEL_REVISION,
    figures: [...figures],
    fits,
  };
}

/** The figures that a row is judged by: those that are fitted, but for itself. */
export function observationsWithout(
  { leftOut }: LadderRow,
  all: readonly Observation[],
): readonly Observation[] {
  return all.filter(
    ({ device, use, id }) => device === JUDGED_TARGET && use === 'calibration' && !leftOut.includes(id),
  );
}

/** The stored fits. Throws Error where they were made with another revision of the simulator. */
export function leftOutFits(): LeftOutFits {
  const path = new URL(`../data/${LEFT_OUT_FILE}`, import.meta.url);
  const fits = fitsSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  if (fits.modelRevision !== MODEL_REVISION)
    throw new Error(`${LEFT_OUT_FILE} is of model revision ${fits.modelRevision}: npm run calibrate`);
  return fits;
}

/** The accepted sets of a row's fit; the first is the best. */
export function setsWithout({ figures, fits }: LeftOutFits, { id }: LadderRow): readonly ParameterSet[] {
  const { sets } = fits[id] ?? { sets: [] };
  return sets.map((line) =>
    Object.fromEntries(line.split(' ').map((word, place) => [figures[place], Number(word)])),
  );
}

/** Every row of the ladder, each with itself left out of the fit and of the spread. */
export function judgedRows(): readonly JudgedRow[] {
  const fits = leftOutFits();
  return LADDER_ROWS.map((row) => {
    const gains = setsWithout(fits, row).map(ladderGain(row, loadTarget(JUDGED_TARGET)));
    const [low, high] = [Math.min(...gains), Math.max(...gains)];
    return { row, simulated: gains[0], low, high, holds: low <= row.published && row.published <= high };
  });
}
