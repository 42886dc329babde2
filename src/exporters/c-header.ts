import { InputError } from '../../search-space/input-error.ts';
import type { Configuration, Value } from '../../search-space/parameter.ts';
import { cComment, cDefine, cMember, cNumber, cString, isCString } from '../languages/c.ts';
import { isLongLong } from '../languages/decimal.ts';
import { expressibleName, fileName, filePart } from '../languages/file-names.ts';
import { capitalPart } from '../languages/names.ts';
import {
  type Branch,
  branchesOf,
  configurationOf,
  type Exporter,
  type TunedKernel,
  type TunedTarget,
} from './_base.ts';
import {
  cFunction,
  checkDistinct,
  defaultMacro,
  extentsOf,
  type GivenName,
  kernelLabel,
  parameterMacro,
  shapeMacro,
  valueMacro,
} from './names.ts';
import { numberedValues } from './numbered-values.ts';
import {
  checkValues,
  configurationsOf,
  describeFallback,
  headLines,
  originOf,
  withoutChoice,
} from './words.ts';

/**
 * Macros for each kernel and shape and for any other shape, and a function that chooses among them at
 * run time. C99 and C++. Each text that a parameter can be becomes a numbered macro
 * (NIGHTSHIFT_STAGING_DMA), so that #if can compare it.
 */
export const cHeader: Exporter = Object.freeze<Exporter>({
  name: 'c-header',
  writes: 'answers',
  summary: 'macros and a table by shape, with a default branch',
  async export(tuned) {
    const text = header(tuned);
    return { files: [{ name: fileName([filePart(tuned.target.name)], '.h'), text }], notes: [] };
  },
});

/** A macro with a description of its meaning. */
type Macro = GivenName & Readonly<{ literal: string }>;

const TARGET = 'NIGHTSHIFT_TARGET';

function header(tuned: TunedTarget): string {
  const numbered = numberedValues('c-header', tuned.kernels);
  const guard = `NIGHTSHIFT_TUNED_${capitalPart(tuned.target.name, 'kebab-case')}_H`;
  checkDistinct('c-header', [
    { name: guard, of: 'the guard of the header' },
    { name: TARGET, of: 'the target' },
    ...numbered,
    ...tuned.kernels.flatMap(namesOf),
  ]);
  checkValues('c-header', tuned.kernels, (value) =>
    typeof value === 'string' ? JSON.stringify(value) : cNumber(Number(value)),
  );
  const blocks = [
    headLines(tuned, 'c-header').map(cComment).join('\n'),
    `#ifndef ${guard}\n#define ${guard}`,
    [
      `#ifdef ${TARGET}`,
      '#error "a build can include the header of one target only"',
      '#endif',
      cDefine(TARGET, cString(expressibleName(tuned.target.name, isCString))),
    ].join('\n'),
    numbered.map(({ name, literal }) => cDefine(name, literal)).join('\n'),
    ...tuned.kernels.map(kernelBlock),
    `#endif ${cComment(guard)}`,
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

/** All names of a kernel in the header's scope, without the members of its struct. */
function namesOf(kernel: TunedKernel): readonly GivenName[] {
  const of = kernelLabel(kernel);
  return [
    { name: cFunction(kernel), of: `the function of ${of}` },
    { name: cFunction(kernel, TYPE), of: `the type of ${of}` },
    ...branchesOf(kernel).flatMap((branch) => macrosOf(kernel, branch)),
  ];
}

/** The end of a type's name; POSIX reserves names that end in _t. */
const TYPE = '_configuration';

function kernelBlock(kernel: TunedKernel): string {
  const comment = cComment(`${kernel.name} ${kernel.dtype}`);
  const macros = branchesOf(kernel).flatMap((branch) => [
    cComment(
      branch.shape === null
        ? describeFallback(kernel.fallback)
        : `${branch.shape.kernel.shape}: ${originOf(branch.shape)}`,
    ),
    ...withoutChoice(branch.space, branch.configuration).map(cComment),
    ...macrosOf(kernel, branch).map(({ name, literal }) => cDefine(name, literal)),
  ]);
  return [comment, ...macros, table(kernel)].join('\n');
}

function macrosOf(kernel: TunedKernel, { shape, configuration }: Branch): readonly Macro[] {
  const prefix = shape === null ? defaultMacro(kernel) : shapeMacro(kernel, shape.kernel.shape);
  const label = kernelLabel(kernel);
  const of = shape === null ? `the default of ${label}` : `${label} ${shape.kernel.shape}`;
  return Object.entries(configuration).map(([parameter, value]) => ({
    name: `${prefix}_${parameterMacro(parameter)}`,
    of: `parameter '${parameter}' of ${of}`,
    literal: literalOf(parameter, value),
  }));
}

/** A struct, and the function that fills it for a shape. A shape of higher rank gets the default branch. */
function table(kernel: TunedKernel): string {
  const fields = [...new Set(configurationsOf(kernel).flatMap(Object.keys))];
  if (fields.length === 0) throw new InputError('c-header', `${kernelLabel(kernel)} has no parameters`);
  const [name, type] = [cFunction(kernel), cFunction(kernel, TYPE)];
  const ranks = kernel.shapes.map(({ kernel: { shape } }) => extentsOf(shape)?.length ?? 1);
  const extents = Array.from({ length: Math.max(...ranks) }, (_, place) => `n${place}`);
  const branches = kernel.shapes.flatMap(({ kernel: { shape }, best }) => {
    const listed = extentsOf(shape);
    if (listed === undefined) return [];
    // Callers pass 1 for the extents that a shape of lower rank lacks.
    const tests = extents.map((extent, place) => `${extent} == ${listed[place] ?? 1}LL`);
    return `  if (${tests.join(' && ')}) {\n${answer(type, fields, best.configuration, '    ')}  }`;
  });
  const members = fields.map((field) => `  ${typeOf(field, kernel)} ${cMember(field)};\n`);
  return [
    `typedef struct {\n${members.join('')}} ${type};`,
    `static inline ${type} ${name}(${extents.map((extent) => `long long ${extent}`).join(', ')}) {`,
    ...(branches.length > 0 ? branches : extents.map((extent) => `  (void)${extent};`)),
    `${answer(type, fields, configurationOf(kernel.fallback), '  ')}}`,
  ].join('\n');
}

/** Statements that return a configuration; a member that it has no parameter for is 0. */
function answer(
  type: string,
  fields: readonly string[],
  configuration: Configuration,
  indent: string,
): string {
  const absent = fields.filter((field) => !Object.hasOwn(configuration, field));
  const values = fields.map((field) =>
    absent.includes(field) ? '0' : literalOf(field, configuration[field]),
  );
  const comment =
    absent.length === 0
      ? ''
      : `${indent}${cComment(`no parameter here: ${absent.map(cMember).join(', ')}`)}\n`;
  return `${comment}${indent}${type} found = {${values.join(', ')}};\n${indent}return found;\n`;
}

function typeOf(field: string, kernel: TunedKernel): string {
  const values = configurationsOf(kernel).map((configuration) => configuration[field]);
  const numbers = values.filter((value) => typeof value === 'number');
  return numbers.every(isLongLong) ? 'long long' : 'double';
}

function literalOf(parameter: string, value: Value): string {
  return typeof value === 'string' ? valueMacro(parameter, value) : cNumber(Number(value));
}
