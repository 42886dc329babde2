import type { Unknown } from '../../tuner/attribution/gain.ts';

/** "unknown, not tried (12 trials without it, 0 with it)"; what does not apply is not unknown. */
export function reasonWords({ unknown, why }: Unknown): string {
  return unknown === 'not applicable' ? `${unknown} (${why})` : `unknown, ${unknown} (${why})`;
}

/** For a cell of a table, which says the reason elsewhere; "–" where there is no such figure. */
export function unknownWord({ unknown }: Unknown): string {
  if (unknown === 'not applicable') return '–';
  return unknown === 'gated by the compiler' ? 'gated' : 'unknown';
}
