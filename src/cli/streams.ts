import { closeSync, fstatSync, writeSync } from 'node:fs';
import { isatty } from 'node:tty';
import { OutputError } from './output-error.ts';

const STDOUT = 1;

/**
 * Writes results to stdout. Into a file every byte has arrived on return: Node's own stream would
 * take a short write for a whole one. Throws OutputError where the disk is full.
 */
export function print(text: string): void {
  if (!isFile()) {
    process.stdout.write(text);
    return;
  }
  const bytes = Buffer.from(text);
  try {
    for (let sent = 0; sent < bytes.length; ) sent += writeSync(STDOUT, bytes, sent);
  } catch (error) {
    throw error instanceof Error ? new OutputError(error) : error;
  }
}

/** Progress and sentences; where nobody can be told, work goes on. */
export const say = (text: string): void => void process.stderr.write(text);

/** A file or a device: not a pipe, a socket or a terminal, which Node waits for by itself. */
function isFile(): boolean {
  if (process.stdout.isTTY) return false;
  try {
    const kind = fstatSync(STDOUT);
    return kind.isFile() || kind.isCharacterDevice();
  } catch {
    return false;
  }
}

/**
 * A reader that has seen enough (`| head`) is no error, and neither is a terminal that was closed; `fail`
 * is told of any other end of stdout.
 */
export function watchStreams(fail: (error: unknown) => never): void {
  process.stderr.on('error', () => {});
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
    if (error.code === 'EIO' && process.stdout.isTTY) return;
    fail(new OutputError(error));
  });
}

/** To be asked for while the terminal is there: after it was closed, Node would abort at its own end over it. */
export function terminalLeaver(): () => void {
  const terminals = [0, 1, 2].filter((descriptor) => isatty(descriptor));
  return () => {
    process.once('exit', () => {
      for (const descriptor of terminals) closeSync(descriptor);
    });
  };
}
