import { targetKinds } from '../../../store/target-kinds.ts';
import { isKnown } from '../../../tuner/attribution/gain.ts';
import type { WhyWay } from '../../answers/why/step.ts';
import type { WhyDocument } from '../../documents/why.ts';
import { timeIn } from '../../text/time-text.ts';
import { reasonWords } from '../../text/unknown-words.ts';
import { formatGain } from '../words/numbers.ts';
import { changesOf, effectsOf, limitSentence, stepGain, waySentences, wayUnit } from '../words/why.ts';
import { drawWithin } from './fit.ts';
import type { Paint } from './paint.ts';
import { drawTitle } from './study-title.ts';
import { width, wrapped } from './width.ts';

/** Columns of the table without its bars and its longest change. */
const NUMBERS = 34;
const LONGEST_BAR = 40;
/** As wide as their title. */
const SHORTEST_BAR = 14;
/** The column of the bars. */
const BARS = 1;

/** From the default to the configuration to use, one parameter at a time, and what limits it now. */
export function drawWhy(document: WhyDocument, columns: number, paint: Paint): string {
  const { study, from, way, limit, gainOverDefault } = document;
  const gain = isKnown(gainOverDefault)
    ? `${paint.bold(paint.green(formatGain(gainOverDefault)))} as fast as the default, in the final comparison`
    : reasonWords(gainOverDefault);
  return [
    drawTitle(study, targetKinds[from].label, paint),
    `${wrapped(gain, columns)}\n`,
    isKnown(way)
      ? drawWay(way, columns, paint)
      : wrapped(`The way from the default is ${reasonWords(way)}.`, columns),
    `\n${paint.bold(wrapped(limitSentence(limit, way), columns).trimEnd())}\n`,
  ].join('');
}

function drawWay(way: WhyWay, columns: number, paint: Paint): string {
  const unit = wayUnit(way);
  const { told } = effectsOf(way);
  const names = told.map(changesOf);
  const widest = Math.max(7, ...names.flat().map(width));
  const room = Math.min(LONGEST_BAR, columns - NUMBERS - widest);
  const times = told.map(({ timeUs }) => (isKnown(timeUs) ? timeUs : null));
  const bars = waterfall(way.startUs, times, Math.max(0, room), paint);
  const rows = told.flatMap((step, place) => {
    const [first, ...others] = names[place];
    const timeUs = times[place];
    const time = timeUs === null ? 'unknown' : timeIn(unit, timeUs);
    return [[first, bars[place], time, stepGain(step)], ...others.map((name) => [name, '', '', ''])];
  });
  const start = ['default', '', timeIn(unit, way.startUs), way.startHow === 'predicted' ? 'predicted' : ''];
  // A narrow terminal has room for the numbers only.
  const shown = <T>(row: readonly T[]): readonly T[] =>
    room < SHORTEST_BAR ? row.filter((_, place) => place !== BARS) : row;
  const table = drawWithin(
    {
      titles: shown(['change', 'speed-up (log)', unit.name, 'step']),
      aligns: shown(['left', 'left', 'right', 'left']),
      yields: ['words'],
      cells: [start, ...rows].map(shown),
    },
    columns,
    paint,
  );
  return (
    table +
    waySentences(way)
      .map((words) => wrapped(words, columns))
      .join('')
  );
}

/** A piece of a bar for each time, from the speed-up before to its own; one that makes it slower is shaded. */
function waterfall(
  startUs: number,
  times: readonly (number | null)[],
  room: number,
  paint: Paint,
): readonly string[] {
  const heights = times.map((time) => (time === null ? 0 : Math.log(startUs / time)));
  const [lowest, highest] = [Math.min(0, ...heights), Math.max(Math.log(1.01), ...heights)];
  const cell = (height: number): number => Math.round((room * (height - lowest)) / (highest - lowest));
  let before = 0;
  return heights.map((height, place) => {
    if (times[place] === null) return '';
    const [left, right] = [cell(Math.min(before, height)), cell(Math.max(before, height))];
    const piece =
      height < before ? paint.red('░'.repeat(right - left)) : paint.green('█'.repeat(right - left));
    before = height;
    return ' '.repeat(left) + piece;
  });
}
