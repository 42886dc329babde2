import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { compiledFolder, hasCompiler } from '../machine-here.fixture.ts';

const folder = compiledFolder();
const pool = fileURLToPath(new URL('./pool.h', import.meta.url));

/** Shares out the units of an operand of almost 2 GiB, which nothing touches, and counts them. */
const MAIN = `
#define _GNU_SOURCE
#include "${pool}"
#include <stdio.h>
#define WORK (2147483647 - 2 * 4096 + 1)
static void fill_part(int part, int parts) { (void)part, (void)parts; }
static atomic_llong units;
static atomic_int outside;
static void count(int begin, int end, char *scratch, char *const *at) {
  (void)scratch, (void)at;
  if (begin < 0 || end <= begin || end > WORK) atomic_store(&outside, 1);
  else atomic_fetch_add(&units, end - begin);
}
int main(void) {
  static char *none[16];
  scratches = none;
  if (!start_workers(15)) return 1;
  const int chunks[] = {0, 8, 128}, grains[] = {1, 1024, 6144};
  for (int n = 0; n < 3; n++)
    for (int grain = 0; grain < 3; grain++) {
      const long long one = chunks[n] == 0 ? 0 : (WORK + chunks[n] - 1LL) / chunks[n];
      struct variant variant = {.run = count, .threads = 16, .work = WORK, .grain = grains[grain]};
      variant.chunk = (int)((one + grains[grain] - 1) / grains[grain] * grains[grain]);
      atomic_store(&units, 0);
      fork_join(&variant);
      if (atomic_load(&outside) || atomic_load(&units) != WORK)
        printf("%d chunks, grain %d: %lld units\\n", chunks[n], grains[grain], (long long)atomic_load(&units));
    }
  puts("shared");
}
`;

it.skipIf(!hasCompiler)('shares out as much work as an operand can have, each unit once', () => {
  const program = join(folder, 'pool');
  const words = ['-std=gnu11', '-O1', '-x', 'c', '-o', program, '-', '-pthread'];
  const { stderr, status } = spawnSync('cc', words, { input: MAIN, encoding: 'utf8' });
  expect(status, stderr).toBe(0);
  expect(spawnSync(program, { encoding: 'utf8', timeout: 60_000 }).stdout).toBe('shared\n');
});
