import { InputError } from '../../../search-space/input-error.ts';

/** The error for something in a kernel that there is no code for. */
export function unsupported(what: string): InputError {
  return new InputError('kernel', `there is no code for ${what}`, 'use a simulated target for it');
}
