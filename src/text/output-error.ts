import { InputError } from '../../search-space/input-error.ts';

/** Results cannot be written, to stdout or a file, for a reason that is not in the command line. */
export class OutputError extends Error {
  override readonly name = 'OutputError';
}

/** The results written to stdout so far are incomplete. */
export function stdoutError(cause: NodeJS.ErrnoException): OutputError {
  const reason = DISKS[cause.code ?? ''] ?? CLOSED[cause.code ?? ''] ?? cause.message;
  return new OutputError(`stdout: ${reason}; the results written so far are incomplete`);
}

/**
 * Why a file could not be written: OutputError if its disk refused it, else InputError with the code of the
 * system and the hint.
 */
export function fileError(field: string, path: string, cause: unknown, hint: string): Error {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
  const reason = DISKS[code];
  return reason === undefined
    ? new InputError(field, `cannot write ${path}: ${PLACES[code] ?? code}`, hint)
    : new OutputError(`${field}: cannot write ${path}: ${reason}`);
}

const DISKS: Readonly<Record<string, string | undefined>> = Object.freeze({
  ENOSPC: 'the disk is full (free some space, or write elsewhere)',
  EDQUOT: 'the disk quota is used up (free some space, or write elsewhere)',
  EROFS: 'the disk is read-only (write elsewhere)',
  EFBIG: 'the file would exceed the allowed size',
  EIO: 'the device failed',
});

/** What is wrong with a path, in words. */
const PLACES: Readonly<Record<string, string | undefined>> = Object.freeze({
  EACCES: 'it may not be written (EACCES)',
  EPERM: 'it may not be written (EPERM)',
  EEXIST: 'a part of the path is a file, not a folder (EEXIST)',
  ENOTDIR: 'a part of the path is a file, not a folder (ENOTDIR)',
  EISDIR: 'it is a folder (EISDIR)',
  ENOENT: 'there is no such folder, and none can be made there (ENOENT)',
});

const CLOSED: Readonly<Record<string, string | undefined>> = Object.freeze({ EBADF: 'it is closed' });
