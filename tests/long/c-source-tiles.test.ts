// The exported C copies tiles, has helpers and binds its threads as what was timed did, whoever calls it and when.
import { beforeAll, describe, expect, it } from 'vitest';
import { nativeResults } from '../../src/exporters/c-source/native-results.fixture.ts';
import { cSource } from '../../src/exporters/c-source.ts';
import { libraryKernel } from '../../src/kernels/library.ts';
import { has, Workshop } from '../../src/languages/tools.fixture.ts';
import { VARIANT_FLAGS } from '../../src/targets/native/flags.ts';

const workshop = new Workshop();
const helped = { lanes: 8, unroll: 2, tile: 4096, helper: true, buffers: 2, threads: 1 };
const tuned = nativeResults([
  {
    name: 'gelu',
    shapes: [
      [libraryKernel('gelu', [40_003]), helped],
      [libraryKernel('gelu', [30_001]), { ...helped, threads: 2, pinned: true, firstTouch: true }],
      [libraryKernel('gelu', [20_001]), { lanes: 4, tile: 1024, buffers: 2, staged: 'in', streaming: true }],
    ],
  },
  {
    name: 'softmax',
    shapes: [[libraryKernel('softmax', [61, 67]), { ...helped, tile: 5, buffers: 1, threads: 2 }]],
  },
]);

const MAIN = `#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include "gelu_f32.h"
#include "softmax_f32.h"
static void *call(void *unused) {
  float *x = malloc(40003 * sizeof *x), *y = malloc(40003 * sizeof *y);
  long wrong = 0;
  for (int n = 0; n < 40003; n++) x[n] = 1;
  for (int turn = 0; turn < 30; turn++) {
    wrong += nightshift_gelu_f32_run(40003, x, y) != 0 || y[0] != y[40002];
    wrong += nightshift_gelu_f32_run(30001, x, y) != 0 || y[0] != y[30000];
    wrong += nightshift_gelu_f32_run(20001, x, y) != 0 || y[0] != y[20000];
    wrong += nightshift_softmax_f32_run(61, 67, x, y) != 0 || y[0] != y[61 * 67 - 1];
  }
  free(x);
  free(y);
  return (void *)wrong;
}
int main(void) {
  pthread_t threads[3];
  void *wrong;
  long sum = (long)call(NULL);
  for (int n = 0; n < 3; n++) pthread_create(&threads[n], NULL, call, NULL);
  for (int n = 0; n < 3; n++) pthread_join(threads[n], &wrong), sum += (long)wrong;
  printf("%ld\\n", sum);
}
`;

/** Forks while the library's threads wait; the child takes one thread, and three. */
const FORKS = `#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
#include "gelu_f32.h"
int main(void) {
  static float x[40003], y[40003];
  int wrong = 0;
  for (int turn = 0; turn < 20; turn++) {
    wrong += nightshift_gelu_f32_run(40003, x, y) != 0;
    usleep(3000);
    const pid_t child = fork();
    if (child == 0) {
      alarm(20);
      for (int call = 0; call < 3; call++)
        if (nightshift_gelu_f32_run(40003, x, y) != 0 || nightshift_gelu_f32_run(30001, x, y) != 0) _exit(1);
      _exit(0);
    }
    int status = 1;
    waitpid(child, &status, 0);
    if (status != 0) return printf("turn %d: the child ended with %d\\n", turn, status), 1;
  }
  printf("%d\\n", wrong);
}
`;

describe.skipIf(!has('cc', 'cmake'))('exported kernels that copy tiles (need cc and cmake)', () => {
  beforeAll(async () => {
    for (const { name, text } of (await cSource.export(tuned)).files) workshop.put(`kernels/${name}`, text);
    workshop.put('main.c', MAIN);
    workshop.put('forks.c', FORKS);
  });

  it('pass their self-test, compiled without a warning', () => {
    const strict = '-DCMAKE_C_FLAGS=-Wall -Wextra -Werror';
    expect(workshop.perform('cmake', '-S', 'kernels', '-B', 'build', strict).stderr).toBe('');
    const { status, stdout } = workshop.perform('cmake', '--build', 'build');
    expect({ status, stdout }).toMatchObject({ status: 0 });
    const tested = workshop.perform(`${workshop.path}/build/nightshift_self_test`);
    for (const name of ['gelu f32 40003', 'gelu f32 30001', 'gelu f32 20001', 'softmax f32 61x67'])
      expect(tested.stdout).toContain(`${name}: right, 64 values\n`);
    expect(tested.status).toBe(0);
  });

  it.skipIf(!has('clang'))('are compiled by clang without a warning (skipped where it is absent)', () => {
    const words = [...VARIANT_FLAGS, '-Wall', '-Wextra', '-Werror', '-Wno-psabi', '-fsyntax-only'];
    const line = `clang ${words.join(' ')} kernels/*.c`;
    expect(workshop.perform('sh', '-c', line)).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  it('say that the operands were touched first, which is up to the caller', async () => {
    const { files } = await cSource.export(tuned);
    const header = files.find(({ name }) => name === 'gelu_f32.h')?.text ?? '';
    expect(header.match(/timed on operands whose pages each thread had touched first/g)).toHaveLength(1);
  });

  it.each(['', ...(has('taskset') ? ['taskset -c 0'] : [])])(
    'have no data race and end, called by several threads at once %s',
    (prefix) => {
      const flags = '-std=gnu11 -O1 -march=native -Wno-psabi -fsanitize=thread -pthread -Ikernels';
      const sources = 'main.c kernels/gelu*.c kernels/softmax*.c kernels/nightshift_run.c';
      const compiled = workshop.perform('sh', '-c', `cc ${flags} ${sources} -lm -o main`);
      expect(compiled.stderr).toBe('');
      const run = workshop.perform('sh', '-c', `timeout 100 ${prefix} ./main`);
      expect(run).toEqual({ status: 0, stdout: '0\n', stderr: '' });
    },
  );

  it('can be called in the child of a fork, which has none of the threads', () => {
    const flags = '-std=gnu11 -O1 -march=native -Wno-psabi -pthread -Ikernels';
    const compiled = workshop.perform(
      'sh',
      '-c',
      `cc ${flags} forks.c kernels/gelu*.c kernels/nightshift_run.c -lm -o forks`,
    );
    expect(compiled.stderr).toBe('');
    expect(workshop.perform('sh', '-c', 'timeout 100 ./forks')).toEqual({
      status: 0,
      stdout: '0\n',
      stderr: '',
    });
  });
});
