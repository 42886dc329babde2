import { InputError, nearestName } from '../../../search-space/input-error.ts';
import type { Configuration, Parameter } from '../../../search-space/parameter.ts';
import { UNKNOWN_DTYPE } from '../../kernels/opaque.ts';
import { formatShape } from '../../kernels/shape.ts';

/** Words of a command line, run without a shell; `{name}` is replaced by a value. */
export type Template = readonly string[];

/** What words may name besides the parameters. */
export type Circumstances = Readonly<{
  /** Empty if none was given. */
  shape: readonly number[];
  dtype: string;
  seed: number;
  /** Whether each configuration has a folder of its own build. */
  hasBuild: boolean;
}>;

/** What placeholders are replaced by. `build` is the folder of the configuration's build, `defaultBuild` the default's. */
export type Filling = Omit<Circumstances, 'hasBuild'> &
  Readonly<{ configuration: Configuration; build?: string; defaultBuild?: string }>;

/** The placeholder for the whole configuration as JSON. */
const WHOLE = 'configuration';
const OTHERS = Object.freeze([WHOLE, 'shape', 'dtype', 'seed', 'build', 'defaultBuild']);
const PLACEHOLDER = /\{([A-Za-z_]\w*(?:\.\d+)?)\}/g;

/** The names in the placeholders of a template. */
export function placeholdersIn(template: Template): ReadonlySet<string> {
  return new Set(template.flatMap((word) => [...word.matchAll(PLACEHOLDER)].map(([, name]) => name)));
}

/** Checks that every placeholder has a value. Throws InputError. */
export function checkTemplate(
  field: string,
  template: Template,
  parameters: readonly Parameter[],
  around: Circumstances,
): void {
  const names = parameters.map(({ name }) => name);
  for (const name of placeholdersIn(template)) {
    if (names.includes(name)) continue;
    const problem = problemOf(name, around);
    if (problem !== undefined) throw new InputError(field, ...problem);
    if (OTHERS.includes(name) || name.startsWith('shape.')) continue;
    const near = nearestName(name, [...names, ...OTHERS]);
    const hint = near === undefined ? `parameters: ${names.join(', ')}` : `did you mean {${near}}?`;
    throw new InputError(field, `{${name}} is not a parameter of the space`, hint);
  }
}

/** Why a placeholder that is no parameter has no value here, and what to do. */
function problemOf(name: string, around: Circumstances): readonly [string, string] | undefined {
  const { shape, dtype, hasBuild } = around;
  if ((name === 'build' || name === 'defaultBuild') && !hasBuild)
    return [`{${name}} is the folder of a build, and there is none`, 'say how to build with --build'];
  if (name === 'dtype' && dtype === UNKNOWN_DTYPE)
    return ['{dtype} has no value', 'give --dtype, such as f32'];
  if (name !== 'shape' && !name.startsWith('shape.')) return undefined;
  if (shape.length === 0) return [`{${name}} has no value`, 'give --shape, such as 64x56x56'];
  const place = Number(name.split('.')[1] ?? 0);
  if (place < shape.length) return undefined;
  return [
    `{${name}} is not in the shape ${formatShape(shape)}`,
    `the last one is {shape.${shape.length - 1}}`,
  ];
}

/** Checks that each parameter is named somewhere: else the program would run alike for all its values. Throws InputError. */
export function checkComplete(
  field: string,
  templates: readonly Template[],
  parameters: readonly Parameter[],
): void {
  const used = placeholdersIn(templates.flat());
  if (used.has(WHOLE)) return;
  const missing = parameters.find(({ name }) => !used.has(name));
  if (missing === undefined) return;
  throw new InputError(
    field,
    `has no {${missing.name}}, so the program would not get its value`,
    `add {${missing.name}}, or {${WHOLE}} for all values as JSON`,
  );
}

/** The words with each placeholder replaced, in one pass: a value that looks like a placeholder stays. */
export function fillTemplate(template: Template, filling: Filling): readonly string[] {
  return template.map((word) =>
    word.replace(PLACEHOLDER, (written, name: string) => valueFor(name, filling) ?? written),
  );
}

/** A parameter goes before what else has its name. */
function valueFor(name: string, filling: Filling): string | undefined {
  const { configuration, shape, dtype, seed, build, defaultBuild } = filling;
  if (Object.hasOwn(configuration, name)) return String(configuration[name]);
  if (name.startsWith('shape.')) return String(shape[Number(name.slice('shape.'.length))]);
  switch (name) {
    case WHOLE:
      return JSON.stringify(configuration);
    case 'shape':
      return formatShape(shape);
    case 'dtype':
      return dtype;
    case 'seed':
      return String(seed);
    case 'build':
      return build;
    case 'defaultBuild':
      return defaultBuild;
    default:
      return undefined;
  }
}

export function hasPlaceholder(word: string): boolean {
  return word.search(PLACEHOLDER) >= 0;
}
