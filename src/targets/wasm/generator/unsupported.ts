import { InputError } from '../../../../search-space/input-error.ts';

/** The error for something in a kernel that the generator has no code for. */
export function unsupported(what: string): InputError {
  return new InputError(
    'kernel',
    `the wasm backend cannot generate ${what}`,
    'use a simulated target for it',
  );
}
