import { z } from 'zod';
import { permutation, randomFor } from '../../../../search-space/random.ts';
import { type Calibration, withFigures } from './calibration.ts';
import { targetFields } from './fields.ts';
import type { FigureOrigin } from './origins.ts';
import type { SimulatedTarget } from './schema.ts';

/** Values for the figures that are not known exactly, by their dotted paths into the target file. */
export type ParameterSet = Readonly<Record<string, number>>;

/** Where the parameter sets of a target come from, and so the intervals of its gains. */
export const INTERVAL_SOURCES = Object.freeze(['calibration', 'stated ranges'] as const);
export type IntervalSource = (typeof INTERVAL_SOURCES)[number];

const noted = z.object({ intervalsFrom: z.enum(INTERVAL_SOURCES) });

/** Where the intervals of a comparison come from, by its environment; null where it does not say. */
export function intervalSourceOf(environment: unknown): IntervalSource | null {
  const { success, data } = noted.safeParse(environment);
  return success ? data.intervalsFrom : null;
}

/** What a machine may be: the first set is the target as its file says. */
export type AcceptedSets = Readonly<{
  from: IntervalSource;
  sets: readonly ParameterSet[];
  /** How they were found, where that was a fit. */
  calibration?: Calibration;
}>;

/** As many as a calibration keeps: the target as it is, and one for each stratum of the ranges. */
const SETS = 40;

const accepted = new WeakMap<SimulatedTarget, AcceptedSets>();
const derived = new WeakMap<SimulatedTarget, Map<number, SimulatedTarget>>();

/** Remembers the parameter sets of a target, which is returned unchanged. */
export function attachSets(target: SimulatedTarget, sets: AcceptedSets | undefined): SimulatedTarget {
  if (sets !== undefined) accepted.set(target, sets);
  return target;
}

/** The parameter sets of a target; undefined where nothing says how well its figures are known. */
export function setsOf(target: SimulatedTarget): AcceptedSets | undefined {
  return accepted.get(target);
}

/** The calibration of a target; undefined where there is none. */
export function calibrationOf(target: SimulatedTarget): Calibration | undefined {
  return accepted.get(target)?.calibration;
}

/** How many parameter sets a session may go through; 1 where there are none, and gains have no interval. */
export function parameterSets(target: SimulatedTarget): number {
  return accepted.get(target)?.sets.length ?? 1;
}

/** The target with the n-th accepted parameter set; 0 is the target as its file says. */
export function withParameterSet(target: SimulatedTarget, set: number): SimulatedTarget {
  if (set === 0) return target;
  const sets = accepted.get(target)?.sets ?? [];
  if (sets.length === 0) return target;
  let made = derived.get(target);
  if (made === undefined) {
    made = new Map();
    derived.set(target, made);
  }
  let found = made.get(set);
  if (found === undefined) {
    found = withFigures(target, sets[set % sets.length]);
    made.set(set, found);
  }
  return found;
}

/** The sets without some figures, which then are what the target says in each of them. */
export function withoutFigures(
  { from, sets, calibration }: AcceptedSets,
  paths: readonly string[],
): AcceptedSets {
  const kept = sets.map((set) =>
    Object.fromEntries(Object.entries(set).filter(([path]) => !paths.includes(path))),
  );
  return { from, sets: kept, ...(calibration !== undefined && { calibration }) };
}

/**
 * Parameter sets within the ranges that a target file states; undefined where it states none. A Latin hypercube (McKay,
 * Beckman and Conover, Technometrics 21 (1979) 2): each range is cut into as many strata, evenly in the logarithm where
 * it is above 0, as there are sets, and each set has one of every range's. A range's order depends on its path alone, so
 * that two files which differ in one figure are compared set by set.
 */
export function setsWithinRanges(
  origins: ReadonlyMap<string, FigureOrigin>,
  count = SETS,
): AcceptedSets | undefined {
  const sets: Record<string, number>[] = Array.from({ length: count }, () => ({}));
  for (const [path, { value, range }] of origins) {
    if (range === undefined || typeof value !== 'number') continue;
    sets[0][path] = value;
    const random = randomFor('stated range', path);
    const strata = count - 1;
    for (const [place, stratum] of permutation(random, strata).entries())
      sets[place + 1][path] = drawnFrom(path, range, (stratum + random()) / strata);
  }
  return Object.keys(sets[0]).length === 0 ? undefined : { from: 'stated ranges', sets };
}

/** The value of a figure at a share of its range, to four digits; whole where the field counts something. */
export function drawnFrom(path: string, range: readonly [number, number], share: number): number {
  const drawn = figureWithin(path, range, share);
  return countsSomething(path) ? drawn : Math.min(range[1], Math.max(range[0], Number(drawn.toPrecision(4))));
}

/** The same with all digits. */
export function figureWithin(path: string, range: readonly [number, number], share: number): number {
  const [low, high] = range;
  const value = low > 0 ? low * (high / low) ** share : low + (high - low) * share;
  return countsSomething(path) ? Math.min(high, Math.max(low, Math.round(value))) : value;
}

/** The share of its range at which a figure has a value. */
export function shareOf([low, high]: readonly [number, number], value: number): number {
  return low > 0 ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
}

/** Whether a figure counts something. */
export function countsSomething(path: string): boolean {
  return wholeFields().has(path.replace(/\.\d+\./, '[].'));
}

let whole: ReadonlySet<string> | undefined;

/** The fields that count something. */
function wholeFields(): ReadonlySet<string> {
  whole ??= new Set(
    targetFields().flatMap(([path, limits]) =>
      [limits, ...(limits.anyOf ?? [])].some(({ type }) => type === 'integer') ? [path] : [],
    ),
  );
  return whole;
}
