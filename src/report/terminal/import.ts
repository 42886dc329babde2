import type { ImportDocument } from '../documents/import.ts';
import { formatCount } from './numbers.ts';
import type { Paint } from './paint.ts';
import { drawTable } from './table.ts';

/** What was imported under which name, and what was not and why. */
export function drawImport({ imported, refused }: ImportDocument, paint: Paint): string {
  const withCalls = imported.some(({ calls }) => calls !== null);
  const cells = imported.map(({ name, shape, dtype, calls, hash }) => [
    name,
    shape,
    dtype,
    ...(withCalls ? [calls === null ? '–' : formatCount(calls)] : []),
    hash,
  ]);
  const titles = ['kernel', 'shape', 'dtype', ...(withCalls ? ['calls'] : []), 'hash'];
  const aligns = titles.map((title) => (title === 'calls' ? 'right' : 'left'));
  const table = imported.length === 0 ? '' : drawTable({ titles, aligns, cells }, paint);
  const [first] = imported;
  const next = first === undefined ? '' : `\nTune one with \`nightshift tune ${first.name}\`.\n`;
  const missing = refused.map(
    ({ name, calls, reason }) =>
      `${paint.yellow('!')} not imported: ${name}, called ${calls === 1 ? 'once' : `${calls} times`}\n    ${reason}\n`,
  );
  return table + missing.join('') + next;
}
