/** A check that the user asked for could not be decided, as what it is about is unknown: neither passed nor failed. */
export class CheckUndecided extends Error {
  override readonly name = 'CheckUndecided';
}
