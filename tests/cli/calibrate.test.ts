import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadTarget } from '../../src/targets/npu/machine/load.ts';
import { temporaryFolder } from './command-line.fixture.ts';
import { inProcess } from './in-process.fixture.ts';

const folder = temporaryFolder();
const file = join(folder.path, 'mine.json');
const env = { NIGHTSHIFT_STORE: join(folder.path, 'store.db') };
afterAll(folder.remove);

/** Timing micro-kernels takes seconds, more on a busy machine. */
const PATIENCE_MS = 60_000;

describe('calibrate', () => {
  beforeAll(async () => {
    const { code, stdout, stderr } = await inProcess(['calibrate', '-o', file], env);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toMatch(/Wrote .*mine\.json: .*, \d+ figures measured, \d+ priors\./);
  }, PATIENCE_MS);

  it('writes a target file in which every figure says where it comes from', () => {
    const { clockGHz, memory, host } = loadTarget(file);
    expect(clockGHz).toBeGreaterThan(0.3);
    expect(host?.staging).toHaveLength(memory.length);
    const sources = readFileSync(file, 'utf8').matchAll(/"source": "([^"]*)"/g);
    for (const [, source] of sources) expect(source).toMatch(/^(measured |prior: |repeated calls)/);
  });

  it('makes the study of --target wasm one that is simulated, and says so', async () => {
    const words = ['tune', 'gelu', '--shape', '4096', '--target', file, '--trials', '40', '--format', 'json'];
    const { code, stdout } = await inProcess([...words, '--quiet'], env);
    expect(code).toBe(0);
    expect(stdout).toContain('simulated gains have no intervals');
    expect(stdout).toContain('"scalarUnroll"');
  });

  it('refuses a file whose host does not fit its memory', async () => {
    const text = readFileSync(file, 'utf8');
    const broken = join(folder.path, 'broken.json');
    writeFileSync(broken, text.replace(/"staging": \[\s*(\{[\s\S]*?\n {6}\}),/, '"staging": ['));
    const { code, stderr } = await inProcess(['simulate', 'gelu', '--target', broken], env);
    expect(code).toBe(2);
    expect(stderr).toMatch(/host\.staging: must have \d entries, one for each level of memory/);
  });
});
