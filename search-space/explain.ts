import type { Constraint } from './constraint.ts';
import { compile } from './evaluate.ts';
import { nearestName } from './input-error.ts';
import type { Parameter, Value } from './parameter.ts';
import { shown, shownList } from './parameters.ts';
import { holds, pythonValueOf } from './python-arithmetic.ts';
import type { Explain, SearchSpace } from './search-space.ts';

/** A sentence that says why a configuration is not in a space; undefined for a member. */
export const explain: Explain = (space, configuration) =>
  unknownParameter(space, configuration) ??
  space.parameters.map((parameter) => wrongValue(parameter, configuration)).find(Boolean) ??
  brokenConstraint(space, configuration) ??
  (space.has(configuration) ? undefined : 'this combination of values is not one of the space');

function unknownParameter(
  { parameters }: SearchSpace,
  configuration: Readonly<Record<string, Value>>,
): string | undefined {
  const known = parameters.map(({ name }) => name);
  const unknown = Object.keys(configuration).find((name) => !known.includes(name));
  if (unknown === undefined) return undefined;
  const near = nearestName(unknown, known);
  const hint = near === undefined ? `there are ${known.join(', ')}` : `did you mean '${near}'?`;
  return `there is no parameter '${unknown}' (${hint})`;
}

function wrongValue(
  { name, values }: Parameter,
  configuration: Readonly<Record<string, Value>>,
): string | undefined {
  if (!Object.hasOwn(configuration, name)) return `${name} has no value`;
  const value = configuration[name];
  if (values.includes(value)) return undefined;
  return `${name} cannot be ${shown(value)}, only ${shownList(values)}`;
}

function brokenConstraint(
  { parameters, constraints }: SearchSpace,
  configuration: Readonly<Record<string, Value>>,
): string | undefined {
  return constraints.find((constraint) => !testOf(constraint, parameters)(configuration))?.sentence;
}

/** Whether configurations of these parameters satisfy a constraint. */
export function testOf(
  { expression }: Constraint,
  parameters: readonly Parameter[],
): (configuration: Readonly<Record<string, Value>>) => boolean {
  const places = new Map(parameters.map(({ name }, place) => [name, place]));
  const test = compile(expression, (part) => (part.kind === 'name' ? places.get(part.name) : undefined));
  return (configuration) => holds(test(parameters.map(({ name }) => pythonValueOf(configuration[name]))));
}
