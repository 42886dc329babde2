import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { splitWords } from '../../src/cli/split-words.ts';
import { temporaryFolder } from '../cli/command-line.fixture.ts';
import { inProcess } from '../cli/in-process.fixture.ts';

const folder = temporaryFolder();
const at = (name: string): string => join(folder.path, name);
const nightshift = (words: readonly string[], store: string) =>
  inProcess(words, { NIGHTSHIFT_STORE: at(store) });
afterAll(folder.remove);

const idsIn = async (store: string): Promise<readonly string[]> => {
  const { stdout } = await nightshift(['studies', '--format', 'csv'], store);
  return stdout
    .split('\n')
    .slice(1, -1)
    .map((line) => line.split(',')[0]);
};

it.each([
  ['unrestricted', ''],
  ['with a parameter fixed', '--fix threads=4'],
  ['with values left out', '--values buffers=2,1 --fix vectorBytes=128 --values tile=4096'],
  ['beyond what the compiler can express', '--beyond-compiler --fix unroll=4 --values tile=32768,65536'],
])('repeats a study %s by the command in its report', async (title, steering) => {
  const [first, again] = [`${title.length}-a.db`, `${title.length}-b.db`];
  const asked = `tune gelu --shape 65536 --target hexagon-mlir --trials 5 --strategy random --quiet ${steering}`;
  expect(await nightshift(asked.trim().split(' '), first)).toMatchObject({ code: 0 });
  await nightshift(['report', '--md', at('r.md')], first);
  const [, command = ''] = /```\nnightshift (.+)\n```/.exec(readFileSync(at('r.md'), 'utf8')) ?? [];
  expect(await nightshift([...splitWords('report', command), '--quiet'], again)).toMatchObject({ code: 0 });
  expect(await idsIn(again)).toEqual(await idsIn(first));
});

it('repeats a study of two visits by two commands', async () => {
  const words = 'tune gelu --shape 65536 --strategy random --quiet --trials';
  for (const trials of ['7', '5']) await nightshift([...words.split(' '), trials], 'two.db');
  await nightshift(['report', '--md', at('two.md')], 'two.db');
  // A slow machine takes more than a second for a visit, which the report then tells.
  const reported = (name: string) => readFileSync(at(`${name}.md`), 'utf8').replaceAll(/ in \d+ s\b/g, '');
  const text = reported('two');
  const commands = [...text.matchAll(/^nightshift (tune gelu .+)$/gm)].map(([, command]) => command);
  expect(commands.map((command) => command.split(' ').at(-1))).toEqual(['7', '5']);
  for (const command of commands)
    await nightshift([...splitWords('report', command), '--quiet'], 'two-again.db');
  await nightshift(['report', '--md', at('two-again.md')], 'two-again.db');
  expect(reported('two-again')).toBe(text.replaceAll('two-figures', 'two-again-figures'));
});

it('reports foreign results, without a command because none could repeat them', async () => {
  writeFileSync(
    at('cache.json'),
    JSON.stringify({
      device_name: 'NVIDIA A100',
      kernel_name: 'conv',
      problem_size: [64, 64],
      tune_params_keys: ['block'],
      tune_params: { block: [32, 64] },
      cache: { '32': { block: 32, time: 2 }, '64': { block: 64, time: 'CompilationFailedConfig' } },
    }),
  );
  await nightshift(['import', at('cache.json')], 'device.db');
  await nightshift(['report', '--md', at('d.md'), '--html', at('d.html')], 'device.db');
  const html = readFileSync(at('d.html'), 'utf8').replaceAll('&#160;', ' ');
  for (const text of [readFileSync(at('d.md'), 'utf8'), html]) {
    expect(text).toContain('conv 64x64 on NVIDIA A100');
    expect(text).toContain('2 trials, 1 of them invalid (1 compile); they were imported.');
    expect(text).toContain('The fastest of its trials, not compared yet: 2,000 µs with block=32.');
    expect(text).not.toContain('nightshift tune');
  }
  await nightshift(['export', '--format', 'json,c-header,env', '-o', at('tuned')], 'device.db');
  expect(readdirSync(at('tuned')).sort()).toEqual(['NVIDIA-A100.env', 'NVIDIA-A100.h', 'NVIDIA-A100.json']);
  expect(readFileSync(at('tuned/NVIDIA-A100.h'), 'utf8')).toContain("--target 'NVIDIA A100';");
});
