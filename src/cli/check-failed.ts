/**
 * A check that the user asked for failed: exit code 1, without the request to report a fault. Without a message
 * stderr stays silent, because stdout says what failed.
 */
export class CheckFailed extends Error {
  override readonly name = 'CheckFailed';
}
