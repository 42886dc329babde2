/** A check that a command was asked for did not hold: not an error of ours, exit code 1. */
export class CheckFailed extends Error {
  override readonly name = 'CheckFailed';
}
