import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { studyDocumentSchema, tunedShapesDocumentSchema } from '../../src/documents/findings.ts';
import { temporaryFolder } from './command-line.fixture.ts';
import { inProcess } from './in-process.fixture.ts';

const folder = temporaryFolder();
afterAll(folder.remove);
const at = (name: string): string => join(folder.path, name);

const SPACE = {
  parameters: [
    { name: 'threads', values: [1, 2], tag: 'mt', off: 1 },
    { name: 'tile', values: [8, 16, 32] },
  ],
  default: { threads: 1, tile: 16 },
};
/** Writes a program that prints a time, notes its run, and has an error for one tile. */
const COMPILER = `#!/bin/sh
echo "$1 $2" >> "\${0%/*}/builds.log"
if [ "$2" = 32 ]; then
  echo "conv.c: In function 'conv':" >&2
  echo "conv.c:7:1: error: tile is too large" >&2
  echo "1 error generated." >&2
  exit 1
fi
echo "echo $((1000 / $1 - $2 + $3))" > "$4/run.sh"
`;

beforeAll(() => {
  writeFileSync(at('mine.json'), JSON.stringify(SPACE));
  writeFileSync(at('compile.sh'), COMPILER, { mode: 0o755 });
});

const tune = (words: readonly string[], rest: readonly string[]) => {
  const line = ['tune', '--space', at('mine.json'), '--target', 'command:board', '--quiet'];
  return inProcess([...line, '--strategy', 'random', ...words, '--', ...rest], {
    NIGHTSHIFT_STORE: at('n.db'),
  });
};
const BUILD = ['--build', `${at('compile.sh')} {threads} {tile} {shape.0} {build}`];

describe('tune --build', () => {
  it('builds each configuration once for all its executions, and reports what does not build', async () => {
    const words = [...BUILD, '--shape', '64x56', '--format', 'json'];
    const { code, stdout, stderr } = await tune(words, ['sh', '{build}/run.sh']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const document = studyDocumentSchema.parse(JSON.parse(stdout));
    expect(document.study.shape).toBe('64x56');
    expect(document.trials).toMatchObject({ timed: 4, invalid: { compile: 2 } });
    expect(document.best).toMatchObject({ configuration: { threads: 2, tile: 16 }, timeUs: 548 });
    const built = readFileSync(at('builds.log'), 'utf8').trim().split('\n');
    expect(built).toHaveLength(6);
    expect(new Set(built).size).toBe(6);
    expect(existsSync(at('n.db-builds'))).toBe(true);
  });

  it.each([
    ['cc -o {build}/x x.c && strip {build}/x', "'&&' needs a shell"],
    ['cc x.c | tee {build}/log', "'|' needs a shell"],
    ['cc x.c -o {build}/x; true', "';' needs a shell"],
    ['cc $CFLAGS x.c -o {build}/x', "'$…' needs a shell"],
    ['cc "$(flags)" -o {build}/x', "'$…' needs a shell"],
    ['cc `flags` -o {build}/x', "'`' needs a shell"],
    ['cc x.c 2> {build}/log', "'2>' needs a shell"],
  ])('refuses %s, and says what to do', async (build, complaint) => {
    const { code, stderr } = await tune(['--build', build], ['{build}/x', '{threads}', '{tile}']);
    expect(stderr).toContain(`--build: ${complaint}`);
    expect(stderr).toContain('write a script');
    expect(code).toBe(2);
  });

  it('takes quoted text literally', async () => {
    const build = `${BUILD[1]} '$ORIGIN;' "a b"`;
    const { code } = await tune(
      ['--build', build, '--shape', '8', '--trials', '1'],
      ['sh', '{build}/run.sh'],
    );
    expect(code).toBe(0);
  });
});

describe('tune --serve', () => {
  const SERVER = `
const lines = require('node:readline').createInterface({ input: process.stdin });
require('node:fs').appendFileSync(process.argv[1], 'x');
lines.on('line', (line) => {
  const { threads, tile } = JSON.parse(line);
  console.log(JSON.stringify(tile === 32 ? { error: 'too large' } : { timeUs: 1000 / threads - tile }));
});`;

  it('starts the program once, and asks it for all configurations', async () => {
    const words = ['--serve', '--samples', '3', '--warm-ups', '1', '--format', 'json', '--firmware', 'serve'];
    const { code, stdout, stderr } = await tune(words, [process.execPath, '-e', SERVER, at('starts.log')]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const document = studyDocumentSchema.parse(JSON.parse(stdout));
    expect(document.trials).toMatchObject({ timed: 4, invalid: { runtime: 2 } });
    expect(document.best?.configuration).toEqual({ threads: 2, tile: 16 });
    expect(readFileSync(at('starts.log'), 'utf8')).toBe('x');
  });
});

describe('tune --shapes', () => {
  it('makes a study of each shape, with its own values of {shape}', async () => {
    const words = [...BUILD, '--shapes', '8x4,300x2', '--format', 'json', '--firmware', 'shapes'];
    const { stdout } = await tune(words, ['sh', '{build}/run.sh']);
    const { studies } = tunedShapesDocumentSchema.parse(JSON.parse(stdout));
    expect(studies.map(({ study, best }) => [study.shape, best?.timeUs])).toEqual([
      ['8x4', 492],
      ['300x2', 784],
    ]);
    expect(studies[0].study.id).not.toBe(studies[1].study.id);
  });

  it('is refused together with --shape', async () => {
    const { code, stderr } = await tune(
      [...BUILD, '--shape', '8', '--shapes', '8,9'],
      ['sh', '{build}/run.sh'],
    );
    expect({ code, stderr }).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--shapes: is given with --shape'),
    });
  });
});
