import { BackendGone } from '../../tuner/backend.ts';
import { DaemonGone } from '../http/client.ts';
import { oneLine } from '../languages/visible.ts';
import { CheckFailed } from './check-failed.ts';
import { EXIT, exitCodeOf } from './exit-codes.ts';

/** Errors with exit code 1 that are not faults of nightshift. */
function isKnown(error: unknown): boolean {
  return error instanceof CheckFailed || error instanceof BackendGone || error instanceof DaemonGone;
}

/** The lines that the user reads: one sentence, and under NIGHTSHIFT_DEBUG=1 where it was thrown. */
export function describeError(
  error: unknown,
  env: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof CheckFailed && message === '') return [];
  if (env.NIGHTSHIFT_DEBUG === '1' && error instanceof Error)
    return [`nightshift: ${error.name}: ${message}`, ...framesOf(error)];
  const isOurs = exitCodeOf(error) === EXIT.failed && !isKnown(error);
  if (!isOurs) return [`nightshift: ${message}`];
  const request = 'please report it with the output of the same command under NIGHTSHIFT_DEBUG=1';
  return [`nightshift: ${oneLine(message)} (unexpected: ${request})`];
}

/** The calls that led to an error. Its stack begins with its message, which may have line feeds. */
function framesOf({ message, stack = '' }: Error): readonly string[] {
  return stack
    .replace(message, () => '')
    .split('\n')
    .slice(1);
}
