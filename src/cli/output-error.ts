/** The results could not be written to stdout: what was written is incomplete. */
export class OutputError extends Error {
  override readonly name = 'OutputError';

  constructor(cause: NodeJS.ErrnoException) {
    super(`stdout: ${REASONS[cause.code ?? ''] ?? cause.message}; the results written so far are incomplete`);
  }
}

const REASONS: Readonly<Record<string, string>> = Object.freeze({
  ENOSPC: 'no space is left on the device (free some, or send the output elsewhere)',
  EDQUOT: 'the disk quota is used up (free some space, or send the output elsewhere)',
  EFBIG: 'the file would exceed the allowed size',
  EIO: 'the device failed',
  EBADF: 'it is closed',
});
