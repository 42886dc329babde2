import type { Clock } from '../../tuner/clock.ts';
import { type Paint, paintFor } from '../report/terminal/paint.ts';

/** What a command touches outside itself. */
export type Session = Readonly<{
  /** Results: stdout. Whole documents, ending in a newline. */
  print(text: string): void;
  /** One JSON document on stdout. */
  printJson(document: unknown): void;
  /** Everything that is not the result: stderr. */
  say(text: string): void;
  /** The streams as people see them. */
  out: Surface;
  err: Surface;
  env: Readonly<Record<string, string | undefined>>;
  clock: Clock;
  /** Aborted by the first Ctrl-C (or SIGTERM, SIGHUP); the second ends the process. Asking installs the handler. */
  interruption(): AbortSignal;
}>;

export type Surface = Readonly<{ isTerminal: boolean; columns: number; paint: Paint }>;

const WIDEST = 120;
const WHEN_PIPED = 100;

export function surfaceOf(
  stream: Readonly<{ isTTY?: boolean; columns?: number }>,
  env: Session['env'],
): Surface {
  const isTerminal = stream.isTTY === true;
  const colours = isTerminal && (env.NO_COLOR === undefined || env.NO_COLOR === '') && env.TERM !== 'dumb';
  const columns = isTerminal ? (stream.columns ?? 80) : WHEN_PIPED;
  return { isTerminal, columns: Math.min(columns, WIDEST), paint: paintFor(colours) };
}
