// Names of files and output of users' programs are shown as plain text: not as terminal commands,
// spreadsheet formulas or markup.
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ansi, plain } from '../../src/report/terminal/paint.ts';
import { temporaryFolder } from './command-line.fixture.ts';
import { inProcess } from './in-process.fixture.ts';

const EVIL =
  '\u200b\u{e0041}\u3164\u2800\u00a0\u001b]0;owned\u0007\u001b[2J\u001b[32m\u202e\u009b31m\r<img src=x onerror=alert(1)>|`[x](http://e)';
const UNSEEN = /(?![ \n])[\p{Cc}\p{Cf}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/u;
/** nightshift's own colours, and the control codes of its progress line. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with a control character
const OURS = /\u001b\[(?:1|2|22|3[1-6]|39)m|\r|\u001b\[K/g;

const folder = temporaryFolder();
const path = (name: string): string => join(folder.path, name);
const env = { NIGHTSHIFT_STORE: path('store.db') };
const TERMINAL = { isTerminal: true, columns: 500, room: 500, paint: ansi };
afterAll(folder.remove);

const cache = (kernel: string, device: string) => ({
  device_name: device,
  kernel_name: kernel,
  tune_params_keys: ['tile', 'mode'],
  tune_params: { tile: [8, 16], mode: ['plain', EVIL] },
  cache: { 8: { tile: 8, mode: EVIL, time: 1.5 }, 16: { tile: 16, mode: 'plain', time: 2.5 } },
});
const MEASURE = `#!/bin/sh
printf '\\033]0;owned\\007\\033[2J\\033[32mno\\n' >&2
[ "$1" = 1 ] && echo 5 || exit 1
`;
const TUNE = 'tune --target command --trials 3 --strategy random --quiet'.split(' ');

beforeAll(async () => {
  writeFileSync(path('cache.json'), JSON.stringify(cache(EVIL, EVIL)));
  writeFileSync(path('formula.json'), JSON.stringify(cache('=1+1', '@SUM(A1)')));
  writeFileSync(
    path('space.json'),
    JSON.stringify({ name: EVIL, parameters: [{ name: 't', values: [1, 2, 3] }] }),
  );
  writeFileSync(path('measure.sh'), MEASURE, { mode: 0o755 });
  for (const file of ['cache.json', 'formula.json'])
    expect((await inProcess(['import', path(file)], env)).code).toBe(0);
});

const LINES: readonly (readonly string[])[] = [
  ['import', path('cache.json')],
  [...TUNE, '--space', path('space.json'), '--', path('measure.sh'), '{t}'],
  ...['table', 'csv', 'md', 'json'].flatMap((format) =>
    ['studies', 'trials', 'kernels', 'targets'].map((listing) => [listing, '--format', format]),
  ),
  ['best', EVIL],
  ['best', EVIL, '--target', EVIL],
  ['ladder', EVIL],
  ['export', '--format', EVIL],
  ['export', '--format', 'c-header,json,hexagon-mlir,t1,t4', '-o', path('out')],
  ['export', '--format', 'cmake,lock', '-o', path('out')],
  ['lock', 'check', path('out/nightshift.lock.json')],
  ['lock', 'check', path('out/nightshift.lock.json'), '--device', EVIL, '--firmware', EVIL],
  ['compare', EVIL, EVIL],
  [EVIL],
  [`--${EVIL}`],
];

describe.each([
  ['a pipe', { ...TERMINAL, isTerminal: false, paint: plain }],
  ['a terminal', TERMINAL],
])('on %s', (_, surface) => {
  it.each(LINES.map((line) => [line.join(' ').slice(0, 60), line] as const))(
    'spells out control characters of names: %j',
    async (__, line) => {
      const { stdout, stderr } = await inProcess(line, env, surface);
      expect(stdout + stderr).not.toBe('');
      const foreign = surface.isTerminal ? (stdout + stderr).replaceAll(OURS, '') : stdout + stderr;
      expect(foreign).not.toMatch(UNSEEN);
      expect(stdout + stderr).not.toContain('\u001b[2J');
    },
  );
  it.each([['studies'], ['best', EVIL]])('ignores colours in names: %s', async (...words) => {
    const { stdout } = await inProcess(words, env, surface);
    expect(stdout).toContain('\\u001b[32m\\u202e');
    expect(stdout).not.toContain('\u001b[32m');
  });
});

/** Would begin a line of its own that looks like one of nightshift's. */
const FORGED = 'k\u001b[31m\u001b]0;pwn\u0007\nnightshift: forged';
const SPELLED = 'k\\u001b[31m\\u001b]0;pwn\\u0007\\u000anightshift: forged';

describe('a line feed in a name is spelled out, and the rest of the line is there', () => {
  const forged = { NIGHTSHIFT_STORE: path('forged.db') };
  const space = (file: string, name: string, parameters: readonly object[]): void =>
    writeFileSync(path(file), JSON.stringify({ name, parameters }));
  const tune = async (file: string, ...words: readonly string[]): Promise<void> => {
    const program = ['--', path('measure.sh'), '1', ...words];
    expect((await inProcess([...TUNE, '--space', path(file), ...program], forged)).code).toBe(0);
  };
  beforeAll(async () => {
    space('forged.json', FORGED, [{ name: 'v', values: ['a$;', 'b$;'] }]);
    space('bad.json', 'bad', [{ name: FORGED, values: [1, 2] }]);
    await tune('forged.json', '{v}');
  });

  it.each([
    [
      'an empty export',
      ['export', '--format', 'hexagon-mlir', '-o', path('notes')],
      /^nightshift: there is nothing to export .*no file for hexagon-mlir/,
    ],
    [
      'a value for a shell',
      ['export', '--format', 'env', '-o', path('notes')],
      /^nightshift: env: .*'[ab]\$;'/,
    ],
    ['an unknown kernel', ['best', `x${FORGED}`], /^nightshift: kernel: unknown kernel .*' \(did you mean '/],
    [
      'a parameter',
      [...TUNE, '--space', path('bad.json'), '--', 'true'],
      /^nightshift: --space .*': is no name/,
    ],
    [
      'a target that does not exist',
      [...TUNE.slice(0, 2), FORGED, '--space', path('forged.json'), '--', 'true', '{v}'],
      /^nightshift: .*\)$/,
    ],
    ['a command', [FORGED], /unknown command \(nightshift --help lists them\)$/],
    ['a folder that cannot be made', ['report', '--html', `/proc/${FORGED}/r`], /\(choose another path\)$/],
    ['a file that cannot be written', ['trace', 'gelu', '-o', `/proc/${FORGED}`], /is writable\)$/],
    ['a written picture', ['trace', 'gelu', '-o', path(FORGED)], /^Wrote .* tiles to .*\.$/],
    ['a written report', ['report', '--html', path(`${FORGED}.html`)], / written$/],
    ['written files', ['export', '-o', path(`${FORGED}-files`)], / written$/],
    ['files to write', ['export', '-o', path(`${FORGED}-none`), '--check'], / missing$/],
    ['a merged store', ['store', 'merge', path(FORGED.replace('k', 's'))], /: took in /],
  ])('%s', async (_, words, meant) => {
    if (words[0] === 'store') copyFileSync(path('store.db'), words[2]);
    const { stdout, stderr } = await inProcess(words, forged);
    const lines = (stdout + stderr).trimEnd().split('\n');
    expect(lines.filter((line) => /^nightshift: forged/.test(line))).toEqual([]);
    const [line = ''] = lines.filter((each) => each.includes(SPELLED.slice(1)));
    expect(line).toMatch(meant);
  });

  it('in an error with its stack', async () => {
    const { stderr } = await inProcess(['best', `x${FORGED}`], { ...forged, NIGHTSHIFT_DEBUG: '1' });
    const [sentence, ...frames] = stderr.trimEnd().split('\n');
    expect(sentence).toContain(`unknown kernel 'x${SPELLED}' (did you mean '${SPELLED}'?)`);
    expect(frames.length).toBeGreaterThan(0);
    for (const frame of frames) expect(frame).toMatch(/^ {4}at /);
  });
});

describe('listings', () => {
  it('have no spreadsheet formulas', async () => {
    const { stdout } = await inProcess(['studies', '--format', 'csv'], env);
    expect(stdout).toContain(",'=1+1,");
    expect(stdout).toContain(",'@SUM(A1),");
  });
  it('have no foreign Markdown markup', async () => {
    const { stdout } = await inProcess(['studies', '--format', 'md'], env);
    expect(stdout).toContain('\\<img src=x onerror=alert(1)\\>\\|\\`\\[x\\](http&#58;//e)');
  });
});

describe('a report', () => {
  it('shows names as text', async () => {
    const { code } = await inProcess(['report', '--html', path('r.html'), '--md', path('r.md')], env);
    expect(code).toBe(0);
    const [html, markdown] = ['r.html', 'r.md'].map((name) => readFileSync(path(name), 'utf8'));
    for (const text of [html, markdown]) expect(text).not.toMatch(UNSEEN);
    expect(html).not.toContain('<img');
    // Markdown may contain it as code.
    expect(markdown.replaceAll(/(`+)(?!`).+?(?<!`)\1(?!`)/g, '')).not.toMatch(/(?<!\\)<img/);
  });
});

describe('files', () => {
  it('have plain names', () => {
    for (const name of readdirSync(path('out'))) expect(name).toMatch(/^\w[\w.-]*$/);
  });
});
