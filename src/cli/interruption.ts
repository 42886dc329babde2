import { EXIT } from './exit-codes.ts';
import { terminalLeaver } from './streams.ts';

const STOPPING = 'Stopping; Ctrl-C again ends at once.';

/**
 * A signal that the first Ctrl-C, SIGTERM or SIGHUP aborts; a second one of the first two ends the process
 * at once. (A terminal that closes sends SIGHUP twice: from its shell, and by itself.) Tells the user so
 * through `say`.
 */
export function listenForInterruption(say: (text: string) => void, words = STOPPING): AbortSignal {
  const controller = new AbortController();
  const leaveTerminal = terminalLeaver();
  const interrupt = (signal: NodeJS.Signals): void => {
    if (signal === 'SIGHUP') leaveTerminal();
    if (controller.signal.aborted && signal === 'SIGHUP') return;
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    controller.abort();
    say(`\n${words}\n`);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt);
  return controller.signal;
}
