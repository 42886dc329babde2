import { InputError } from '../../search-space/input-error.ts';

/** An error as data, to be sent from one thread to another. `field` is that of an InputError, null for any other error. */
export type SentError = Readonly<{ message: string; field: string | null }>;

export function sentError(error: unknown): SentError {
  const message = error instanceof Error ? error.message : String(error);
  return { message, field: error instanceof InputError ? error.field : null };
}

/** Restores a sent error: an InputError, or an Error with its message. */
export function errorFrom({ message, field }: SentError): Error {
  if (field === null) return new Error(message);
  return new InputError(field, message.slice(`${field}: `.length));
}
