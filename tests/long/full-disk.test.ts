import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BINARY, temporaryFolder } from '../cli/command-line.fixture.ts';
import { inProcess } from '../cli/in-process.fixture.ts';
import { NODE_FLAGS } from '../node-flags.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

describe.skipIf(!existsSync('/dev/full'))('results sent to a full disk (skipped without /dev/full)', () => {
  it.each(['kernels -f json', 'tune gelu -q -n 5', '--help'])('%s: one sentence, exit 3', (line) => {
    const env = { ...process.env, NIGHTSHIFT_STORE: join(folder.path, 'full.db') };
    const stdio = ['ignore', openSync('/dev/full', 'w'), 'pipe'] as const;
    const { status, stderr } = spawnSync(process.execPath, [...NODE_FLAGS, BINARY, ...line.split(' ')], {
      env,
      stdio: [...stdio],
      encoding: 'utf8',
    });
    expect(stderr).toMatch(/^nightshift: stdout: the disk is full .*incomplete\n$/);
    expect(status).toBe(3);
  });
});

/** Runs a command in a namespace of its own, where the folder `disk` is a new disk. */
function onDisk(options: string, line: string) {
  const mount = `mount -t tmpfs -o ${options} none disk && exec "$@"`;
  const words = ['-rm', 'sh', '-c', mount, 'sh', process.execPath, ...NODE_FLAGS, BINARY, ...line.split(' ')];
  const env = { ...process.env, NIGHTSHIFT_STORE: join(folder.path, 'tuned.db') };
  return spawnSync('unshare', words, { cwd: folder.path, env, encoding: 'utf8' });
}

mkdirSync(join(folder.path, 'disk'));
const canMount = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'none', folder.path]).status === 0;

describe.skipIf(!canMount)('files on a disk that refuses them (skipped where nothing can be mounted)', () => {
  beforeAll(async () => {
    const env = { NIGHTSHIFT_STORE: join(folder.path, 'tuned.db') };
    expect(await inProcess('tune gelu -q -n 20'.split(' '), env)).toMatchObject({ code: 0 });
  });
  it.each([
    ['size=4k', 'the disk is full'],
    ['ro', 'the disk is read-only'],
  ])('%s: one sentence with the cause, exit 3', (options, cause) => {
    for (const line of [
      'export -f json,t4 -o',
      'report --html',
      'report --md',
      'trace gelu --shape 2^22 -o',
    ]) {
      const { status, stderr } = onDisk(options, `${line} disk/out`);
      expect(stderr, line).toMatch(
        new RegExp(`^nightshift: .*: cannot write .*disk/out.*: ${cause} \\(.*\\)\n$`),
      );
      expect(status, line).toBe(3);
    }
    expect(readdirSync(join(folder.path, 'disk'))).toEqual([]);
  });
});
