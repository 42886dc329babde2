import { InputError } from '../../search-space/input-error.ts';

/** '5%' or '5 %' is 0.05. */
export function percentage(option: string, text: string): number {
  const [, digits] = /^(\d+(?:\.\d+)?)\s*%$/.exec(text) ?? [];
  if (digits === undefined) throw new InputError(option, `'${text}' is not a percentage`, 'write 5%');
  return Number(digits) / 100;
}
