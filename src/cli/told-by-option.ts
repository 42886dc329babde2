import { InputError } from '../../search-space/input-error.ts';
import type { Flags } from './flags.ts';

/** Fields of a study that options of the same name give; its `values` are what both `--fix` and `--values` say. */
const FIELDS = ['forbid', 'start', 'objective', 'limit', 'timeout'];

/** An error about a field of a study, told as one about the option that gave it. */
export function toldByOption(error: unknown, flags: Flags): unknown {
  if (!(error instanceof InputError)) return error;
  const [field] = error.field.split(':');
  const options = field === 'values' ? ['fix', 'values'] : FIELDS.filter((name) => name === field);
  const given = options.filter((name) => flags.list(name).length > 0);
  if (given.length === 0) return error;
  const named = given.map((name) => `--${name}`).join(' and ');
  return new InputError(named, error.message.slice(`${field}: `.length));
}
