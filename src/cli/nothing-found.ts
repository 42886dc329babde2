/** There is no result to answer with. The message is one sentence that says what to do. */
export class NothingFound extends Error {
  override readonly name = 'NothingFound';
}
