/** The results could not be written where they were sent: what is there is incomplete. */
export class OutputError extends Error {
  override readonly name = 'OutputError';

  constructor(cause: NodeJS.ErrnoException) {
    super(`stdout: ${REASONS[cause.code ?? ''] ?? cause.message}; what it got of the results is incomplete`);
  }
}

const REASONS: Readonly<Record<string, string>> = Object.freeze({
  ENOSPC: 'no space is left on the device (free some, or send the output elsewhere)',
  EDQUOT: 'the disk quota is used up (free some space, or send the output elsewhere)',
  EFBIG: 'the file would become larger than is allowed here',
  EIO: 'the device failed',
  EBADF: 'it is closed',
});
