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

/** A parameter that is off or on; `apart` names what it costs besides time. */
export function flagParameter(
  name: string,
  tag: Parameter['tag'],
  description: string,
  apart?: string,
): Parameter {
  const flag = { name, kind: 'flag', tag, values: [false, true], off: false, description } as const;
  return apart === undefined ? flag : { ...flag, apart };
}
