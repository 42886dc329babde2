import { EXIT } from './exit-codes.ts';

/**
 * A signal that the first Ctrl-C or SIGTERM aborts; a second one ends the process at once. Tells the
 * user so through `say`.
 */
export function listenForInterruption(say: (text: string) => void): AbortSignal {
  const controller = new AbortController();
  const interrupt = (): void => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    controller.abort();
    say('\nStopping: what was timed is kept. Ctrl-C again ends at once.\n');
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  return controller.signal;
}
