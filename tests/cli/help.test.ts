import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { commands } from '../../src/cli/commands/index.ts';
import { EXIT } from '../../src/cli/exit-codes.ts';
import { ended, nightshift, start, temporaryFolder } from './command-line.fixture.ts';
import { inProcess } from './in-process.fixture.ts';

const folder = temporaryFolder();
const options = { cwd: folder.path };
afterAll(folder.remove);

describe('--help', () => {
  it('lists every command and the exit codes', async () => {
    const { code, stdout } = await nightshift('--help', options);
    expect(code).toBe(0);
    for (const { usage, summary } of commands) {
      expect(stdout).toContain(`nightshift ${usage}`);
      expect(summary.length).toBeLessThan(90);
    }
    const told = stdout.slice(stdout.indexOf('Exit codes:')).matchAll(/\d+/g);
    expect(Array.from(told, Number)).toEqual(Object.values(EXIT));
  });
});

describe('tune --help', () => {
  it('calls an option of one letter by the name that the docs give it', async () => {
    const { code, stdout } = await inProcess(['tune', '--help'], {});
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ {6}--c {2,}A C file/m);
    expect(stdout).not.toMatch(/^ +-c\b/m);
    expect(stdout).toMatch(/^ {2}-s, --shape/m);
    expect(stdout).toContain('the smallest first');
  });
});

describe('--version', () => {
  it('is the version of the package', async () => {
    expect((await nightshift('--version', options)).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('a command', () => {
  it.each(commands.map(({ usage }) => usage.split(' ')[0]))('%s has examples of its own', async (name) => {
    const entry = commands.find(({ usage }) => usage.split(' ')[0] === name);
    const { examples } = (await entry?.load()) ?? { examples: [] };
    expect(examples.length).toBeGreaterThan(0);
    for (const [line] of examples) expect(line).toMatch(new RegExp(`^${name}\\b`));
  });

  it('shows examples of tune that work', async () => {
    const entry = commands.find(({ usage }) => usage.startsWith('tune'));
    const { examples } = (await entry?.load()) ?? { examples: [] };
    const own = examples.map(([line]) => line).filter((line) => !/\.(json|sh|c)\b/.test(line));
    expect(own.length).toBeGreaterThan(3);
    for (const [place, line] of own.entries()) {
      const short = line.replace(/ --(for|trials) \S+/, '');
      const words = `${short} --trials 3 --quiet --store ${join(folder.path, `${place}.db`)}`.split(' ');
      const { code, stderr } = await inProcess(words, {});
      expect({ line, code, stderr }).toEqual({ line, code: 0, stderr: '' });
    }
  });

  it('ends silently when its reader closes the pipe', async () => {
    const child = start(['kernels', '--format', 'json'], options);
    child.stdout?.destroy();
    const { code, stderr } = await ended(child);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('shows the stack of an unexpected error only on request', async () => {
    const env = { NIGHTSHIFT_DEBUG: '1' };
    expect((await inProcess(['tune', 'gelo'], env)).stderr).toMatch(/\n {4}at /);
    expect((await inProcess(['tune', 'gelo'], {})).stderr).not.toMatch(/\n {4}at /);
  });
});
