import { fstatSync, writeSync } from 'node:fs';
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

/** A reader that has seen enough (`| head`) is no error; `fail` is told of any other end of stdout. */
export function watchStreams(fail: (error: unknown) => never): void {
  process.stderr.on('error', () => {});
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
    fail(new OutputError(error));
  });
}
