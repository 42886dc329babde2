import { BackendGone } from '../../tuner/backend.ts';
import { DaemonGone } from '../http/client.ts';
import { CheckFailed } from './check-failed.ts';
import { EXIT, exitCodeOf } from './exit-codes.ts';

/** Errors with exit code 1 that are not faults of nightshift. */
function isKnown(error: unknown): boolean {
  return error instanceof CheckFailed || error instanceof BackendGone || error instanceof DaemonGone;
}

/** The line that the user reads: one sentence, or the stack under NIGHTSHIFT_DEBUG=1. */
export function describeError(error: unknown, env: Readonly<Record<string, string | undefined>>): string {
  const [sentence] = (error instanceof Error ? error.message : String(error)).split('\n');
  if (env.NIGHTSHIFT_DEBUG === '1' && error instanceof Error) return error.stack ?? sentence;
  const isOurs = exitCodeOf(error) === EXIT.failed && !isKnown(error);
  if (!isOurs) return sentence;
  return `${sentence} (unexpected: please report it with the output of the same command under NIGHTSHIFT_DEBUG=1)`;
}
