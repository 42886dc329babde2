import { InputError } from '../../search-space/input-error.ts';

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };

/** "40s", "10m", "6h", "1h30m" in milliseconds. Throws InputError for anything else. */
export function parseDuration(field: string, text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)([smh])/g)];
  const whole = parts.map(([part]) => part).join('');
  const milliseconds = parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * UNITS[unit], 0);
  if (whole !== text || milliseconds <= 0) {
    throw new InputError(field, `'${text}' is not a duration`, 'write 40s, 10m, 6h or 1h30m');
  }
  return milliseconds;
}

/** Two units at most: "1 h 30 min", "12 s". */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

const AGES: readonly (readonly [unit: string, milliseconds: number])[] = Object.freeze([
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
]);

/** One unit, rounded down: "3 d", "12 min", "now" within a second. */
export function formatAge(milliseconds: number): string {
  const [unit, least] = AGES.find(([, least]) => milliseconds >= least) ?? [];
  return least === undefined ? 'now' : `${Math.floor(milliseconds / least)} ${unit}`;
}
