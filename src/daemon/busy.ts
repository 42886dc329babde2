/** Too much of the same kind waits already; later there may be room. */
export class Busy extends Error {
  override readonly name = 'Busy';
}
