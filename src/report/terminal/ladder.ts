import type { LadderRung } from '../../../tuner/attribution/findings.ts';
import { formatFactor, formatGain, formatMicroseconds } from '../words/numbers.ts';
import { rungTitle } from '../words/rungs.ts';
import { bar } from './bar.ts';
import type { Paint } from './paint.ts';
import { drawTable } from './table.ts';

/** Columns of a ladder without its bars. */
const NUMBERS = 58;
const LONGEST_BAR = 48;
const SHORTEST_BAR = 8;

/**
 * Rungs as a staircase: a bar's length is the logarithm of the speed-up over scalar code. The part of
 * the rungs below is shaded, the rung's own step is solid.
 */
export function drawLadder(rungs: readonly LadderRung[], columns: number, paint: Paint): string {
  const room = Math.max(SHORTEST_BAR, Math.min(LONGEST_BAR, columns - NUMBERS));
  const heights = rungs.map(({ gainOverScalar }) => Math.log(Math.max(1, gainOverScalar?.value ?? 1)));
  const highest = Math.max(...heights, Math.log(1.01));
  const rows = rungs.map((rung, step) => {
    const below = Math.round((room * heights[Math.max(0, step - 1)]) / highest);
    const whole = (room * heights[step]) / highest;
    return [
      rungTitle(rungs, step),
      paint.dim('░'.repeat(below)) + paint.green(bar(whole - below)),
      formatMicroseconds(rung.timeUs),
      step === 0 ? '' : formatGain(rung.gainOverPrevious),
      step === 0 || rung.gainOverScalar === null ? '' : formatFactor(rung.gainOverScalar.value),
    ];
  });
  return drawTable(
    {
      titles: ['rung', 'speed-up (log)', 'µs', 'step', 'in all'],
      aligns: ['left', 'left', 'right', 'left', 'right'],
      cells: rows,
    },
    paint,
  );
}
