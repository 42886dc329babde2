import { parseDuration } from '../../text/duration.ts';
import type { Flags } from '../flags.ts';
import { percentage } from '../percentage.ts';
import type { OptionSpec } from './_base.ts';

const USUAL_TIME = '2m';

export const byOption = Object.freeze({
  by: {
    kind: 'text',
    describe: 'Faster by more than this: 2%',
    otherwise: '0%',
    group: 'What:',
  },
} as const satisfies Record<string, OptionSpec>);

/** 0.02 for 2%. Throws InputError. */
export function byFrom(flags: Flags<keyof typeof byOption>): number {
  const text = flags.text('by') ?? '0';
  return text === '0' ? 0 : percentage('--by', text);
}

export const verifyForOption = Object.freeze({
  for: {
    kind: 'text',
    describe: 'On a real clock, at most this long: 5m; what is not known by then is unknown',
    otherwise: USUAL_TIME,
    group: 'How long:',
  },
} as const satisfies Record<string, OptionSpec>);

/** Milliseconds. Throws InputError. */
export function verifyForMs(text: string = USUAL_TIME): number {
  return parseDuration('--for', text);
}
