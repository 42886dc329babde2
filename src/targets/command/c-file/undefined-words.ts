import { InputError } from '../../../../search-space/input-error.ts';
import { codeOf } from './code.ts';
import type { TunedMacro } from './markers.ts';

/**
 * Throws InputError if `#if` compares a macro with words that nothing defines: they are all 0 there, so every branch would
 * be taken or none. A file that includes others with `#include "…"` may have them from there.
 */
export function refuseUndefinedWords(path: string, text: string, macros: readonly TunedMacro[]): void {
  if (/^[ \t]*#[ \t]*include[ \t]*"/m.test(text)) return;
  const code = codeOf(text);
  const defined = new Set([...code.matchAll(/^[ \t]*#[ \t]*define[ \t]+(\w+)/gm)].map(([, name]) => name));
  for (const [place, line] of code.split('\n').entries()) {
    if (!/^[ \t]*#[ \t]*(?:el)?if\b/.test(line)) continue;
    for (const { name, values } of macros) {
      if (!new RegExp(`\\b${name}\\b`).test(line.replaceAll(/\bdefined\b\s*\(?\s*\w+/g, ''))) continue;
      const missing = values.find(
        (value) => typeof value === 'string' && isWord(value) && !defined.has(value),
      );
      if (missing === undefined) continue;
      throw new InputError(
        `--c ${path}:${place + 1}: ${name}`,
        `can be ${missing}, which nothing defines, and in #if an undefined word is 0`,
        `write #define ${missing} 1, and another number for each other word`,
      );
    }
  }
}

function isWord(value: string): boolean {
  return /^[A-Za-z_]\w*$/.test(value);
}
