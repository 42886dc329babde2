import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const EXAMPLE = fileURLToPath(new URL('../../examples/cmake-c', import.meta.url));
const BINARY = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));
const hasTools = ['cmake', 'gcc'].every((tool) => spawnSync(tool, ['--version']).error === undefined);

const folder = mkdtempSync(join(tmpdir(), 'nightshift-example-'));
cpSync(EXAMPLE, folder, { recursive: true });
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ci = () => {
  const env = { ...process.env, NIGHTSHIFT: `${process.execPath} ${BINARY}` };
  const { status, stdout, stderr } = spawnSync('./ci.sh', { cwd: folder, env, encoding: 'utf8' });
  return { status, said: stdout + stderr };
};

describe.skipIf(!hasTools)('the CMake example (skipped where cmake or gcc is absent)', () => {
  it('builds and passes its tests with the committed header, which matches the committed store', () => {
    const { status, said } = ci();
    expect(said).toContain('files are up to date');
    expect(said).toContain('100% tests passed');
    expect(status).toBe(0);
  });
  it('fails if the header does not match the store', () => {
    writeFileSync(join(folder, 'tuned/hexagon-v75.h'), '/* by hand */\n');
    const { status, said } = ci();
    expect(status).toBe(1);
    expect(said).toContain('hexagon-v75.h different');
  });
});
