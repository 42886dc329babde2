import type { ImportDocument } from '../../documents/import.ts';
import { shellWord } from '../../languages/shell.ts';
import { formatCount } from '../../text/number-text.ts';
import { countOf } from '../words/numbers.ts';
import type { Paint } from './paint.ts';
import { drawTable } from './table.ts';

/** The imported kernels, and those that could not be imported with the reason. */
export function drawImport({ imported, refused }: ImportDocument, paint: Paint): string {
  const isModel = imported.some(({ calls }) => calls !== null);
  const cells = imported.map(({ name, shape, dtype, calls, variants, hash }) => [
    name,
    shape,
    dtype,
    ...(isModel ? [calls, variants].map((count) => (count === null ? '–' : formatCount(count))) : []),
    hash,
  ]);
  const titles = ['kernel', 'shape', 'dtype', ...(isModel ? ['calls', 'variants'] : []), 'hash'];
  const aligns = titles.map((title) => (title === 'calls' || title === 'variants' ? 'right' : 'left'));
  const table = imported.length === 0 ? '' : drawTable({ titles, aligns, cells }, paint);
  const [first] = imported;
  const next = first === undefined ? '' : `\nTune one with \`nightshift tune ${shellWord(first.name)}\`.\n`;
  const missing = refused.map(
    ({ name, calls, reason }) =>
      `${paint.yellow('!')} not imported: ${name}, called ${calls === 1 ? 'once' : `${calls} times`}\n    ${reason}\n`,
  );
  return table + missing.join('') + (isModel ? total(imported, refused) : '') + next;
}

function total(imported: ImportDocument['imported'], refused: ImportDocument['refused']): string {
  const taken = imported.reduce((sum, { calls }) => sum + (calls ?? 0), 0);
  const all = refused.reduce((sum, { calls }) => sum + calls, taken);
  return `${formatCount(taken)} of ${countOf(all, 'call')} imported.\n`;
}
