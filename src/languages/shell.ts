import { InputError } from '../../search-space/input-error.ts';
import { visible } from './visible.ts';

/** What a shell and make take as it stands. (Where it begins with `=`, zsh looks for a program.) */
const BARE = /^(?!=)[\w@%+=:,./^-]+$/;

/** A word as a shell takes it: as it is where that is safe, else in single quotes. */
export function shellWord(text: string): string {
  return BARE.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Whether a value is one in a file that shells read and makefiles include: make expands $ and cuts at #. */
export function isAssignable(value: string): boolean {
  return !/[$#]/.test(value) && visible(value) === value;
}

/** NAME=value in such a file: a shell word, so that a recipe's shell reads the same. Throws InputError. */
export function assignment(name: string, value: string, of: string): string {
  if (!isAssignable(value)) {
    throw new InputError(
      'env',
      `${of} is '${value}', and shells and make read $, # and control characters each in their own way`,
      'export json',
    );
  }
  return `${name}=${value === '' ? '' : shellWord(value)}`;
}
