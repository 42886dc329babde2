import type { Configuration, Value } from '../../search-space/parameter.ts';
import { cmakeDefinition, cmakeEquals, cmakeList, cmakeText, isCmakeText } from '../languages/cmake.ts';
import { hashComment } from '../languages/comment.ts';
import { decimal } from '../languages/decimal.ts';
import { expressibleName, fileName, filePart } from '../languages/file-names.ts';
import { configurationOf, type Exporter, type TunedKernel, type TunedTarget } from './_base.ts';
import {
  checkDistinct,
  defaultMacro,
  type GivenName,
  kernelLabel,
  kernelMacro,
  parameterMacro,
  shapeMacro,
} from './names.ts';
import { checkValues, configurationsOf, describeFallback, headLines, originOf } from './words.ts';

/**
 * Variables for each kernel and shape, and a function that adds the definitions of one of them to a CMake
 * target: `nightshift_tuned(my_lib gelu f32 1048576)` defines NIGHTSHIFT_GELU_F32_THREADS and so on.
 */
export const cmake: Exporter = Object.freeze<Exporter>({
  name: 'cmake',
  summary: 'variables, and a function that adds compile definitions',
  async export(tuned) {
    checkDistinct('cmake', [{ name: TARGET, of: 'the target' }, ...tuned.kernels.flatMap(variablesOf)]);
    checkDistinct('cmake', tuned.kernels.flatMap(definitionsOf));
    checkValues('cmake', tuned.kernels, written);
    const text = script(tuned);
    return { files: [{ name: fileName([filePart(tuned.target.name)], '.cmake'), text }], notes: [] };
  },
});

const TARGET = 'NIGHTSHIFT_TARGET';

function variablesOf(kernel: TunedKernel): readonly GivenName[] {
  const of = kernelLabel(kernel);
  return [
    ...kernel.shapes.map(({ kernel: { shape } }) => ({
      name: shapeMacro(kernel, shape),
      of: `${of} ${shape}`,
    })),
    { name: defaultMacro(kernel), of: `the default of ${of}` },
  ];
}

/** The names of a kernel's compile definitions; a CMake target may have those of several kernels. */
function definitionsOf(kernel: TunedKernel): readonly GivenName[] {
  const parameters = new Set(configurationsOf(kernel).flatMap(Object.keys));
  return [...parameters].map((parameter) => ({
    name: `${kernelMacro(kernel)}_${parameterMacro(parameter)}`,
    of: `parameter '${parameter}' of ${kernelLabel(kernel)}`,
  }));
}

const HELP = `# nightshift_tuned(<target> <kernel> <dtype> <shape>): compile definitions of the best configuration, such as
# NIGHTSHIFT_GELU_F32_THREADS=6. A shape that is not listed gets the configuration of the default branch.`;

function script(tuned: TunedTarget): string {
  const blocks = [
    headLines(tuned, 'cmake').map(hashComment).join('\n'),
    `include_guard(GLOBAL)\ncmake_policy(VERSION 3.10...3.31)\nset(${TARGET} ${cmakeText(expressibleName(tuned.target.name, isCmakeText))})`,
    ...tuned.kernels.map(kernelBlock),
    lookup(tuned.kernels),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function kernelBlock(kernel: TunedKernel): string {
  const lists = kernel.shapes.flatMap(({ kernel: { shape }, best }) => [
    hashComment(`${kernel.name} ${kernel.dtype} ${shape}: ${originOf(best)}`),
    list(shapeMacro(kernel, shape), best.configuration, kernel),
  ]);
  return [
    ...lists,
    hashComment(describeFallback(kernel.fallback)),
    list(defaultMacro(kernel), configurationOf(kernel.fallback), kernel),
  ].join('\n');
}

function list(name: string, configuration: Configuration, kernel: TunedKernel): string {
  const items = Object.entries(configuration).map(([parameter, value]) =>
    cmakeDefinition(
      parameterMacro(parameter),
      written(value),
      `parameter '${parameter}' of ${kernelLabel(kernel)}`,
    ),
  );
  return cmakeList(name, items);
}

/** Finds a kernel by its own name, not by its macro: names that differ in case may look alike there. */
function lookup(kernels: readonly TunedKernel[]): string {
  const branches = kernels.map((kernel, place) => {
    const begin = place === 0 ? 'if' : 'elseif';
    return [
      `  ${begin}(${isNamed('kernel', kernel.name)} AND ${isNamed('dtype', kernel.dtype)})`,
      `    set(name ${kernelMacro(kernel)})`,
      ...kernel.shapes.map(({ kernel: { shape } }, at) =>
        [
          `    ${at === 0 ? 'if' : 'elseif'}(${isNamed('shape', shape)})`,
          `      set(values \${${shapeMacro(kernel, shape)}})`,
        ].join('\n'),
      ),
      '    else()',
      `      message(STATUS "nightshift: \${kernel} \${dtype} \${shape} was not tuned; taking the default branch")`,
      `      set(values \${${defaultMacro(kernel)}})`,
      '    endif()',
    ].join('\n');
  });
  return [
    `${HELP}\nfunction(nightshift_tuned target kernel dtype shape)`,
    ...branches,
    '  else()',
    `    message(FATAL_ERROR "nightshift: \${kernel} \${dtype} has no results")`,
    '  endif()',
    '  foreach(value IN LISTS values)',
    `    target_compile_definitions(\${target} PRIVATE "\${name}_\${value}")`,
    '  endforeach()',
    'endfunction()',
  ].join('\n');
}

function isNamed(variable: string, name: string): string {
  return cmakeEquals(variable, expressibleName(name, isCmakeText));
}

function written(value: Value): string {
  return typeof value === 'string' ? value : decimal(Number(value));
}
