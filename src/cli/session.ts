import type { Clock } from '../../tuner/clock.ts';
import { type Paint, paintFor } from '../report/terminal/paint.ts';

/** A command's dependencies. */
export type Session = Readonly<{
  /** Results: stdout. Whole documents, ending in a newline. */
  print(text: string): void;
  /** One JSON document on stdout. */
  printJson(document: unknown): void;
  /** Everything that is not the result: stderr. */
  say(text: string): void;
  /** How stdout and stderr are shown. */
  out: Surface;
  err: Surface;
  env: Readonly<Record<string, string | undefined>>;
  clock: Clock;
  /** Installs the handler: the first Ctrl-C (or SIGTERM) aborts the signal, the second ends the process. */
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
