import { InputError } from '../../search-space/input-error.ts';
import { visibleLines } from './visible.ts';

/** Whether CMake can hold this text in a quoted argument. */
export function isCmakeText(text: string): boolean {
  return visibleLines(text) === text;
}

/** A quoted argument; the text cannot end it or refer to a variable. */
export function cmakeText(text: string): string {
  const escaped = text
    .replaceAll(/["\\$]/g, '\\$&')
    .replaceAll('\n', '\\n')
    .replaceAll('\t', '\\t');
  return `"${escaped}"`;
}

/** A list variable. Items must be `cmakeDefinition`s: CMake would join items with brackets and split them at semicolons. */
export function cmakeList(name: string, items: readonly string[]): string {
  return `set(${name}${items.map((item) => `\n  "${item}"`).join('')})`;
}

/** A condition that the value of `variable`, given by its name, equals `text`. */
export function cmakeEquals(variable: string, text: string): string {
  return `"\${${variable}}" STREQUAL ${cmakeText(text)}`;
}

/** Words with single blanks between them, of characters that every build tool passes to a compiler unchanged. */
const DEFINABLE = /^(?:[\w.+:@%=,-]|\/(?![/*])|(?<=[^ ]) (?=[^ ]))*$/;

/**
 * NAME=value as a compile definition. Throws InputError for a value that CMake, a build tool or a
 * preprocessor would interpret or change.
 */
export function cmakeDefinition(name: string, value: string, of: string): string {
  if (!DEFINABLE.test(value)) {
    throw new InputError(
      'cmake',
      `${of} is '${value}', and a compile definition holds letters, digits, single blanks and _.+:@%=,/- only`,
      'export c-header, which numbers string values, or json',
    );
  }
  return `${name}=${value}`;
}
