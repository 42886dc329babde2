/** Work without a partial result was ended by Ctrl-C. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}
