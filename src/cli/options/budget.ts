import type { Budget, TargetKind } from '../../../store/records.ts';
import { parseDuration } from '../../text/duration.ts';
import type { OptionSpec } from '../command.ts';
import type { Flags } from '../flags.ts';

/** Spaces up to this many configurations are tried whole on a simulator. */
const WHOLE = 4096;
const TRIALS = 300;
const REAL_MS = 60_000;

export const budgetOptions = Object.freeze({
  trials: {
    kind: 'text',
    describe: 'Stop after so many trials',
    otherwise: `simulated: ${TRIALS}, or the whole space up to ${WHOLE}`,
    alias: 'n',
    group: 'How long:',
  },
  for: {
    kind: 'text',
    describe:
      'Search for so long: 40s, 10m, 6h; on a real machine the final comparison takes about half as long on top',
    otherwise: 'on a real machine 60s',
    group: 'How long:',
  },
} as const satisfies Record<string, OptionSpec>);

/** What was asked for; without flags, what a first look deserves. The limit reached first wins. */
export function budgetFrom(
  flags: Flags<keyof typeof budgetOptions>,
  target: Readonly<{ kind: TargetKind }>,
  spaceSize: number,
): Budget {
  const trials = flags.count('trials');
  const duration = flags.text('for');
  const forMs = duration === undefined ? undefined : parseDuration('--for', duration);
  if (trials === undefined && forMs === undefined) return usualBudget(target, spaceSize);
  return { ...(trials !== undefined && { trials }), ...(forMs !== undefined && { forMs }) };
}

function usualBudget({ kind }: Readonly<{ kind: TargetKind }>, spaceSize: number): Budget {
  if (kind === 'wasm' || kind === 'device') return { forMs: REAL_MS };
  return spaceSize <= WHOLE ? {} : { trials: TRIALS };
}
