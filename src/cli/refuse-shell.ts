import { InputError } from '../../search-space/input-error.ts';

/** Text between single quotes and after a backslash is meant literally; between double quotes, a shell expands. */
const QUOTED = /'[^']*'|\\.|"((?:[^"\\]|\\.)*)"/gs;
const EXPANSION = /\$[\w({]|`/;
const SHELL = /\$[\w({]|`|&&|\|\|?|;|\d?>{1,2}|<|&/;

/**
 * Throws InputError for what only a shell understands: `&&`, `|`, `;`, redirections, `$…` and backticks. These
 * command lines run without one, so such words would silently become arguments.
 */
export function refuseShell(field: string, text: string): void {
  const open = text.replaceAll(QUOTED, (_, double?: string) => EXPANSION.exec(double ?? '')?.[0] ?? ' ');
  const found = SHELL.exec(open);
  if (found === null) return;
  const [sign] = found;
  throw new InputError(
    field,
    `'${sign.startsWith('$') ? '$…' : sign}' needs a shell, and this runs without one`,
    `write a script and name it: ${field} './script.sh {tile}'; in single quotes it is taken literally`,
  );
}
