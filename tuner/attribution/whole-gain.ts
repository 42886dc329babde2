import type { Gain, GainFigure } from './gain.ts';

/** A part of a whole: what all of its calls take by default and with what to use, in µs, and the gain between them. */
export type GainPart = Readonly<{ defaultUs: number; bestUs: number; gain: GainFigure }>;

/** Whether a part counts in a whole: its gain is known, or what to use is the default itself. */
export function isInWhole({ gain }: Pick<GainPart, 'gain'>): boolean {
  return !('unknown' in gain) || gain.unknown === 'not applicable';
}

/**
 * The gain of all parts together. At the ends of its interval all parts are at the same end of theirs at once: it is never
 * too narrow, whether what is not known of them is the same or not. No interval where a part has none.
 */
export function wholeGain(parts: readonly GainPart[]): Gain {
  const before = sum(parts.map(({ defaultUs }) => defaultUs));
  const at = (end: 'low' | 'high'): number | null => {
    const times = parts.map((part) => timeAt(part, end));
    return times.every((time) => time !== null) ? before / sum(times) : null;
  };
  return { value: before / sum(parts.map(({ bestUs }) => bestUs)), low: at('low'), high: at('high') };
}

/** What the part would take with the gain at that end of its interval; null where it has no interval. */
function timeAt({ bestUs, gain }: GainPart, end: 'low' | 'high'): number | null {
  if ('unknown' in gain) return bestUs;
  const bound = gain[end];
  return bound === null ? null : (bestUs * gain.value) / bound;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
