import { spawn } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BINARY, ended, temporaryFolder } from '../cli/command-line.fixture.ts';
import { NODE_FLAGS } from '../node-flags.ts';

const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url));
const pages = readdirSync(join(CHECKOUT, 'docs')).filter((name) => name.endsWith('.md'));

/** Pages whose command is not run here, and why. */
const RUN_ELSEWHERE: Readonly<Record<string, string>> = {
  'daemon.md': 'listens on a fixed address; tests/daemon/commands.test.ts runs these commands on its own',
  'fleet.md': 'needs Redis; tests/long/fleet-sharing.test.ts runs these commands where there is one',
  'dashboard.md': 'starts a daemon that does not end; tests/dashboard/dashboard.test.ts opens its pages',
  'model.md': 'trains a model; tests/cli/model.test.ts runs these commands',
  'security.md': 'is a test itself',
  'wasm.md': 'measures for 20 s; tests/cli/wasm-runner.test.ts tunes for the same target',
  'hexagon.md': 'needs clang 19; tests/long/compiled.test.ts tunes for such a target where there is one',
  'native.md': 'needs a compiler; tests/cli/native.test.ts tunes for the same target where there is one',
  'c-kernels.md': 'measures for a minute; tests/long/c-kernel-example.test.ts runs it with a smaller budget',
  'devices.md':
    'needs a compiler; tests/long/c-kernel-example.test.ts runs such a program where there is one',
};

const folder = temporaryFolder();
afterAll(folder.remove);

/** A folder that looks like a fresh clone to the commands, in which npx runs what was built. */
beforeAll(() => {
  const bin = join(folder.path, 'bin');
  mkdirSync(bin);
  const npx = `#!/bin/sh\n[ "$1" = nightshift ] || exit 127\nshift\nexec "${process.execPath}" ${NODE_FLAGS.join(' ')} "${BINARY}" "$@"\n`;
  writeFileSync(join(bin, 'npx'), npx);
  chmodSync(join(bin, 'npx'), 0o755);
});

const sectionsOf = (page: string): readonly string[] =>
  readFileSync(join(CHECKOUT, 'docs', page), 'utf8').split('\n## ');
const commandIn = (section: string): string | undefined => /```sh\n([\s\S]*?)```/.exec(section)?.[1];
const openingOf = (page: string): string | undefined => commandIn(sectionsOf(page)[0]);

/** Runs lines of shell in a folder that looks like a fresh clone. */
async function runIn(name: string, lines: string | undefined): Promise<void> {
  const clone = join(folder.path, name);
  mkdirSync(clone);
  symlinkSync(join(CHECKOUT, 'src'), join(clone, 'src'));
  cpSync(join(CHECKOUT, 'examples/kernels'), join(clone, 'examples/kernels'), { recursive: true });
  const { NIGHTSHIFT_STORE: _, ...env } = process.env;
  const PATH = `${join(folder.path, 'bin')}:${env.PATH}`;
  const { code, stdout, stderr } = await ended(
    spawn('sh', ['-ec', lines ?? 'exit 1'], { cwd: clone, env: { ...env, PATH } }),
  );
  expect(code, stderr).toBe(0);
  expect(stdout).not.toBe('');
}

describe('a page of docs', () => {
  it.each(pages)('%s opens with a command', (page) => {
    expect(openingOf(page)).toMatch(/^(npx|cp|cat|cd|echo|sed|redis-server) /);
  });

  it.each(pages.filter((page) => RUN_ELSEWHERE[page] === undefined))(
    '%s opens with a command that works in a fresh clone',
    (page) => runIn(page, openingOf(page)),
  );

  it('exports.md has a section on lock files that opens with a command that works', async () => {
    const section = sectionsOf('exports.md').find((text) => text.startsWith('lock: '));
    await runIn('lock', section && commandIn(section));
  });
});
