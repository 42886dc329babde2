import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Configuration } from '../../search-space/parameter.ts';
import { libraryKernel } from '../../src/kernels/library.ts';
import { has } from '../../src/languages/tools.fixture.ts';
import { nativeBackend } from '../../src/targets/native/backend.ts';
import { generateC } from '../../src/targets/native/generator/generate.ts';
import { compiledFolder, hostHere, prepared } from '../../src/targets/native/machine-here.fixture.ts';
import { nativeScheduleOf } from '../../src/targets/native/schedule-of.ts';

const folder = compiledFolder();
const own = mkdtempSync(join(tmpdir(), 'nightshift-sanitizers-'));
afterAll(() => rmSync(own, { recursive: true, force: true }));

/** Whether a program compiled with a sanitizer runs here. */
function hasSanitizer(name: string): boolean {
  const [source, program] = [join(own, 'main.c'), join(own, name)];
  writeFileSync(source, 'int main(void) { return 0; }\n');
  const compiled = spawnSync('cc', [`-fsanitize=${name}`, '-o', program, source]);
  return compiled.status === 0 && spawnSync(program).status === 0;
}

/** The pool's threads and helpers, with more of them than there are processors. */
const WAYS: readonly Configuration[] = [
  { threads: 3 },
  { threads: 3, chunking: 'dynamic-8' },
  { threads: 2, firstTouch: true },
  { tile: 16, buffers: 2, threads: 2 },
  { tile: 16, helper: true },
  { tile: 16, helper: true, buffers: 2, threads: 2 },
  { tile: 5, helper: true, buffers: 2, staged: 'in', threads: 2, chunking: 'dynamic-8' },
];

describe.each(['thread', 'address', 'undefined'])('under -fsanitize=%s', (sanitizer) => {
  beforeEach(() => {
    // What is found ends the runner, and so the trial.
    for (const name of ['TSAN', 'ASAN', 'UBSAN'])
      vi.stubEnv(`${name}_OPTIONS`, 'halt_on_error=1:abort_on_error=1:detect_leaks=0');
  });
  afterEach(() => vi.unstubAllEnvs());

  it.skipIf(!hasSanitizer(sanitizer))(
    `threads and helpers do no harm (needs cc with -fsanitize=${sanitizer})`,
    async () => {
      const host = await hostHere(4);
      const words = ['cc', `-fsanitize=${sanitizer}`, '-fno-sanitize-recover=all'];
      const backend = await nativeBackend({
        kernel: libraryKernel('softmax', [203, 67]),
        host: { ...host, compiler: { ...host.compiler, words } },
        folder,
      });
      try {
        for (const way of WAYS) {
          const variant = await prepared(backend, { lanes: 4, ...way });
          for (let turn = 0; turn < 5; turn++)
            expect(await backend.verify(variant), JSON.stringify(way)).toEqual({ state: 'correct' });
        }
      } finally {
        await backend.close();
      }
    },
  );
});

/** Calls the code with a helper that is there, late, or never comes; prints "right" where every result is. */
const MAIN = `
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
static char *scratch;
static void *help(void *delay) {
  usleep(*(unsigned *)delay);
  run_help(scratch);
  return NULL;
}
int main(void) {
  static float x[WORK], y[WORK], out[WORK];
  char *const at[] = {(char *)x, (char *)y, (char *)out};
  scratch = aligned_alloc(4096, (SCRATCH + 4095) / 4096 * 4096);
  for (int turn = 0; turn < 120; turn++) {
    for (int n = 0; n < WORK; n++) x[n] = turn, y[n] = n, out[n] = -1;
    memset(scratch, turn % 3 == 0 ? 0 : 0xff, SCRATCH);
    memset(scratch, 0, HANDSHAKE_BYTES);
    unsigned delay = turn % 5 * 40;
    const int is_helped = turn % 4 != 0;
    pthread_t helper;
    if (is_helped) pthread_create(&helper, NULL, help, &delay);
    /* Chunks, as threads take them. */
    run(0, WORK / 2, scratch, at);
    run(WORK / 2, WORK / 2, scratch, at);
    run(WORK / 2, WORK, scratch, at);
    atomic_store((atomic_int *)scratch, 1);
    if (is_helped) pthread_join(helper, NULL);
    for (int n = 0; n < WORK; n++)
      if (out[n] != turn + n) return printf("turn %d: element %d is %g\\n", turn, n, out[n]), 1;
  }
  puts("right");
}
`;

describe.skipIf(!hasSanitizer('thread'))('a helper (needs cc with -fsanitize=thread)', () => {
  const work = 20_000;
  const run = (words: readonly string[]) =>
    spawnSync(words[0], words.slice(1), { timeout: 60_000, encoding: 'utf8' });
  const program = (name: string, buffers: number, patience: number) => {
    const how = nativeScheduleOf({ lanes: 4, tile: 192, helper: true, buffers });
    const { source, scratchBytes } = generateC(libraryKernel('vector-add', [work]), how);
    const changed = source.replace('#define PATIENCE 1000', `#define PATIENCE ${patience}`);
    expect(changed).toContain(`#define PATIENCE ${patience}\n`);
    const sizes = `#define WORK ${work}\n#define SCRATCH ${scratchBytes}\n`;
    writeFileSync(join(own, `${name}.c`), sizes + changed + MAIN);
    const flags = ['-std=gnu11', '-O2', '-Wno-psabi', '-fsanitize=thread', '-pthread'];
    const compiled = run(['cc', ...flags, '-o', join(own, name), join(own, `${name}.c`)]);
    expect(compiled.stderr).toBe('');
    return join(own, name);
  };

  it.each([
    [1, 1000],
    [2, 1000],
    // The computing thread copies wherever the helper does not hold it off.
    [1, 0],
    [2, 0],
  ])('that is late, or never comes, changes nothing: %i buffers, patience %i', (buffers, patience) => {
    const path = program(`helper-${buffers}-${patience}`, buffers, patience);
    expect(run([path])).toMatchObject({ stdout: 'right\n', stderr: '', status: 0 });
  });

  it.skipIf(!has('taskset'))('shares one processor with the thread that it helps (needs taskset)', () => {
    const path = program('helper-alone', 2, 1000);
    expect(run(['taskset', '-c', '0', path])).toMatchObject({ stdout: 'right\n', stderr: '', status: 0 });
  });
});
