// The exported C is built by CMake without a warning, is right, and can be called from C++ and from several threads.
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { nativeResults } from '../../src/exporters/c-source/native-results.fixture.ts';
import { cSource } from '../../src/exporters/c-source.ts';
import { exporterConformance } from '../../src/exporters/exporter.conformance.ts';
import { defineKernel } from '../../src/kernels/builder.ts';
import { libraryKernel, libraryKernels } from '../../src/kernels/library.ts';
import { knownNames } from '../../src/languages/hostile.fixture.ts';
import { has, Workshop } from '../../src/languages/tools.fixture.ts';
import { VARIANT_FLAGS } from '../../src/targets/native/flags.ts';

const workshop = new Workshop();
const gelu = (n: number) => libraryKernel('gelu', [n]);
const softmax = (rows: number, columns: number) => libraryKernel('softmax', [rows, columns]);

/** A kernel of somebody else: only this shape of it is known. */
const twice = defineKernel('twice', { shape: [64], dtype: 'f32' }, (k) => {
  const i = k.dimension('i', 64);
  const x = k.input('x', 'f32', [64]).at(i);
  k.store(k.output('out', 'f32', [64]), [i], x.add(x));
});

const shared = { lanes: 16, unroll: 2, threads: 2, chunking: 'static' };
const tuned = nativeResults([
  {
    name: 'gelu',
    shapes: [
      [gelu(4096), { ...shared, streaming: true, prefetch: 512 }],
      [gelu(1003), { lanes: 8, unroll: 1, threads: 1, fma: true }],
    ],
  },
  {
    name: 'softmax',
    shapes: [
      [softmax(37, 67), { lanes: 4, unroll: 2, threads: 2, chunking: 'dynamic-8' }],
      [softmax(256, 1024), { ...shared, lanes: 8 }],
    ],
  },
  { name: 'twice', shapes: [[twice, { lanes: 4 }]] },
  { name: '*/ #include "/etc/passwd"', shapes: [[libraryKernel('relu', [64], 'f16'), { lanes: 1 }]] },
]);

exporterConformance({ ...cSource, name: 'c-source of native results' }, async () => [tuned]);

describe('c-source', () => {
  it('leaves out by name what there is no source of', async () => {
    const masked = defineKernel('masked', { shape: [64], dtype: 'f32' }, (k) => {
      const i = k.dimension('i', 64);
      const next = k.input('x', 'f32', [64]).atWhere(k.index(i).lt(63), 0, i.plus(1));
      k.store(k.output('out', 'f32', [64]), [i], next);
    });
    const results = nativeResults([
      { name: 'masked', shapes: [[masked, { lanes: 4 }]] },
      {
        name: 'softmax',
        shapes: [
          [softmax(5, 67), { lanes: 4 }],
          [gelu(67), { lanes: 4 }],
        ],
      },
    ]);
    const { files, notes } = await cSource.export(results);
    expect(files.map(({ name }) => name)).toContain('softmax_f32.c');
    expect(notes).toEqual([
      expect.stringMatching(/^masked f32 64: no source, because its code may read .* outside 'x'/),
      'softmax f32 67: no source, because 5x67 has another number of extents',
    ]);
  });

  it('has nothing of what another version generated, or of another kind of target', async () => {
    const results = [{ name: 'gelu', shapes: [[gelu(64), { lanes: 4 }]] as const }];
    const earlier = await cSource.export(nativeResults(results, { description: { generatorRevision: 0 } }));
    expect(earlier).toEqual({ files: [], notes: [expect.stringMatching(/tune it again$/)] });
    const other = await cSource.export(nativeResults(results, { kind: 'wasm' }));
    expect(other).toEqual({ files: [], notes: [expect.stringMatching(/--target native/)] });
  });

  it('needs no threads where none are used', async () => {
    const { files } = await cSource.export(
      nativeResults([{ name: 'gelu', shapes: [[gelu(64), { lanes: 4 }]] }]),
    );
    for (const { text } of files) expect(text).not.toMatch(/pthread|Threads/);
  });

  it('gives different kernels different names, whatever they are called', async () => {
    const names = [...new Set(knownNames)].filter((name) => name !== '');
    const functions = new Set<string>();
    for (const name of names) {
      const { files } = await cSource.export(nativeResults([{ name, shapes: [[gelu(8), { lanes: 1 }]] }]));
      for (const file of files) expect(file.name).toMatch(/^\w[\w.-]*$/);
      const texts = files.map(({ text }) => text);
      functions.add(
        texts.map((text) => /^int (nightshift_\w+_run_?)\(/m.exec(text)?.[1]).find(Boolean) ?? '',
      );
    }
    expect(functions.size).toBe(names.length);
  });
});

const MAIN = `#include <cmath>
#include <cstdio>
#include <thread>
#include <vector>
#include "gelu_f32.h"
#include "softmax_f32.h"
#include "twice_f32.h"
static int wrong;
static void call() {
  std::vector<float> x(4096, 1.0f), y(4096);
  for (int turn = 0; turn < 100; turn++) {
    if (nightshift_gelu_f32_run(4096, x.data(), y.data()) != 0) wrong = 1;
    if (std::fabs(y[4095] - 0.8413447f) > 1e-6f) wrong = 2;
    if (nightshift_softmax_f32_run(37, 67, x.data(), y.data()) != 0) wrong = 3;
    if (std::fabs(y[37 * 67 - 1] - 1.0f / 67) > 1e-6f) wrong = 4;
    if (nightshift_softmax_f32_run(3, 1001, x.data(), y.data()) != 0) wrong = 5;
    if (std::fabs(y[3 * 1001 - 1] - 1.0f / 1001) > 1e-6f) wrong = 6;
  }
}
int main() {
  std::thread other(call);
  other.join();
  std::thread first(call), second(call);
  first.join();
  second.join();
  float none = 0;
  const bool refused = nightshift_gelu_f32_run(0, &none, &none) == NIGHTSHIFT_NO_SHAPE &&
                       nightshift_softmax_f32_run(1, -1, &none, &none) == NIGHTSHIFT_NO_SHAPE &&
                       nightshift_twice_f32_run(5, &none, &none) == NIGHTSHIFT_NOT_TUNED;
  std::printf("%d %d\\n", wrong, refused);
}
`;

describe.skipIf(!has('cc', 'c++', 'cmake'))('the exported kernels (need cc, c++ and cmake)', () => {
  const library = ['build/libnightshift_kernels.a', '-pthread'];
  const build = () => workshop.perform('cmake', '--build', 'build');
  const test = () => workshop.perform(`${workshop.path}/build/nightshift_self_test`);

  beforeAll(async () => {
    for (const { name, text } of (await cSource.export(tuned)).files) workshop.put(`kernels/${name}`, text);
    const strict = '-DCMAKE_C_FLAGS=-Wall -Wextra -Werror';
    const configured = workshop.perform('cmake', '-S', 'kernels', '-B', 'build', strict);
    expect(configured.stderr).toBe('');
    const { status, stdout } = build();
    expect({ status, stdout }).toMatchObject({ status: 0 });
  }, 60_000);

  it('pass their self-test, with results at any address', () => {
    const { status, stdout } = test();
    const names = [
      'gelu f32 4096',
      'gelu f32 1003',
      'gelu f32 1, general',
      'gelu f32 7, general',
      'softmax f32 37x67',
      'softmax f32 256x1024',
      'softmax f32 1x1, general',
      'softmax f32 5x67, general',
      'softmax f32 3x519, general',
      'twice f32 64',
      '*/ #include "/etc/passwd" f16 64',
    ];
    const passed = stdout.split('\n').map((line) => line.replace(/: right, \d+ values$/, ''));
    expect({ status, passed }).toEqual({ status: 0, passed: [...names, ''] });
  });

  it('can be called from the example, which agrees with its plain loop', () => {
    workshop.put('example.c', readFileSync('examples/native/main.c', 'utf8'));
    const words = ['-O3', '-Wall', '-Wextra', '-Werror', '-Ikernels', 'example.c', '-o', 'example'];
    expect(workshop.perform('cc', ...words, ...library, '-lm').stderr).toBe('');
    const { status, stdout } = workshop.perform(`${workshop.path}/example`);
    expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringMatching(/times as fast/) });
  });

  it.skipIf(!has('clang'))('are compiled by clang without a warning (skipped where it is absent)', () => {
    const words = [...VARIANT_FLAGS, '-Wall', '-Wextra', '-Werror', '-Wno-psabi', '-fsyntax-only'];
    const line = `clang ${words.join(' ')} kernels/*.c`;
    expect(workshop.perform('sh', '-c', line)).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  it('can be called from C++ and from several threads at once, and refuse what there is no code for', () => {
    workshop.put('main.cpp', MAIN);
    const words = ['-Wall', '-Wextra', '-Wpedantic', '-Werror', '-Ikernels', 'main.cpp', '-o', 'main'];
    expect(workshop.perform('c++', ...words, ...library).stderr).toBe('');
    expect(workshop.perform(`${workshop.path}/main`)).toEqual({ status: 0, stdout: '0 1\n', stderr: '' });
  });

  it('fail their self-test if the last elements are not computed', async () => {
    const { files } = await cSource.export(tuned);
    const { name, text } = files.find((file) => file.name === 'gelu_f32_1003.c') ?? { name: '', text: '' };
    workshop.put(`kernels/${name}`, text.replace('{run, 1003,', '{run, 1002,'));
    expect(build().status).toBe(0);
    const { status, stdout } = test();
    expect(status).toBe(1);
    expect(stdout).toMatch(/^gelu f32 1003: wrong: element 1002 is nan instead of/m);
  });
});

/** A small shape that every kernel of so many extents can have. */
const SMALL: Readonly<Record<number, readonly number[]>> = {
  1: [64],
  2: [4, 64],
  3: [6, 8, 16],
  4: [1, 2, 8, 16],
};

describe.skipIf(!has('cc'))('the general code of every kernel of the library (needs cc)', () => {
  it('passes its self-test under the sanitizers', async () => {
    const results = libraryKernels.map(({ name, build, defaultShape, dtypes: [dtype] }) => ({
      name,
      shapes: [[build(SMALL[defaultShape.length], dtype), { lanes: 8, unroll: 3 }]] as const,
    }));
    const { files, notes } = await cSource.export(nativeResults(results));
    expect(notes).toEqual([]);
    for (const { name, text } of files) workshop.put(`all/${name}`, text);
    const strict = ['-Wall', '-Wextra', '-Werror', '-Wno-psabi', '-fsanitize=address,undefined', '-O1'];
    const compiler = ['cc', ...VARIANT_FLAGS, ...strict];
    expect(workshop.perform('sh', '-c', `${compiler.join(' ')} all/*.c -o all-test -lm`)).toEqual(NOTHING);
    const { status, stdout, stderr } = workshop.perform(`${workshop.path}/all-test`);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    for (const { name } of results)
      expect(
        stdout.split('\n').filter((line) => line.startsWith(`${name} `) && /general: right/.test(line)),
        name,
      ).toHaveLength(3);
  });
});

/** What a compiler says that has no complaint. */
const NOTHING = { status: 0, stdout: '', stderr: '' };

const FOR_ARM = ['aarch64-linux-gnu-gcc', 'qemu-aarch64', 'cmake'] as const;

describe.skipIf(!has(...FOR_ARM))(
  `the exported kernels, compiled for Arm (need ${FOR_ARM.join(', ')})`,
  () => {
    it('pass their self-test under an emulator, without a warning', async () => {
      for (const { name, text } of (await cSource.export(tuned)).files) workshop.put(`arm/${name}`, text);
      const settings = {
        CMAKE_SYSTEM_NAME: 'Linux',
        CMAKE_C_COMPILER: 'aarch64-linux-gnu-gcc',
        CMAKE_CROSSCOMPILING_EMULATOR: 'qemu-aarch64;-L;/usr/aarch64-linux-gnu',
        CMAKE_C_FLAGS: '-Wall -Wextra -Werror',
        NIGHTSHIFT_ARCHITECTURE: '-march=armv8-a',
      };
      const words = Object.entries(settings).map(([name, value]) => `-D${name}=${value}`);
      const configured = workshop.perform('cmake', '-S', 'arm', '-B', 'build-arm', ...words);
      expect(configured.stderr).toBe('');
      const { status, stderr } = workshop.perform('cmake', '--build', 'build-arm');
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      const tested = workshop.perform('ctest', '--test-dir', 'build-arm', '--verbose');
      expect(tested.stdout).toMatch(/softmax f32 3x519, general: right/);
      expect(tested.stdout).toMatch(/100% tests passed, 0 tests failed out of 1/);
    });
  },
);
