import { spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { findCompiler } from '../../c/compiler.ts';
import { libraryKernel } from '../../kernels/library.ts';
import { nativeBackend } from './backend.ts';
import { processorOf } from './machine.ts';
import { compiledFolder, hostHere, prepared } from './machine-here.fixture.ts';

const COMPILER = 'aarch64-linux-gnu-gcc';
const EMULATOR = 'qemu-aarch64';
const hasBoth = [COMPILER, EMULATOR].every((name) => spawnSync(name, ['--version']).status === 0);

/** Compiles for Arm; a program becomes a script that runs it under the emulator. */
const SCRIPT = `#!/bin/sh
for word; do
  shift
  case $word in -march=native) continue ;; -shared) shared=yes ;; esac
  test "$before" = -o && output=$word
  before=$word
  set -- "$@" "$word"
done
${COMPILER} "$@" || exit
test "$shared" = yes || test ! -e "$output" && exit
mv "$output" "$output.arm"
printf '#!/bin/sh\\nexec ${EMULATOR} -L /usr/aarch64-linux-gnu "%s.arm" "$@"\\n' "$output" > "$output"
chmod +x "$output"
`;

const folder = compiledFolder();
const script = join(folder, 'cc');

describe.skipIf(!hasBoth)(`native code for Arm (needs ${COMPILER} and ${EMULATOR})`, () => {
  beforeAll(() => {
    writeFileSync(script, SCRIPT);
    chmodSync(script, 0o755);
  });

  it.each([
    ['gelu', [1003], 'f32'],
    ['exp', [1003], 'f16'],
    ['softmax', [5, 67], 'f32'],
    ['row-max', [5, 67], 'i8'],
    ['matmul', [13, 21, 18], 'f32'],
  ] as const)('of %s %j %s agrees with the float64 reference', async (name, shape, dtype) => {
    const compiler = await findCompiler([script]);
    if (compiler === undefined) throw new Error('the script is no compiler');
    const { lanes, fma } = processorOf('arm64', '');
    const host = { ...(await hostHere(2)), compiler };
    const backend = await nativeBackend({ kernel: libraryKernel(name, shape, dtype), host, folder });
    try {
      const configuration = { lanes: lanes[0], unroll: 2, tileRows: 3, fma, threads: 2, chunking: 'static' };
      expect(await backend.verify(await prepared(backend, configuration))).toEqual({ state: 'correct' });
    } finally {
      await backend.close();
    }
  });
});
