import type { Budget } from '../../../store/records.ts';
import { USUAL_TRIALS, WHOLE_SPACE } from '../../ask/usual-budget.ts';
import { parseDuration } from '../../text/duration.ts';
import type { Flags } from '../flags.ts';
import type { OptionSpec } from './_base.ts';

/** Less than this counts as no gain, as in plans. */
const GAIN = 0.01;

export const budgetOptions = Object.freeze({
  trials: {
    kind: 'text',
    describe: 'Stop after this many trials',
    otherwise: `simulated: ${USUAL_TRIALS}, or the whole space up to ${WHOLE_SPACE}`,
    alias: 'n',
    group: 'How long:',
  },
  for: {
    kind: 'text',
    describe: 'Take this long, the final comparison included: 40s, 10m, 6h',
    otherwise: 'on a real machine 60s',
    group: 'How long:',
  },
  patience: {
    kind: 'text',
    describe: 'Stop after so many trials of the study without a gain of 1 %',
    otherwise: 'none',
    group: 'How long:',
  },
} as const satisfies Record<string, OptionSpec>);

/** The budget that the flags set; undefined without flags. The first limit reached ends the search. */
export function budgetFrom(flags: Flags<keyof typeof budgetOptions>): Budget | undefined {
  const trials = flags.count('trials');
  const duration = flags.text('for');
  const forMs = duration === undefined ? undefined : parseDuration('--for', duration);
  const patience = flags.count('patience');
  if (trials === undefined && forMs === undefined && patience === undefined) return undefined;
  return {
    ...(trials !== undefined && { trials }),
    ...(forMs !== undefined && { forMs }),
    ...(patience !== undefined && { stall: { gain: GAIN, trials: patience } }),
  };
}
