import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Configuration } from '../../search-space/parameter.ts';
import { libraryKernel } from '../../src/kernels/library.ts';
import { nativeBackend } from '../../src/targets/native/backend.ts';
import { compiledFolder, hostHere, prepared } from '../../src/targets/native/machine-here.fixture.ts';

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
