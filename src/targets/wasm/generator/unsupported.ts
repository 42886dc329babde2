import { InputError } from '../../../../search-space/input-error.ts';

/** What the generator has no code for, by name. */
export function unsupported(what: string): InputError {
  return new InputError(
    'kernel',
    `the wasm backend cannot generate ${what}`,
    'use a simulated target for it',
  );
}
