// tune --c: the marks, the compiler, the supplied main and the user's, through the command line.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { abDocumentSchema } from '../../src/documents/ab.ts';
import { type StudyDocument, studyDocumentSchema } from '../../src/documents/findings.ts';
import { spaceDocumentSchema } from '../../src/documents/space.ts';
import { temporaryFolder } from './command-line.fixture.ts';
import { inProcess } from './in-process.fixture.ts';

const hasCompiler = spawnSync('cc', ['--version']).error === undefined;
const folder = temporaryFolder();
const at = (name: string): string => join(folder.path, name);
afterAll(folder.remove);

const nightshift = (...words: readonly string[]) => inProcess(words, { NIGHTSHIFT_STORE: at('n.db') });
const tune = (file: string, ...words: readonly string[]) =>
  nightshift('tune', '--c', at(file), '--cc', 'cc -O1', '--samples', '1', '--strategy', 'random', ...words);

async function tuned(file: string, ...words: readonly string[]): Promise<StudyDocument> {
  const { code, stdout, stderr } = await tune(file, '--quiet', '--format', 'json', ...words);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return studyDocumentSchema.parse(JSON.parse(stdout));
}

/** Sums up; a pass is done `PASSES` times, and what MODE says is slow, wrong, or does not compile. */
const KERNEL = `
#define RIGHT 1
#define WRONG 2
#define BROKEN 3
#ifndef PASSES
#define PASSES 40 // nightshift: 1, 40 when MODE == RIGHT
#endif
#ifndef MODE
#define MODE RIGHT // nightshift: RIGHT, WRONG, BROKEN
#endif
#include "bias.h"

void add(int rows, int columns, const float x[rows][columns], float y[rows * columns]) {
#if MODE == BROKEN
  does not compile;
#endif
  for (volatile int pass = 0; pass < PASSES; pass++)
    for (int i = 0; i < rows; i++)
      for (int j = 0; j < columns - (MODE == WRONG); j++) y[i * columns + j] = 2 * x[i][j] + BIAS;
}
`;

beforeAll(() => {
  mkdirSync(at('größe 2'));
  writeFileSync(at('größe 2/add.c'), KERNEL);
  writeFileSync(at('größe 2/bias.h'), '#define BIAS 1\n');
});

describe.skipIf(!hasCompiler)('tune --c (skipped where there is no cc)', () => {
  it('compiles, checks and times each configuration, and takes none that is wrong', async () => {
    const { study, trials, best, default: usual } = await tuned('größe 2/add.c', '--shape', '40x25');
    expect(study).toMatchObject({ kernel: 'add', shape: '40x25', dtype: 'f32', target: 'command' });
    expect(trials).toMatchObject({ timed: 2, invalid: { compile: 1, correctness: 1, runtime: 0 } });
    expect(usual?.configuration).toEqual({ passes: 40, mode: 'RIGHT' });
    expect(best?.configuration.mode).toBe('RIGHT');
    const listed = await nightshift('trials', '--study', study.id, '--format', 'csv');
    expect(listed.stdout).toMatch(/the check: exit code 1: y\[24\] is \S+ instead of/);
    expect(listed.stdout).toMatch(/compile: .*add\.c:15:\d+: error/);
  });

  it('begins another study when an included file has changed, and says so', async () => {
    writeFileSync(at('größe 2/bias.h'), '#define BIAS 2\n');
    const { stderr } = await tune('größe 2/add.c', '--shape', '40x25', '--trials', '1');
    expect(stderr).toMatch(/note: .*add\.c or a file of its build has changed since study \w+ with 4 trials/);
  });

  it('names the other of two files of one name', async () => {
    writeFileSync(at('add.c'), KERNEL.replace('"bias.h"', '"größe 2/bias.h"'));
    const { stderr } = await tune('add.c', '--shape', '40x25', '--dry-run');
    expect(stderr).toMatch(
      /note: the store has a kernel add of .*größe 2\/add\.c .*name this one: tune <name> --c/,
    );
    expect((await tune('add.c', 'other-add', '--shape', '40x25', '--dry-run')).stderr).toBe('');
  });

  it('compares with a reference in the file, also where the default is wrong', async () => {
    const reference = `
static float sum_reference(int n, const float x[n], int y[1]) { (void)x; y[0] = n; return 1; }
float sum(int n, const float x[n], int y[1]) { (void)x; y[0] = n - (STEP == 1); return 1; }
`;
    writeFileSync(at('sum.c'), `#ifndef STEP\n#define STEP 1 // nightshift: 1, 2\n#endif\n${reference}`);
    const { trials, best } = await tuned('sum.c', '--shape', '8');
    expect(trials).toMatchObject({ timed: 1, invalid: { correctness: 1 } });
    expect(best?.configuration).toEqual({ step: 2 });
  });

  it('says what is wrong if the file does not compile at its defaults', async () => {
    const broken =
      '#ifndef N\n#define N 1 // nightshift: 1, 2\n#endif\nvoid broken(float y[2]) { y[N] = oops; }\n';
    writeFileSync(at('broken.c'), broken);
    const { code, stderr } = await tune('broken.c', '--quiet');
    expect(code).toBe(6);
    expect(stderr).toMatch(/broken\.c:4:\d+: error: .*oops/);
  });

  it('times a file with a main of its own, and one with a harness, which gets the shape by name', async () => {
    const marks = '#ifndef T\n#define T 3 // nightshift: 2, 3\n#endif\n';
    const main =
      '#include <stdio.h>\nint time_of(void);\nint main(void) { printf("%d\\n", time_of() * N); }\n';
    writeFileSync(at('own.c'), `${marks}#include <stdio.h>\nint main(void) { printf("%d\\n", T); }\n`);
    writeFileSync(at('timed.c'), `${marks}int time_of(void) { return T; }\n`);
    writeFileSync(at('harness.c'), main);
    expect((await tuned('own.c')).best).toMatchObject({ configuration: { t: 2 }, timeUs: 2 });
    const harness = ['--harness', at('harness.c'), '--cc', 'cc -DN={shape.0}', '--shape', '100'];
    const words = ['--samples', '1', '--strategy', 'random', '--format', 'json'];
    const { stdout, stderr } = await nightshift('tune', '--c', at('timed.c'), ...harness, ...words);
    expect(studyDocumentSchema.parse(JSON.parse(stdout)).best).toMatchObject({ timeUs: 200 });
    expect(stderr).toContain('results are not checked');
  });

  it('compares two configurations side by side, with ab', async () => {
    const words = '--shape 40x25 --a passes=40 --b passes=1 --for 5s --format json'.split(' ');
    const { stdout } = await nightshift('ab', '--c', at('größe 2/add.c'), '--cc', 'cc -O1', ...words);
    const { a, b } = abDocumentSchema.parse(JSON.parse(stdout));
    expect([a.configuration.passes, b.configuration.passes]).toEqual([40, 1]);
  });

  it('shows the space of a C file, by itself and as a dry run', async () => {
    const { stdout } = await nightshift('space', at('größe 2/add.c'), '--format', 'json');
    const { subject, size, default: usual } = spaceDocumentSchema.parse(JSON.parse(stdout));
    expect([subject.name, size, usual.configuration]).toEqual(['add', 4, { passes: 40, mode: 'RIGHT' }]);
    const dry = await tune('größe 2/add.c', '--shape', '40x25', '--dry-run');
    expect(dry.stdout).toContain('known, with 1 trial. Nothing was measured.');
  });

  it.each([
    [[], '--shape: is missing, and ', 'takes 2 extents'],
    [['--shape', '8'], '--shape: 8 has 1 extent, and ', 'takes 2 extents'],
    [['--shape', '8x8', '--space', 's.json'], '--space: does not go with --c', ''],
    [['--shape', '8x8', '--target', 'wasm'], "--c: is not for target 'wasm'", ''],
    [['--shape', '8x8', '--harness', 'nowhere.c'], '--harness: nowhere.c: there is no such file', ''],
  ])('refuses %s', async (words, ...complaints) => {
    const { code, stderr } = await tune('größe 2/add.c', ...words);
    expect(code).toBe(2);
    for (const complaint of complaints) expect(stderr).toContain(complaint);
  });

  it('refuses a compiler that is not there, and options of a C file without one', async () => {
    const missing = await nightshift('tune', '--c', at('sum.c'), '--shape', '8', '--cc', 'no-such-cc -O2');
    expect(missing.stderr).toContain("--cc: there is no program 'no-such-cc'");
    const lone = await nightshift('tune', 'gelu', '--harness', 'h.c');
    expect(lone.stderr).toContain('--harness: is for a C file (name it with --c)');
  });
});

describe('a C file', () => {
  it('is named by the command line only: not by a plan, and not as a kernel', async () => {
    writeFileSync(at('plan.json'), JSON.stringify({ studies: [{ kernel: 'conv', c: 'conv.c' }] }));
    const planned = await nightshift('submit', at('plan.json'), '--dry-run');
    expect(planned.stderr).toContain('studies.0.c: only a command line can name files and programs');
    const { stderr } = await nightshift('tune', 'conv.c');
    expect(stderr).toContain('tune --c conv.c; no plan and no HTTP request can name a file');
  });
});
