import { InputError } from '../../search-space/input-error.ts';
import { visibleLines } from './visible.ts';

/** Whether a text of CMake can be this one. */
export function isCmakeText(text: string): boolean {
  return visibleLines(text) === text;
}

/** A text as an argument in quotes: no variable, no end of the argument. */
export function cmakeText(text: string): string {
  const escaped = text
    .replaceAll(/["\\$]/g, '\\$&')
    .replaceAll('\n', '\\n')
    .replaceAll('\t', '\\t');
  return `"${escaped}"`;
}

/** A variable that is a list. Its items are `cmakeDefinition`s: brackets and semicolons would join or part them. */
export function cmakeList(name: string, items: readonly string[]): string {
  return `set(${name}${items.map((item) => `\n  "${item}"`).join('')})`;
}

/** A condition that two texts are the same; `variable` is the name of one that holds the one text. */
export function cmakeEquals(variable: string, text: string): string {
  return `"\${${variable}}" STREQUAL ${cmakeText(text)}`;
}

/** Single words, or several: what every build tool hands to a compiler unchanged. */
const DEFINABLE = /^(?:[\w.+:@%=,-]|\/(?![/*])|(?<=[^ ]) (?=[^ ]))*$/;

/**
 * NAME=value as a compile definition. Throws InputError for a value that CMake, a build tool or a
 * preprocessor would take for something else.
 */
export function cmakeDefinition(name: string, value: string, of: string): string {
  if (!DEFINABLE.test(value)) {
    throw new InputError(
      'cmake',
      `${of} is '${value}', and a compile definition holds letters, digits, single blanks and _.+:@%=,/- only`,
      'export c-header, which has a number for each text, or json',
    );
  }
  return `${name}=${value}`;
}
