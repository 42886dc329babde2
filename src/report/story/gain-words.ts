import { MECHANISMS, type Mechanism } from '../../../search-space/parameter.ts';
import type { Findings, MechanismGains } from '../../../tuner/attribution/findings.ts';
import type { Gain } from '../../../tuner/attribution/gain.ts';
import { formatGain } from '../words/numbers.ts';

export const MECHANISM_NAMES: Readonly<Record<Mechanism, string>> = Object.freeze({
  vec: 'Vec',
  mt: 'MT',
  db: 'DB',
});

/**
 * Details of the gains, a sentence each without a full stop: gains in parts, gains against rivals, and
 * mechanisms that do not pay.
 */
export function gainSentences(gains: Findings['gains']): readonly string[] {
  return MECHANISMS.flatMap((mechanism) => {
    const found = gains[mechanism];
    return found === undefined ? [] : sentencesOf(MECHANISM_NAMES[mechanism], found);
  });
}

function sentencesOf(name: string, { parts, apart = [], forced, rivals = [] }: MechanismGains) {
  const service =
    parts === undefined
      ? []
      : [
          `${name} in two parts: DMA instead of core copies ${formatGain(parts.service)}, overlap ${formatGain(parts.itself)}`,
        ];
  const split = apart.map(
    ({ label, without, onTop }) =>
      `${name} without ${label} ${formatGain(without)}, these on top ${formatGain(onTop)}`,
  );
  const met = rivals.map(({ label, gain }) => `${name} against ${label} ${formatGain(gain)}${verdict(gain)}`);
  const loses = isBelowOne(forced)
    ? [`${name} does not pay here: forced on, all else tuned, ${formatGain(forced)}`]
    : [];
  return [...service, ...split, ...met, ...loses];
}

function verdict(gain: Gain | null): string {
  if (gain === null) return ', not measured';
  if (isBelowOne(gain)) return ', does not pay';
  return gain.low !== null && gain.low <= 1 ? ', no significant difference' : '';
}

/** Whether the whole interval is below 1; without an interval, whether the value is below 0.99. */
function isBelowOne(gain: Gain | null): boolean {
  if (gain === null) return false;
  return gain.high === null ? gain.value < 0.99 : gain.high < 1;
}
