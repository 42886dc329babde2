import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { nightshift, temporaryFolder } from '../cli/command-line.fixture.ts';
import { inProcess } from '../cli/in-process.fixture.ts';

/** A large file is read in a thread: it must mean the same as a small one with the same entries. */

const folder = temporaryFolder();
afterAll(folder.remove);

/** Makes the file large without any more entries. */
const PADDING = 'x'.repeat(4 * 2 ** 20);

const timed = (tile: number, value: unknown) => ({
  configuration: { tile },
  invalidity: 'correct',
  times: { runtimes: [value, 'none', 0] },
  measurements: [{ name: 'time', value, unit: 'ms' }],
});
const entries = [
  timed(1, 2),
  timed(2, 3),
  timed(1, 2),
  timed(2, 4),
  { configuration: { tile: 3 }, invalidity: 'compile' },
  { configuration: { tile: [4] }, invalidity: 'correct' },
  { configuration: { tile: [5] }, invalidity: 'correct' },
  17,
  { configuration: { tile: 6 }, invalidity: 'odd' },
];
/** The failure of one entry is not of it. */
const SPACE = { parameters: [{ name: 'tile', values: [1, 2, 3, 6] }], constraints: ['tile != 3'] };
const t4 = (results: readonly unknown[], pad: string) =>
  JSON.stringify({ schema_version: '1.0.0', metadata: { timeunit: 'milliseconds', pad }, results });

/** What imports of a file into one store say, the later ones with another time of the first configuration. */
async function said(name: string, pad: string, cut: number): Promise<unknown> {
  const isLarge = pad !== '';
  const write = (file: string, results: readonly unknown[]): void =>
    writeFileSync(join(folder.path, file), t4(results, pad).slice(0, -cut || undefined));
  write(`${name}.json`, entries);
  write(`${name}-again.json`, [timed(1, 9), ...entries]);
  const run = async (file: string, more: string) => {
    const at = (path: string): string => join(folder.path, path);
    const words = `import ${at(file)}.json ${more} --format json --store ${at(name)}.db`;
    // The thread that reads a large file is started from the built program.
    const { code, stdout, stderr } = isLarge
      ? await nightshift(words, { cwd: folder.path })
      : await inProcess(words.split(' ').filter(Boolean), {});
    return { code, said: (stdout + stderr).replaceAll(name, 'FILE') };
  };
  const first = [await run(name, ''), await run(name, '--name gemm')];
  if (cut > 0) return first;
  const space = join(folder.path, `${name}-space.json`);
  writeFileSync(space, JSON.stringify(SPACE));
  const again = `${name}-again`;
  return [
    ...first,
    await run(again, '--name gemm'),
    await run(again, '--name gemm --device card'),
    await run(name, `--name conv --space ${space}`),
  ];
}

describe('a large file of results', () => {
  it.each([
    ['whole', 0, 'named twice'],
    ['not closed', 1, 'is not closed'],
    ['cut', 9, 'breaks off in the middle'],
  ])('that is %s is imported as a small one', async (_, cut, note) => {
    const small = await said(`small-${cut}`, '', cut);
    expect(await said(`large-${cut}`, PADDING, cut)).toEqual(small);
    const codes = [{ code: 2 }, { code: 0 }, { code: 2 }, { code: 0 }, { code: 0 }];
    expect(small).toMatchObject(cut > 0 ? codes.slice(0, 2) : codes);
    expect(JSON.stringify(small)).toContain(note);
    if (cut === 0) expect(JSON.stringify(small)).toContain('not of the space');
  });
});
