import type { Gain } from '../../../tuner/attribution/gain.ts';
import { element } from '../../languages/markup.ts';
import { middleCut } from '../../text/middle-cut.ts';
import { type Figure, TEXT_WIDTH } from '../svg/figure.ts';
import { label } from '../svg/label.ts';
import { logScale, type Scale } from '../svg/scale.ts';
import { formatGain } from '../words/numbers.ts';
import { WIDTH } from './_place.ts';
import { formatTick, whisker } from './ladder.ts';

/** The gain over the default of one study. */
export type GainRow = Readonly<{
  name: string;
  /** "1048576 f32": never shortened. */
  shape: string;
  target: string;
  gain: Gain;
}>;

const ROW = 26;
const RIGHT = 140;
const TOP = 6;
const GAP = 16;
/** Wider than other figures: it has the names of all studies. */
const BROAD = 1180;
/** A figure of more rows would be longer than a printed page, and its axis out of sight. */
const MOST_ROWS = 24;
/** Longer names are shortened in the figure; the description has them in full. */
const LONGEST_NAME = 44;
const LONGEST_TARGET = 28;

/** A dot for each study on one logarithmic axis, with its interval; the line at 1 is the default. Many rows make several figures. */
export function plotGains(id: string, rows: readonly GainRow[]): readonly Figure[] {
  const values = rows.flatMap(({ gain: { value, low, high } }) => [value, low ?? value, high ?? value]);
  const places = placesOf(rows);
  const scale = logScale([1, 2, ...values], { from: places.left, to: places.width - RIGHT }, 6);
  const count = Math.ceil(rows.length / MOST_ROWS);
  return Array.from({ length: count }, (_, part) => {
    const shown = rows.slice(part * MOST_ROWS, (part + 1) * MOST_ROWS);
    const title = `Gain over the default, by study${count === 1 ? '' : ` (${part + 1} of ${count})`}`;
    return plotPart(part === 0 ? id : `${id}-${part + 1}`, title, shown, scale, places);
  });
}

type Places = Readonly<{ shape: number; left: number; width: number }>;

/** Pixels for the longest of each column, so that they never overlap. */
function placesOf(rows: readonly GainRow[]): Places {
  const longest = (text: (row: GainRow) => string, most: number): number =>
    Math.max(...rows.map((row) => Math.min(most, text(row).length))) * TEXT_WIDTH;
  const shape = longest(({ name }) => name, LONGEST_NAME) + GAP;
  const target = shape + longest((row) => row.shape, Number.POSITIVE_INFINITY) + GAP;
  const left = Math.max(120, target + longest((row) => row.target, LONGEST_TARGET) + GAP);
  return { shape, left, width: Math.max(WIDTH, Math.min(BROAD, left + 0.75 * WIDTH)) };
}

function plotPart(
  id: string,
  title: string,
  rows: readonly GainRow[],
  scale: Scale,
  { shape, left, width }: Places,
): Figure {
  const bottom = TOP + rows.length * ROW;
  const grid = scale.ticks.map(
    (tick) =>
      element('line', { x1: scale.at(tick), x2: scale.at(tick), y1: TOP, y2: bottom, class: 'grid' }) +
      label(scale.at(tick), bottom + 16, formatTick(tick), { anchor: 'middle', kind: 'tick' }),
  );
  const drawn = rows.map((row, place) => {
    const { name, target, gain } = row;
    const y = TOP + place * ROW + ROW / 2;
    const isAgain = place > 0 && rows[place - 1].name === name;
    return [
      label(0, y + 4, isAgain ? '' : middleCut(name, LONGEST_NAME)),
      label(shape, y + 4, row.shape),
      label(left - 12, y + 4, middleCut(target, LONGEST_TARGET), { anchor: 'end', kind: 'soft' }),
      gain.low === null || gain.high === null ? '' : whisker(scale.at(gain.low), scale.at(gain.high), y),
      element('circle', { cx: scale.at(gain.value), cy: y, r: 4.5, class: 'dot' }),
      label(width, y + 4, formatGain(gain), { anchor: 'end', kind: 'strong' }),
    ].join('');
  });
  const one = element('line', { x1: scale.at(1), x2: scale.at(1), y1: TOP, y2: bottom, class: 'axis' });
  return {
    id,
    title,
    description: rows
      .map((row) => `${row.name} ${row.shape} on ${row.target}: ${formatGain(row.gain)}`)
      .join('; '),
    width,
    height: bottom + 24,
    body: [...grid, one, ...drawn].join(''),
  };
}
