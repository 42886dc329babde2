import type { Clock } from '../../tuner/clock.ts';
import { prettyJson } from '../languages/json.ts';
import { spelledOut, visible, visibleLines, visibleThroughout } from '../languages/visible.ts';
import { onlyOurs, type Paint, paintFor } from '../report/terminal/paint.ts';
import { clip, folded } from '../report/terminal/width.ts';

/** A command’s dependencies. Control characters in its output are escaped. */
export type Session = Readonly<{
  /** Results: stdout. Whole documents, ending in a newline. */
  print(text: string): void;
  /** One line of results. Line feeds in it are escaped, too. */
  printLine(line: string): void;
  /** Prints a document as text: `draw` gets it with invisible characters escaped. */
  show<Document extends object>(
    document: Document,
    draw: (document: Document, surface: Surface) => string,
  ): void;
  /**
   * Prints text whose names are escaped already, over the last lines of a terminal and at most so many; returns how many lines
   * it has there.
   */
  printDrawn(text: string, overLines?: number, most?: number): number;
  /** One JSON document on stdout. */
  printJson(document: unknown): void;
  /** Everything that is not the result: one line on stderr, with its line feed. Others in it are escaped. */
  say(text: string): void;
  /** Replaces the progress line on a terminal’s stderr; an empty text clears it. */
  sayOver(line: string): void;
  /** How stdout and stderr are shown. */
  out: Surface;
  err: Surface;
  env: Readonly<Record<string, string | undefined>>;
  clock: Clock;
  /** When the command began, on the clock's `elapsed`. For a user that is the start of the process. */
  startedMs: number;
  /** Installs the handler once: the first Ctrl-C (or SIGTERM, SIGHUP) aborts the signal, the second ends the process. `words` are said of it. */
  interruption(words?: string): AbortSignal;
}>;

/** The parts of a session: its raw outputs, and the rest. */
export type SessionParts = Pick<Session, 'out' | 'err' | 'env' | 'clock' | 'startedMs' | 'interruption'> &
  Readonly<{ toStdout(text: string): void; toStderr(text: string): void }>;

export function openSession({ toStdout, toStderr, ...rest }: SessionParts): Session {
  const { out, err } = rest;
  const printDrawn = (text: string, overLines = 0, most = Number.POSITIVE_INFINITY): number => {
    // Up as many lines, then clear what is below.
    const over = overLines > 0 && out.isTerminal ? `\u001b[${overLines}A\u001b[0J` : '';
    const drawn = firstLines(folded(onlyOurs(text, out.paint), out.room), most);
    toStdout(over + drawn);
    return drawn.split('\n').length - 1;
  };
  let signal: AbortSignal | undefined;
  return Object.freeze<Session>({
    ...rest,
    interruption: (words) => (signal ??= rest.interruption(words)),
    print: (text) => toStdout(visibleLines(text)),
    printLine: (line) => toStdout(`${folded(visible(line), out.room)}\n`),
    show: (document, draw) => void printDrawn(draw(visibleThroughout(document), out)),
    printDrawn,
    printJson: (document) => toStdout(prettyJson(document)),
    say: (text) => toStderr(`${folded(visible(text.replace(/\n$/, '')), err.room)}\n`),
    sayOver: (line) =>
      toStderr(`\r${clip(onlyOurs(line, err.paint).replaceAll('\n', spelledOut), err.room - 1)}\u001b[K`),
  });
}

/** What is drawn over again must not scroll away. */
function firstLines(text: string, most: number): string {
  const lines = text.split('\n');
  const count = lines.length - 1;
  if (count <= most) return text;
  return `${lines.slice(0, most - 1).join('\n')}\n… ${count - most + 1} more lines, in a taller terminal\n`;
}

export type Surface = Readonly<{
  /** Whether a line can be drawn over: a pipe and a dumb terminal only take more lines. */
  isTerminal: boolean;
  /** For running text and pictures: no wider than what reads well. */
  columns: number;
  /** For tables: all of a terminal; in a pipe there is no end. */
  room: number;
  /** Lines of a terminal that can be drawn over; elsewhere there is no end. */
  height: number;
  paint: Paint;
}>;

const WIDEST = 120;
const WHEN_PIPED = 100;
/** Narrower, no line would have a word; and a terminal of unknown width reports 0. */
const NARROWEST = 20;
const USUAL = 80;
/** Lower, a table would have no row. A terminal of unknown height reports 0. */
const LOWEST = 8;
const USUAL_HEIGHT = 24;

export function surfaceOf(
  stream: Readonly<{ isTTY?: boolean; columns?: number; rows?: number }>,
  env: Session['env'],
): Surface {
  const isTerminal = stream.isTTY === true;
  const isDumb = env.TERM === 'dumb';
  const colours = isTerminal && (env.NO_COLOR === undefined || env.NO_COLOR === '') && !isDumb;
  const wide = Math.max(NARROWEST, stream.columns || USUAL);
  return {
    isTerminal: isTerminal && !isDumb,
    columns: isTerminal ? Math.min(wide, WIDEST) : WHEN_PIPED,
    room: isTerminal ? wide : Number.POSITIVE_INFINITY,
    height: isTerminal && !isDumb ? Math.max(LOWEST, stream.rows || USUAL_HEIGHT) : Number.POSITIVE_INFINITY,
    paint: paintFor(colours),
  };
}
