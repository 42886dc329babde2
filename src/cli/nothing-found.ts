/** The question was understood, but nothing is known. One sentence with what to do. */
export class NothingFound extends Error {
  override readonly name = 'NothingFound';
}
