import type { LadderRung } from '../../../tuner/attribution/findings.ts';
import { isKnown, isUnknown, knownOr } from '../../../tuner/attribution/gain.ts';
import { reasonWords } from '../../text/unknown-words.ts';
import { formatFactor, formatGain, formatTime, unitOf } from '../words/numbers.ts';
import { rungTitle, stepSentences } from '../words/rungs.ts';
import { bar } from './bar.ts';
import { drawWithin } from './fit.ts';
import type { Paint } from './paint.ts';
import { wrapped } from './width.ts';

/** Columns of a ladder without its bars. */
const NUMBERS = 58;
const LONGEST_BAR = 48;
const SHORTEST_BAR = 8;
/** The column of the bars. */
const BARS = 1;

/**
 * Rungs as a staircase: a bar's length is the logarithm of the speed-up over scalar code. The part of
 * the rungs below is shaded, the rung's own step is solid. What is unknown has no bar; below the table stands why. A narrow terminal has no room for bars.
 */
export function drawLadder(rungs: readonly LadderRung[], columns: number, paint: Paint): string {
  const room = Math.min(LONGEST_BAR, columns - NUMBERS);
  const shown = <T>(row: readonly T[]): readonly T[] =>
    room < SHORTEST_BAR ? row.filter((_, place) => place !== BARS) : row;
  const heights = rungs.map(({ gainOverScalar }) =>
    Math.log(Math.max(1, knownOr(gainOverScalar)?.value ?? 1)),
  );
  const highest = Math.max(...heights, Math.log(1.01));
  const unit = unitOf(rungs.map(({ timeUs }) => timeUs));
  const rows = rungs.map((rung, step) => {
    const all = knownOr(rung.gainOverScalar);
    const below = Math.round(
      (Math.max(0, room) * Math.max(...heights.slice(0, Math.max(1, step)))) / highest,
    );
    const whole = (room * heights[step]) / highest;
    return [
      rungTitle(rungs, step),
      all === null ? '' : paint.dim('░'.repeat(below)) + paint.green(bar(Math.max(0, whole - below))),
      formatTime(rung.timeUs, unit),
      step === 0 ? '' : formatGain(rung.gainOverPrevious),
      step === 0 ? '' : all === null ? formatGain(rung.gainOverScalar) : formatFactor(all.value),
    ];
  });
  const table = drawWithin(
    {
      titles: shown(['rung', 'speed-up (log)', unit.name, 'step', 'in all']),
      aligns: shown(['left', 'left', 'right', 'left', 'right']),
      stands: shown([undefined, undefined, undefined, undefined, 'below']),
      cells: rows.map(shown),
    },
    columns,
    paint,
  );
  const reasons = rungs.flatMap(({ timeUs, gainOverPrevious: step }, place) => {
    const why = [timeUs, step].find((figure) => !isKnown(figure) && figure.unknown !== 'not applicable');
    if (!isUnknown(why)) return [];
    return [wrapped(`${rungTitle(rungs, place)}: ${reasonWords(why)}`, columns)];
  });
  return table + reasons.join('');
}

/** What a step consists of, and what it rests on, a line each. */
export function drawSteps(rungs: readonly LadderRung[], columns: number): string {
  return stepSentences(rungs)
    .map((sentence) => wrapped(sentence, columns))
    .join('');
}
