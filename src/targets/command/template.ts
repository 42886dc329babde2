import { InputError, nearestName } from '../../../search-space/input-error.ts';
import type { Configuration, Parameter } from '../../../search-space/parameter.ts';

/** Words of a command line, run without a shell; `{name}` is replaced by a parameter's value. */
export type Template = readonly string[];

/** The placeholder for the whole configuration as JSON. */
const WHOLE = 'configuration';
const PLACEHOLDER = /\{([A-Za-z_]\w*)\}/g;

/**
 * Checks that every placeholder is a parameter, and, if `complete`, that every parameter has one: else
 * the program would run alike for all its values. Throws InputError.
 */
export function checkTemplate(
  field: string,
  template: Template,
  parameters: readonly Parameter[],
  complete: boolean,
): void {
  const names = parameters.map(({ name }) => name);
  const used = new Set(template.flatMap((word) => [...word.matchAll(PLACEHOLDER)].map(([, name]) => name)));
  for (const name of used) {
    if (name === WHOLE || names.includes(name)) continue;
    const near = nearestName(name, names);
    const hint = near === undefined ? `parameters: ${names.join(', ')}` : `did you mean {${near}}?`;
    throw new InputError(field, `{${name}} is not a parameter of the space`, hint);
  }
  if (!complete || used.has(WHOLE)) return;
  const missing = names.find((name) => !used.has(name));
  if (missing === undefined) return;
  throw new InputError(
    field,
    `has no {${missing}}, so the program would not get its value`,
    `add {${missing}}, or {${WHOLE}} for all values as JSON`,
  );
}

/** The words with each placeholder replaced, in one pass: a value that looks like a placeholder stays. */
export function fillTemplate(template: Template, configuration: Configuration): readonly string[] {
  return template.map((word) =>
    word.replace(PLACEHOLDER, (_, name: string) =>
      name === WHOLE ? JSON.stringify(configuration) : String(configuration[name]),
    ),
  );
}

export function hasPlaceholder(word: string): boolean {
  return word.search(PLACEHOLDER) >= 0;
}
