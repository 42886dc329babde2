/** Too many requests of this kind are waiting; a later one may succeed. */
export class Busy extends Error {
  override readonly name = 'Busy';
}
