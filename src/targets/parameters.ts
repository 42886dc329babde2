import type { Parameter } from '../../search-space/parameter.ts';

/** A parameter of numbers in their order; `off` is the value without its mechanism. */
export function ordinalParameter(
  name: string,
  tag: Parameter['tag'],
  values: readonly number[],
  description: string,
  off?: number,
): Parameter {
  return { name, kind: 'ordinal', tag, values, description, ...(off === undefined ? {} : { off }) };
}
