import type { Configuration } from '../../search-space/parameter.ts';
import { configurationOf, type Exporter, type TunedKernel, type TunedTarget } from './_base.ts';
import { checkNames, fileWord, kernelMacro, macroName, shapeMacro } from './names.ts';
import { describeFallback, headLines, oneLine, originOf } from './words.ts';

/**
 * Variables for each kernel and shape, and a function that gives a CMake target the definitions of
 * one: `nightshift_tuned(my_lib gelu f32 1048576)` defines NIGHTSHIFT_GELU_F32_THREADS and so on.
 */
export const cmake: Exporter = Object.freeze<Exporter>({
  name: 'cmake',
  summary: 'variables, and a function that adds compile definitions',
  async export(tuned) {
    checkNames(tuned.kernels);
    return { files: [{ name: `${fileWord(tuned.target.name)}.cmake`, text: script(tuned) }], notes: [] };
  },
});

const FUNCTION = `# nightshift_tuned(<target> <kernel> <dtype> <shape>): compile definitions of what is best, for instance
# NIGHTSHIFT_GELU_F32_THREADS=6. A shape that is not listed gets what is best over those that are.
function(nightshift_tuned target kernel dtype shape)
  string(REGEX REPLACE "([a-z0-9])([A-Z])" "\\\\1_\\\\2" kernel_name "NIGHTSHIFT_\${kernel}_\${dtype}")
  string(TOUPPER "\${kernel_name}" kernel_name)
  string(REGEX REPLACE "[^A-Z0-9]+" "_" kernel_name "\${kernel_name}")
  string(TOUPPER "\${shape}" shape_name)
  if(NOT DEFINED \${kernel_name}_DEFAULT)
    message(FATAL_ERROR "nightshift: nothing is known of \${kernel} \${dtype}")
  endif()
  if(DEFINED \${kernel_name}_\${shape_name})
    set(values "\${\${kernel_name}_\${shape_name}}")
  else()
    message(STATUS "nightshift: \${kernel} \${dtype} \${shape} was not tuned; taking the default branch")
    set(values "\${\${kernel_name}_DEFAULT}")
  endif()
  foreach(value IN LISTS values)
    target_compile_definitions(\${target} PRIVATE "\${kernel_name}_\${value}")
  endforeach()
endfunction()`;

function script(tuned: TunedTarget): string {
  const blocks = [
    headLines(tuned, 'cmake')
      .map((line) => `# ${line}`)
      .join('\n'),
    `include_guard(GLOBAL)\nset(NIGHTSHIFT_TARGET "${escaped(tuned.target.name)}")`,
    ...tuned.kernels.map(kernelBlock),
    FUNCTION,
  ];
  return `${blocks.join('\n\n')}\n`;
}

function kernelBlock(kernel: TunedKernel): string {
  const lists = kernel.shapes.flatMap(({ kernel: { shape }, best }) => [
    `# ${oneLine(`${kernel.name} ${kernel.dtype} ${shape}`)}: ${originOf(best)}`,
    list(shapeMacro(kernel, shape), best.configuration),
  ]);
  return [
    ...lists,
    `# ${describeFallback(kernel.fallback)}`,
    list(`${kernelMacro(kernel)}_DEFAULT`, configurationOf(kernel.fallback)),
  ].join('\n');
}

function list(name: string, configuration: Configuration): string {
  const values = Object.entries(configuration).map(
    ([parameter, value]) => `"${macroName(parameter)}=${escaped(definition(value))}"`,
  );
  return `set(${name}\n  ${values.join('\n  ')})`;
}

function definition(value: Configuration[string]): string {
  if (typeof value === 'boolean') return value ? '1' : '0';
  return String(value);
}

function escaped(text: string): string {
  return oneLine(text).replaceAll(/["\\$;]/g, '\\$&');
}
