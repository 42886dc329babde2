import { isKnown, type OrUnknown } from '../../tuner/attribution/gain.ts';
import type { Column } from '../report/listing/listing.ts';
import { formatTimeUs, timeUnitFor } from '../text/time-text.ts';

/** The two times of a study's best, µs, which are different timings; null before there is one. */
export type BestTimes = Readonly<{
  /** Of the fastest trial of the search. */
  fastestUs: number | null;
  /** Of what is recommended, by the final comparison. */
  comparedUs: number | null;
  /** Why neither is known. */
  best: OrUnknown<Readonly<{ basis: string }>>;
}>;

/** The columns of a list of studies for their best times, in one unit. */
export function bestColumns<Row>(
  rows: readonly Row[],
  timesOf: (row: Row) => BestTimes,
): readonly Column<Row>[] {
  const unit = timeUnitFor(
    rows.map(timesOf).flatMap((times) => [times.fastestUs ?? [], times.comparedUs ?? []].flat()),
  );
  const text = (timeUs: number | null): string => (timeUs === null ? '–' : formatTimeUs(timeUs, unit));
  const raw = (timeUs: number | null): string => (timeUs === null ? '' : String(timeUs));
  return [
    {
      title: 'fastest',
      key: 'fastest_us',
      align: 'right',
      text: (row) => {
        const { fastestUs, best } = timesOf(row);
        return fastestUs === null && !isKnown(best) ? best.unknown : text(fastestUs);
      },
      raw: (row) => raw(timesOf(row).fastestUs),
    },
    {
      title: 'compared',
      key: 'compared_us',
      align: 'right',
      text: (row) => text(timesOf(row).comparedUs),
      raw: (row) => raw(timesOf(row).comparedUs),
    },
    {
      title: 'best unknown',
      only: 'programs',
      text: (row) => {
        const { best } = timesOf(row);
        return isKnown(best) ? '' : `${best.unknown}: ${best.why}`;
      },
    },
  ];
}
