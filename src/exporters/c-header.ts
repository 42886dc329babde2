import { InputError } from '../../search-space/input-error.ts';
import type { Configuration, Value } from '../../search-space/parameter.ts';
import { cComment, cDefine, cMember, cNumber, cString, isCString } from '../languages/c.ts';
import { isLongLong } from '../languages/decimal.ts';
import { expressibleName, fileName, filePart } from '../languages/file-names.ts';
import { capitalPart } from '../languages/names.ts';
import { configurationOf, type Exporter, type TunedKernel, type TunedTarget } from './_base.ts';
import {
  cFunction,
  checkDistinct,
  defaultMacro,
  extentsOf,
  type GivenName,
  kernelLabel,
  parameterMacro,
  shapeMacro,
} from './names.ts';
import { type NumberedValues, numberedValues } from './numbered-values.ts';
import { configurationsOf, describeFallback, headLines, originOf } from './words.ts';

/**
 * Macros for each kernel and shape and for any other shape, and a function that chooses among them at
 * run time. C99 and C++. Each string value becomes a numbered macro (NIGHTSHIFT_STAGING_DMA), so that
 * #if can compare it.
 */
export const cHeader: Exporter = Object.freeze<Exporter>({
  name: 'c-header',
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
  const numbered = numberedValues(tuned.kernels);
  const guard = `NIGHTSHIFT_TUNED_${capitalPart(tuned.target.name, 'kebab-case')}_H`;
  checkDistinct('c-header', [
    { name: guard, of: 'the guard of the header' },
    { name: TARGET, of: 'the target' },
    ...numbered.macros,
    ...tuned.kernels.flatMap((kernel) => namesOf(kernel, numbered)),
  ]);
  const blocks = [
    headLines(tuned, 'c-header').map(cComment).join('\n'),
    `#ifndef ${guard}\n#define ${guard}`,
    [
      `#ifdef ${TARGET}`,
      '#error "a build can include the header of one target only"',
      '#endif',
      cDefine(TARGET, cString(expressibleName(tuned.target.name, isCString))),
    ].join('\n'),
    numbered.macros.map(({ name, literal }) => cDefine(name, literal)).join('\n'),
    ...tuned.kernels.map((kernel) => kernelBlock(kernel, numbered)),
    `#endif ${cComment(guard)}`,
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

/** All names of a kernel in the header's scope, without the members of its struct. */
function namesOf(kernel: TunedKernel, numbered: NumberedValues): readonly GivenName[] {
  const of = kernelLabel(kernel);
  return [
    { name: cFunction(kernel), of: `the function of ${of}` },
    { name: cFunction(kernel, '_t'), of: `the type of ${of}` },
    ...kernel.shapes.flatMap(({ kernel: { shape }, best }) =>
      macrosOf(shapeMacro(kernel, shape), best.configuration, `${of} ${shape}`, numbered),
    ),
    ...macrosOf(defaultMacro(kernel), configurationOf(kernel.fallback), `the default of ${of}`, numbered),
  ];
}

function kernelBlock(kernel: TunedKernel, numbered: NumberedValues): string {
  const comment = cComment(`${kernel.name} ${kernel.dtype}`);
  return [comment, macroLines(kernel, numbered), table(kernel, numbered)].join('\n');
}

function macroLines(kernel: TunedKernel, numbered: NumberedValues): string {
  const defines = (prefix: string, configuration: Configuration): readonly string[] =>
    macrosOf(prefix, configuration, '', numbered).map(({ name, literal }) => cDefine(name, literal));
  const listed = kernel.shapes.flatMap(({ kernel: { shape }, best }) => [
    cComment(`${shape}: ${originOf(best)}`),
    ...defines(shapeMacro(kernel, shape), best.configuration),
  ]);
  const others = defines(defaultMacro(kernel), configurationOf(kernel.fallback));
  return [...listed, cComment(describeFallback(kernel.fallback)), ...others].join('\n');
}

function macrosOf(
  prefix: string,
  configuration: Configuration,
  of: string,
  numbered: NumberedValues,
): readonly Macro[] {
  return Object.entries(configuration).map(([parameter, value]) => ({
    name: `${prefix}_${parameterMacro(parameter)}`,
    of: `parameter '${parameter}' of ${of}`,
    literal: literalOf(parameter, value, numbered),
  }));
}

/** A struct, and the function that fills it for a shape. A shape of higher rank gets the default branch. */
function table(kernel: TunedKernel, numbered: NumberedValues): string {
  const fallback = configurationOf(kernel.fallback);
  const fields = Object.keys(fallback);
  if (fields.length === 0)
    throw new InputError('c-header', `${kernelLabel(kernel)} has a default without parameters`);
  const [name, type] = [cFunction(kernel), cFunction(kernel, '_t')];
  const ranks = kernel.shapes.map(({ kernel: { shape } }) => extentsOf(shape)?.length ?? 1);
  const extents = Array.from({ length: Math.max(...ranks) }, (_, place) => `n${place}`);
  const found = (configuration: Configuration, indent: string): string => {
    const values = fields.map((field) => literalOf(field, configuration[field], numbered)).join(', ');
    return `${indent}${type} found = {${values}};\n${indent}return found;\n`;
  };
  const branches = kernel.shapes
    .filter(({ best }) => fields.every((field) => Object.hasOwn(best.configuration, field)))
    .flatMap(({ kernel: { shape }, best }) => {
      const listed = extentsOf(shape);
      if (listed === undefined) return [];
      // Callers pass 1 for the extents that a shape of lower rank lacks.
      const tests = extents.map((extent, place) => `${extent} == ${listed[place] ?? 1}LL`);
      return `  if (${tests.join(' && ')}) {\n${found(best.configuration, '    ')}  }`;
    });
  const members = fields.map((field) => `  ${typeOf(field, kernel)} ${cMember(field)};\n`);
  return [
    `typedef struct {\n${members.join('')}} ${type};`,
    `static inline ${type} ${name}(${extents.map((extent) => `long long ${extent}`).join(', ')}) {`,
    ...(branches.length > 0 ? branches : extents.map((extent) => `  (void)${extent};`)),
    `${found(fallback, '  ')}}`,
  ].join('\n');
}

function typeOf(field: string, kernel: TunedKernel): string {
  const values = configurationsOf(kernel).map((configuration) => configuration[field]);
  const numbers = values.filter((value) => typeof value === 'number');
  return numbers.every(isLongLong) ? 'long long' : 'double';
}

function literalOf(parameter: string, value: Value, numbered: NumberedValues): string {
  if (typeof value === 'string') return numbered.nameOf(parameter, value);
  return typeof value === 'boolean' ? String(Number(value)) : cNumber(value);
}
