import { CheckFailed } from './check-failed.ts';
import { EXIT, exitCodeOf } from './exit-codes.ts';

/** The line that the user reads: one sentence, or the stack under NIGHTSHIFT_DEBUG=1. */
export function describeError(error: unknown, env: Readonly<Record<string, string | undefined>>): string {
  const [sentence] = (error instanceof Error ? error.message : String(error)).split('\n');
  if (env.NIGHTSHIFT_DEBUG === '1' && error instanceof Error) return error.stack ?? sentence;
  if (exitCodeOf(error) !== EXIT.failed || error instanceof CheckFailed) return sentence;
  return `${sentence} (unexpected: please report it with the output of the same command under NIGHTSHIFT_DEBUG=1)`;
}
