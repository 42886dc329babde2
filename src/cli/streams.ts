import { closeSync, fstatSync, writeSync } from 'node:fs';
import { isatty } from 'node:tty';
import { stdoutError } from '../text/output-error.ts';

const STDOUT = 1;

/**
 * Writes results to stdout. In a file, every byte has been written on return; Node's own stream does not
 * notice a short write. Throws OutputError if the disk is full.
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
    throw error instanceof Error ? stdoutError(error) : error;
  }
}

/** Writes progress and messages to stderr, and ignores errors. */
export const say = (text: string): void => void process.stderr.write(text);

/** Whether stdout is a file or a device. For pipes, sockets and terminals Node's stream is safe. */
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
 * Ends quietly when the reader closes stdout (`| head`), and ignores a terminal that was closed; calls
 * `fail` for any other error of stdout.
 */
export function watchStreams(fail: (error: unknown) => never): void {
  process.stderr.on('error', () => {});
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
    if (error.code === 'EIO' && process.stdout.isTTY) return;
    fail(stdoutError(error));
  });
}

/**
 * Returns what makes this process end in good order after its terminal was closed, where Node would
 * abort. To be called while the terminal is there.
 */
export function terminalLeaver(): () => void {
  const terminals = [0, 1, 2].filter((descriptor) => isatty(descriptor));
  return () => {
    process.once('exit', () => {
      for (const descriptor of terminals) closeSync(descriptor);
    });
  };
}
