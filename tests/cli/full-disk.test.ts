import { spawnSync } from 'node:child_process';
import { existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { BINARY, temporaryFolder } from './command-line.fixture.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

describe.skipIf(!existsSync('/dev/full'))('results sent to a full disk (skipped without /dev/full)', () => {
  it.each(['kernels -f json', 'tune gelu -q -n 5', '--help'])('%s: one sentence, exit 3', (line) => {
    const env = { ...process.env, NIGHTSHIFT_STORE: join(folder.path, 'full.db') };
    const stdio = ['ignore', openSync('/dev/full', 'w'), 'pipe'] as const;
    const { status, stderr } = spawnSync(process.execPath, [BINARY, ...line.split(' ')], {
      env,
      stdio: [...stdio],
      encoding: 'utf8',
    });
    expect(stderr).toMatch(/^nightshift: stdout: no space is left on the device .*incomplete\n$/);
    expect(status).toBe(3);
  });
});
