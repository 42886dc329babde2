import { InputError } from '../../search-space/input-error.ts';
import { StoreError, type StoreErrorKind } from '../../store/store-error.ts';
import { OutputError } from '../text/output-error.ts';
import { CheckUndecided } from './check-undecided.ts';
import { Interrupted } from './interrupted.ts';
import { NothingFound } from './nothing-found.ts';

/** Documented in docs/cli.md. */
export const EXIT = Object.freeze({
  ok: 0,
  failed: 1,
  badInput: 2,
  storeUnusable: 3,
  storeNewer: 4,
  storeInUse: 5,
  nothingFound: 6,
  undecided: 7,
  interrupted: 130,
});

const STORE_EXITS: Readonly<Record<StoreErrorKind, number>> = Object.freeze({
  missing: EXIT.nothingFound,
  'newer-schema': EXIT.storeNewer,
  'in-use': EXIT.storeInUse,
  corrupt: EXIT.storeUnusable,
  moved: EXIT.storeUnusable,
  'read-only': EXIT.storeUnusable,
  full: EXIT.storeUnusable,
  io: EXIT.storeUnusable,
});

export function exitCodeOf(error: unknown): number {
  if (error instanceof InputError) return EXIT.badInput;
  if (error instanceof StoreError) return STORE_EXITS[error.kind];
  if (error instanceof OutputError) return EXIT.storeUnusable;
  if (error instanceof NothingFound) return EXIT.nothingFound;
  if (error instanceof CheckUndecided) return EXIT.undecided;
  if (error instanceof Interrupted) return EXIT.interrupted;
  return EXIT.failed;
}
