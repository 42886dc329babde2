import { hashComment } from '../../languages/comment.ts';
import { scheduleFlags, VARIANT_FLAGS } from '../../targets/native/flags.ts';
import type { TunedTarget } from '../_base.ts';
import { headLines } from '../words.ts';
import { fileStem, generalFile, variantFile } from './kernel-files.ts';
import type { SourceKernel } from './source-kernel.ts';

const NATIVE = '-march=native';

/** The library `nightshift_kernels`, with the flags that the variants were timed with, and the self-test. */
export function cmakeLists(
  tuned: TunedTarget,
  sources: readonly SourceKernel[],
  usesThreads: boolean,
): string {
  const variants = sources.flatMap((source) =>
    source.variants.map((variant) => ({ file: variantFile(source, variant), schedule: variant.schedule })),
  );
  const compiled = [
    ...variants,
    ...sources.flatMap((source) =>
      source.general === undefined
        ? []
        : [{ file: generalFile(source), schedule: source.general.like.schedule }],
    ),
  ];
  const files = [
    ...sources.map((source) => `${fileStem(source)}.c`),
    ...compiled.map(({ file }) => file),
    'nightshift_run.c',
  ];
  const own = compiled.map(
    ({ file, schedule }) =>
      `set_source_files_properties(${file} PROPERTIES COMPILE_OPTIONS "${scheduleFlags(schedule).join(';')}")`,
  );
  const flags = VARIANT_FLAGS.filter((flag) => flag !== NATIVE).join(' ');
  return `${headLines(tuned, 'c-source').map(hashComment).join('\n')}
cmake_minimum_required(VERSION 3.16)
project(nightshift_kernels C)

set(NIGHTSHIFT_ARCHITECTURE "${NATIVE}" CACHE STRING "The compiler's flag for the processor; the kernels were timed with ${NATIVE}")

add_library(nightshift_kernels STATIC
  ${files.join('\n  ')})
target_include_directories(nightshift_kernels PUBLIC "\${CMAKE_CURRENT_SOURCE_DIR}")
target_compile_options(nightshift_kernels PRIVATE ${flags}
  \${NIGHTSHIFT_ARCHITECTURE} -Wno-psabi)
set_target_properties(nightshift_kernels PROPERTIES POSITION_INDEPENDENT_CODE ON)
target_link_libraries(nightshift_kernels PUBLIC m)
${usesThreads ? 'find_package(Threads REQUIRED)\ntarget_link_libraries(nightshift_kernels PUBLIC Threads::Threads)\n' : ''}
# What was timed was compiled with these besides.
${own.join('\n')}

add_executable(nightshift_self_test nightshift_self_test.c)
target_link_libraries(nightshift_self_test PRIVATE nightshift_kernels)
enable_testing()
add_test(NAME nightshift_self_test COMMAND nightshift_self_test)
`;
}
