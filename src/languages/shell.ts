import { InputError } from '../../search-space/input-error.ts';
import { visible } from './visible.ts';

/** Words that need no quotes in a shell or make. (zsh reads a leading `=` as the path of a program.) */
const BARE = /^(?!=)[\w@%+=:,./^-]+$/;

/** A shell word: unquoted if that is safe, else in single quotes. */
export function shellWord(text: string): string {
  return BARE.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Whether shells and make read a value alike: make expands $ and cuts at #. */
export function isAssignable(value: string): boolean {
  return !/[$#]/.test(value) && visible(value) === value;
}

/** NAME=value for a file that shells read and makefiles include. Throws InputError if the value is not `isAssignable`. */
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
