import { InputError } from '../../search-space/input-error.ts';
import type { FindingStore } from '../../store/finding-store.ts';
import type { StudyStore } from '../../store/study-store.ts';
import type { GainFigure } from '../../tuner/attribution/gain.ts';
import { compareSides } from '../answers/compare/compare.ts';
import { sideOfStudy } from '../answers/compare/side.ts';

/** Time of the second study over that of the first, or why their times are not comparable. */
export type StudyComparison =
  | Readonly<{ state: 'compared'; change: GainFigure }>
  | Readonly<{ state: 'refused'; why: string }>;

/** Compares two studies as `nightshift compare` does. */
export async function compareStudies(
  before: string,
  after: string,
  store: StudyStore & FindingStore,
): Promise<StudyComparison> {
  const sides = [await sideOfStudy(before, store), await sideOfStudy(after, store)];
  if (sides.some((side) => side.length === 0))
    return { state: 'refused', why: 'one of the studies has no time yet' };
  try {
    const { rows } = compareSides(sides[0], sides[1], { failAbove: undefined, force: false });
    return { state: 'compared', change: rows[0].change };
  } catch (error) {
    if (error instanceof InputError) return { state: 'refused', why: error.problem };
    throw error;
  }
}
