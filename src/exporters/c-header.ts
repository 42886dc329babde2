import type { Configuration, Value } from '../../search-space/parameter.ts';
import { configurationOf, type Exporter, type TunedKernel, type TunedTarget } from './_base.ts';
import { checkNames, fileWord, kernelMacro, macroName, shapeMacro } from './names.ts';
import { describeFallback, headLines, oneLine, originOf } from './words.ts';

/**
 * Macros for each kernel and shape, and for any other shape; and a function that chooses among them
 * when the shape is known only as the program goes. C99 and C++; names in texts become numbers
 * (NIGHTSHIFT_STAGING_DMA), so that #if can compare them.
 */
export const cHeader: Exporter = Object.freeze<Exporter>({
  name: 'c-header',
  summary: 'macros and a table by shape, with a default branch',
  async export(tuned) {
    checkNames(tuned.kernels);
    return { files: [{ name: `${fileWord(tuned.target.name)}.h`, text: header(tuned) }], notes: [] };
  },
});

const EXTENTS = /^\d+(x\d+)*$/;

function header(tuned: TunedTarget): string {
  const guard = `NIGHTSHIFT_TUNED_${macroName(tuned.target.name)}_H`;
  const blocks = [
    headLines(tuned, 'c-header')
      .map((line) => `/* ${commentText(line)} */`)
      .join('\n'),
    `#ifndef ${guard}\n#define ${guard}`,
    [
      '#ifdef NIGHTSHIFT_TARGET',
      '#error "a build takes the header of one target"',
      '#endif',
      `#define NIGHTSHIFT_TARGET ${quoted(tuned.target.name)}`,
    ].join('\n'),
    words(tuned.kernels),
    ...tuned.kernels.map(kernelBlock),
    `#endif /* ${guard} */`,
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

/** A number for each text that a parameter can be, the same in all kernels of the header. */
function words(kernels: readonly TunedKernel[]): string {
  const found = new Map<string, Set<string>>();
  for (const configuration of kernels.flatMap(configurations)) {
    for (const [name, value] of Object.entries(configuration)) {
      if (typeof value === 'string') found.set(name, (found.get(name) ?? new Set()).add(value));
    }
  }
  return [...found.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, values]) =>
      [...values].sort().map((value, place) => `#define ${wordMacro(name, value)} ${place}`),
    )
    .join('\n');
}

function kernelBlock(kernel: TunedKernel): string {
  return [`/* ${commentText(kernel.name)} ${kernel.dtype} */`, macros(kernel), table(kernel)].join('\n');
}

function macros(kernel: TunedKernel): string {
  const listed = kernel.shapes.flatMap(({ kernel: { shape }, best }) => [
    `/* ${commentText(`${shape}: ${originOf(best)}`)} */`,
    ...defines(shapeMacro(kernel, shape), best.configuration),
  ]);
  const others = defines(`${kernelMacro(kernel)}_DEFAULT`, configurationOf(kernel.fallback));
  return [...listed, `/* ${commentText(describeFallback(kernel.fallback))} */`, ...others].join('\n');
}

function defines(prefix: string, configuration: Configuration): readonly string[] {
  return Object.entries(configuration).map(
    ([name, value]) => `#define ${prefix}_${macroName(name)} ${literal(name, value)}`,
  );
}

/** A struct, and the function that fills it for a shape. Shapes of another rank get the default branch. */
function table(kernel: TunedKernel): string {
  const prefix = kernelMacro(kernel).toLowerCase();
  const fallback = configurationOf(kernel.fallback);
  const fields = Object.keys(fallback);
  const ranks = kernel.shapes.map(({ kernel: { shape } }) => shape.split('x').length);
  const extents = Array.from({ length: Math.max(...ranks) }, (_, place) => `n${place}`);
  const branches = kernel.shapes
    .filter(({ kernel: { shape } }) => EXTENTS.test(shape))
    .filter(({ best }) => fields.every((name) => Object.hasOwn(best.configuration, name)))
    .map(({ kernel: { shape }, best }) => {
      const test = padded(shape, extents.length).map((extent, place) => `${extents[place]} == ${extent}LL`);
      return `  if (${test.join(' && ')}) {\n${initialised(prefix, fields, best.configuration, '    ')}  }`;
    });
  return [
    `typedef struct {\n${fields.map((name) => `  ${typeOf(name, kernel)} ${fieldName(name)};\n`).join('')}} ${prefix}_t;`,
    `static inline ${prefix}_t ${prefix}(${extents.map((extent) => `long long ${extent}`).join(', ')}) {`,
    ...branches,
    `${initialised(prefix, fields, fallback, '  ')}}`,
  ].join('\n');
}

/** A shape of lower rank is called with 1 for the extents that it has not. */
function padded(shape: string, rank: number): readonly string[] {
  const extents = shape.split('x');
  return [...extents, ...Array.from({ length: rank - extents.length }, () => '1')];
}

function initialised(
  prefix: string,
  fields: readonly string[],
  configuration: Configuration,
  indent: string,
): string {
  const values = fields.map((name) => literal(name, configuration[name])).join(', ');
  return `${indent}${prefix}_t found = {${values}};\n${indent}return found;\n`;
}

function typeOf(name: string, kernel: TunedKernel): string {
  const values = configurations(kernel).map((configuration) => configuration[name]);
  const numbers = values.filter((value) => typeof value === 'number');
  return numbers.every(Number.isInteger) ? 'long long' : 'double';
}

function literal(name: string, value: Value): string {
  if (typeof value === 'string') return wordMacro(name, value);
  if (typeof value === 'boolean') return value ? '1' : '0';
  return Number.isInteger(value) ? wholeNumber(value) : String(value);
}

/** Larger ones need a suffix, or they are truncated on small machines. */
function wholeNumber(value: number): string {
  return Math.abs(value) < 2 ** 31 ? String(value) : `${value}LL`;
}

function configurations({ shapes, fallback }: TunedKernel): readonly Configuration[] {
  return [...shapes.map(({ best }) => best.configuration), configurationOf(fallback)];
}

function wordMacro(parameter: string, value: string): string {
  return `NIGHTSHIFT_${macroName(parameter)}_${macroName(value)}`;
}

/** vectorBytes → vector_bytes, as C names things; a digit cannot come first. */
function fieldName(name: string): string {
  const lower = macroName(name).toLowerCase();
  return /^\d/.test(lower) ? `_${lower}` : lower;
}

function quoted(text: string): string {
  return `"${oneLine(text).replaceAll(/["\\]/g, '\\$&')}"`;
}

function commentText(text: string): string {
  return oneLine(text).replaceAll('*/', '* /').replaceAll('/*', '/ *');
}
