import type { Value } from '../../search-space/parameter.ts';
import { cmakeDefinition, cmakeEquals, cmakeList, cmakeText, isCmakeText } from '../languages/cmake.ts';
import { hashComment } from '../languages/comment.ts';
import { decimal } from '../languages/decimal.ts';
import { expressibleName, fileName, filePart } from '../languages/file-names.ts';
import { type Branch, branchesOf, type Exporter, type TunedKernel, type TunedTarget } from './_base.ts';
import {
  checkDistinct,
  defaultMacro,
  type GivenName,
  kernelLabel,
  kernelMacro,
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
 * Variables for each kernel and shape, and a function that adds the definitions of one of them to a CMake
 * target: `nightshift_tuned(my_lib gelu f32 1048576)` defines NIGHTSHIFT_GELU_F32_THREADS and so on.
 */
export const cmake: Exporter = Object.freeze<Exporter>({
  name: 'cmake',
  writes: 'answers',
  summary: 'variables, and a function that adds compile definitions',
  async export(tuned) {
    checkDistinct('cmake', [{ name: TARGET, of: 'the target' }, ...tuned.kernels.flatMap(variablesOf)]);
    const constants = numberedValues('cmake', tuned.kernels);
    const definitions = tuned.kernels.flatMap(definitionsOf);
    checkDistinct('cmake', [...constants, ...definitions, ...tuned.kernels.flatMap(macrosOf)]);
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

/** The macros of the C header, which a file that is compiled with these definitions may include. */
function macrosOf(kernel: TunedKernel): readonly GivenName[] {
  return branchesOf(kernel).flatMap(({ shape, configuration }) => {
    const prefix = shape === null ? defaultMacro(kernel) : shapeMacro(kernel, shape.kernel.shape);
    return Object.keys(configuration).map((parameter) => ({
      name: `${prefix}_${parameterMacro(parameter)}`,
      of: `parameter '${parameter}' of ${kernelLabel(kernel)} in the C header`,
    }));
  });
}

const HELP = `# nightshift_tuned(<target> <kernel> <dtype> <shape>): compile definitions of the best configuration, such as
# NIGHTSHIFT_GELU_F32_THREADS=6, and a number for each text that a parameter can be, such as NIGHTSHIFT_STAGING_DMA.
# A shape that is not listed gets the configuration of the default branch.`;

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
  return branchesOf(kernel)
    .map((branch) => {
      const { shape, configuration, space } = branch;
      const about =
        shape === null
          ? describeFallback(kernel.fallback)
          : `${kernel.name} ${kernel.dtype} ${shape.kernel.shape}: ${originOf(shape)}`;
      const comments = [about, ...withoutChoice(space, configuration)].map(hashComment);
      return [...comments, list(kernel, branch)].join('\n');
    })
    .join('\n');
}

function list(kernel: TunedKernel, { shape, configuration }: Branch): string {
  const name = shape === null ? defaultMacro(kernel) : shapeMacro(kernel, shape.kernel.shape);
  const items = Object.entries(configuration).map(([parameter, value]) =>
    cmakeDefinition(
      parameterMacro(parameter),
      literalOf(parameter, value),
      `parameter '${parameter}' of ${kernelLabel(kernel)}`,
    ),
  );
  return cmakeList(name, items);
}

/** Finds a kernel by its own name, not by its macro: names that differ in case may look alike there. */
function lookup(kernels: readonly TunedKernel[]): string {
  return [
    `${HELP}\nfunction(nightshift_tuned target kernel dtype shape)`,
    ...kernels.map(kernelCase),
    '  else()',
    `    message(FATAL_ERROR "nightshift: \${kernel} \${dtype} has no results")`,
    '  endif()',
    ONE_SHAPE,
    '  foreach(value IN LISTS values)',
    `    target_compile_definitions(\${target} PRIVATE "\${name}_\${value}")`,
    '  endforeach()',
    `  target_compile_definitions(\${target} PRIVATE \${constants})`,
    'endfunction()',
  ].join('\n');
}

function kernelCase(kernel: TunedKernel, place: number): string {
  const constants = numberedValues('cmake', [kernel]).map(({ name, literal, of }) =>
    cmakeDefinition(name, literal, of),
  );
  return [
    `  ${place === 0 ? 'if' : 'elseif'}(${isNamed('kernel', kernel.name)} AND ${isNamed('dtype', kernel.dtype)})`,
    `    set(name ${kernelMacro(kernel)})`,
    `    ${cmakeList('constants', constants)}`,
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
}

/** One macro has one value: a CMake target gets a kernel's definitions for one shape only. */
const ONE_SHAPE = `  get_property(isSet TARGET \${target} PROPERTY \${name} SET)
  get_property(earlier TARGET \${target} PROPERTY \${name})
  if(isSet AND NOT "\${earlier}" STREQUAL "\${shape}")
    message(FATAL_ERROR "nightshift: \${target} has \${kernel} \${dtype} for \${earlier} already; for several shapes include the C header")
  endif()
  set_property(TARGET \${target} PROPERTY \${name} "\${shape}")`;

function isNamed(variable: string, name: string): string {
  return cmakeEquals(variable, expressibleName(name, isCmakeText));
}

function literalOf(parameter: string, value: Value): string {
  return typeof value === 'string' ? valueMacro(parameter, value) : decimal(Number(value));
}

/** For `checkValues`: texts differ from numbers, as each text is a macro. */
function written(value: Value): string {
  return typeof value === 'string' ? JSON.stringify(value) : decimal(Number(value));
}
