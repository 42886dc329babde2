// CMake, its build tool and the compiler read the right values from a script, with any names in a store.
import { describe, expect, it } from 'vitest';
import type { TunedKernel } from '../../../src/exporters/_base.ts';
import { cmake } from '../../../src/exporters/cmake.ts';
import { kernelMacro, parameterMacro } from '../../../src/exporters/names.ts';
import { valueNumber } from '../../../src/exporters/numbered-values.ts';
import { isCmakeText } from '../../../src/languages/cmake.ts';
import { decimal } from '../../../src/languages/decimal.ts';
import { has, Workshop } from '../../../src/languages/tools.fixture.ts';
import { type Written, write } from './written.fixture.ts';

const workshop = new Workshop();

/** A text as CMake's bracket argument, which no tested text ends. CMake skips the first line feed. */
const bracket = (text: string): string => `[=====[\n${text}]=====]`;

/** A program that prints its compile definitions, and the expected output. */
type Program = Readonly<{ name: string; lines: readonly string[]; expected: readonly string[] }>;

/** A program with the definitions of a kernel at its first shape. */
function programOf(kernel: TunedKernel, name: string): Program {
  const [{ kernel: first, best }] = kernel.shapes;
  const definitions = Object.entries(best.configuration);
  const puts = definitions.map(([parameter]) => `TEXT(${kernelMacro(kernel)}_${parameterMacro(parameter)})`);
  workshop.put(
    `${name}.c`,
    [
      '#include <stdio.h>',
      '#define BARE(...) #__VA_ARGS__',
      '#define TEXT(x) BARE(x)',
      `int main(void) {\n${puts.map((text) => `  puts(${text});\n`).join('')}  return 0;\n}\n`,
    ].join('\n'),
  );
  const words = [kernel.name, kernel.dtype, first.shape].map(bracket).join(' ');
  return {
    name,
    lines: [`add_executable(${name} ${name}.c)`, `nightshift_tuned(${name} ${words})`],
    expected: definitions.map(([parameter, value]) => decimal(valueNumber(parameter, value))),
  };
}

/** Kernels whose names CMake can express unchanged. */
function programsOf({ tuned, place }: Written): readonly Program[] {
  return tuned.kernels.flatMap((kernel, at) => {
    const names = [kernel.name, kernel.dtype, kernel.shapes[0].kernel.shape];
    return names.every(isCmakeText) ? [programOf(kernel, `k${place}_${at}`)] : [];
  });
}

describe.skipIf(!has('cmake', 'gcc', 'make'))('cmake (skipped where cmake, gcc or make is absent)', () => {
  it('means the same to CMake, its build tool and the compiler', async () => {
    const all = (await write(workshop, cmake, 40)).slice(0, 12);
    const programs = all.map(programsOf);
    const scripts = all.map(({ place, files }, at) =>
      [
        `include("\${CMAKE_SOURCE_DIR}/cmake/${place}/${files[0].name}")`,
        ...programs[at].flatMap(({ lines }) => lines),
      ].join('\n'),
    );
    workshop.put(
      'CMakeLists.txt',
      `cmake_minimum_required(VERSION 3.18)\nproject(hostile C)\n${scripts.join('\n')}\n`,
    );
    const strictly = ['-DCMAKE_C_STANDARD=99', '-DCMAKE_C_EXTENSIONS=OFF', '-DCMAKE_C_FLAGS=-Werror'];
    expect(workshop.perform('cmake', '-S', '.', '-B', 'build', ...strictly).stderr).toBe('');
    expect(workshop.perform('cmake', '--build', 'build').stderr).toBe('');
    for (const { name, expected } of programs.flat()) {
      const { stdout } = workshop.perform(`${workshop.path}/build/${name}`);
      expect(stdout.split('\n').slice(0, -1)).toEqual(expected);
    }
    workshop.expectNothingDone();
  });

  it('has the target’s name, or the name of the file', async () => {
    const all = await write(workshop, cmake, 60);
    const scripts = all.map(
      ({ place, files }) =>
        `include("\${CMAKE_CURRENT_LIST_DIR}/cmake/${place}/${files[0].name}")\nstring(HEX "\${NIGHTSHIFT_TARGET}" name)\nmessage("\${name}")\n`,
    );
    workshop.put('names.cmake', `cmake_minimum_required(VERSION 3.18)\n${scripts.join('')}`);
    const read = workshop.perform('cmake', '-P', 'names.cmake').stderr.split('\n').slice(0, -1);
    expect(read.map((hex) => Buffer.from(hex, 'hex').toString())).toEqual(
      all.map(({ tuned: { target }, files }) =>
        isCmakeText(target.name) && !/x[0-9a-f]{16}$/.test(target.name)
          ? target.name
          : files[0].name.replace(/\.cmake$/, ''),
      ),
    );
    workshop.expectNothingDone();
  });
});
