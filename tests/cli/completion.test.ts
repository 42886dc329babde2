import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from './command-line.fixture.ts';
import { inProcess } from './in-process.fixture.ts';

const folder = temporaryFolder();
let bash: string;
let zsh: string;
afterAll(folder.remove);
beforeAll(async () => {
  bash = (await inProcess(['completion', 'bash'], {})).stdout;
  zsh = (await inProcess(['completion', 'zsh'], {})).stdout;
});

const hasZsh = spawnSync('zsh', ['--version']).status === 0;
const { NIGHTSHIFT_STORE: _, ...env } = process.env;

/** What a shell offers for the last word of a line, after the script was loaded as a user loads it. */
function offered(shell: string, script: string): readonly string[] {
  const norc = shell === 'bash' ? '--norc' : '-f';
  const { status, stdout, stderr } = spawnSync(shell, [norc, '-c', script], {
    cwd: folder.path,
    env,
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout.split('\n').filter(Boolean);
}

function inBash(...words: readonly string[]): readonly string[] {
  const typed = ['nightshift', ...words].map((word) => `'${word}'`).join(' ');
  const ask = `COMP_WORDS=(${typed}); COMP_CWORD=${words.length}; _nightshift; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return offered('bash', `${bash}\n${ask}`);
}

/** Outside of the line editor, compadd and _files are stood in for. */
function inZsh(...words: readonly string[]): readonly string[] {
  const typed = ['nightshift', ...words].map((word) => `'${word}'`).join(' ');
  const stand = 'compdef() { : }; compadd() { shift; print -l -- "$@" }; _files() { print files }';
  return offered('zsh', `${stand}\n${zsh}\nwords=(${typed}); CURRENT=${words.length + 1}; _nightshift`);
}

describe('completion', () => {
  it('works in bash for commands, options and names', () => {
    expect(inBash('sc')).toEqual(['scaling']);
    expect(inBash('tune', 'gelu')).toEqual(['gelu', 'gelu-tanh']);
    expect(inBash('tune', 'gelu', '--tar')).toEqual(['--target']);
    expect(inBash('tune', '--target', '=', 'hexagon-mlir-')).toEqual([
      'hexagon-mlir-beyond',
      'hexagon-mlir-beyond-compiled',
      'hexagon-mlir-compiled',
    ]);
    expect(inBash('submit', '')).toEqual([]); // Bash then completes files.
  });

  it('knows the studies and kernels of the store', async () => {
    const env = { NIGHTSHIFT_STORE: join(folder.path, 'nightshift.db') };
    await inProcess('tune gelu --trials 8 --quiet'.split(' '), env);
    const [id] = inBash('pause', '');
    expect(id).toMatch(/^[0-9a-f]{12}$/);
    expect(inBash('trials', '--study', id.slice(0, 3))).toEqual([id]);
  });

  it.skipIf(!hasZsh)('zsh offers the same, or files (skipped without zsh)', () => {
    expect(inZsh('tune', 'gelu')).toEqual(['gelu', 'gelu-tanh']);
    expect(inZsh('sc')).toEqual(['scaling']);
    expect(inZsh('submit', '')).toEqual(['files']);
  });

  it('names no other shell', async () => {
    const { code, stderr } = await inProcess(['completion', 'fish'], {});
    expect(code).toBe(2);
    expect(stderr).toBe("nightshift: --shell: 'fish' is not one of bash, zsh\n");
  });
});
