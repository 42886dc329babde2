/**
 * What is wrong with a store, named by what the caller shall do:
 * - missing: nothing was tuned here yet;
 * - newer-schema: a newer nightshift wrote it; use that one;
 * - in-use: another writer holds it; wait, or go through it;
 * - corrupt: restore a copy, or start anew elsewhere;
 * - read-only, full: make it writable, make room.
 */
export type StoreErrorKind = 'missing' | 'newer-schema' | 'in-use' | 'corrupt' | 'read-only' | 'full';

/** One sentence: what, where, what to do. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly kind: StoreErrorKind;
  readonly path: string;

  constructor(kind: StoreErrorKind, path: string, sentence: string, cause?: unknown) {
    super(sentence, cause === undefined ? undefined : { cause });
    this.kind = kind;
    this.path = path;
  }
}
