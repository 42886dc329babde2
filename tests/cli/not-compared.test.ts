import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../store/sqlite-database.ts';
import { temporaryFolder } from './command-line.fixture.ts';
import { inProcess } from './in-process.fixture.ts';

/** Studies that did not come to a final comparison: cancelled ones or those at work, whose default was timed as a trial, and failed ones. */

const folder = temporaryFolder();
const path = (name: string): string => join(folder.path, name);
const nightshift = (line: string) => inProcess(line.split(' '), { NIGHTSHIFT_STORE: path('store.db') });
afterAll(folder.remove);

beforeAll(async () => {
  await nightshift('tune gelu --shape 16384 --strategy random --trials 12 --quiet');
  const database = openDatabase(path('store.db'), 'write');
  database.script('DELETE FROM findings');
  database.close();
});

const TIME = '[\\d.,]+(?: |&#160;)µs';

describe('a study without a final comparison', () => {
  it('has its default’s screened time in `best`, and says that this is no gain', async () => {
    const { stdout } = await nightshift('best gelu --shape 16384');
    expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(
      /unknown, searched too little \(it has not been in a final comparison; the default took [\d.]+ µs as it was screened\)/,
    );
  });

  it('has it in both reports, with no more than the parameters that differ', async () => {
    const report = `report --html ${path('r.html')} --md ${path('r.md')} --quiet`;
    expect((await nightshift(report)).code).toBe(0);
    const [html, md] = ['r.html', 'r.md'].map((name) => readFileSync(path(name), 'utf8'));
    const screened = new RegExp(`${TIME}.*${TIME}.*not compared`, 's');
    for (const text of [html, md]) {
      expect(text).toMatch(screened);
      expect(text).toMatch(new RegExp(`The default took ${TIME}`));
    }
    const { stdout } = await nightshift('trials --format json');
    const { configuration } = JSON.parse(stdout).trials[0];
    const cells = [...html.matchAll(/<td[^>]*>(.*?)<\/td>/g)].map(([, cell]) =>
      cell.replaceAll(/<[^>]*>/g, ''),
    );
    const differs = cells.find((cell) => cell.includes('='))?.split(' ') ?? [];
    expect(differs).not.toEqual([]);
    const same = Object.entries(configuration).map(([name, value]) => `${name}=${value}`);
    for (const each of differs) expect(same).not.toContain(each);
    expect(html).toContain('class="points"');
  });
});

describe('a study whose program does not exist', () => {
  const own = { NIGHTSHIFT_STORE: path('failed.db') };
  const run = (line: string) => inProcess(line.split(' '), own);
  beforeAll(async () => {
    writeFileSync(path('space.json'), '{"name":"lost","parameters":[{"name":"tile","values":[8,16,32,64]}]}');
    const { code, stderr } = await run(
      `tune --space ${path('space.json')} --target command -- ./nowhere {tile}`,
    );
    expect(code).toBe(6);
    expect(stderr).not.toContain('comparing');
  });

  it('has failed in the words of every list, which say why', async () => {
    const { studies } = JSON.parse((await run('studies --failed --format json')).stdout);
    expect(studies).toHaveLength(1);
    const failed = expect.objectContaining({ unknown: 'failed' });
    expect(studies[0]).toMatchObject({ best: failed, gainOverDefault: failed, stoppedBy: 'failing' });
    for (const text of [studies[0].failure, (await run('studies --failed')).stdout])
      expect(text).toContain('ENOENT');
  });

  it('has no times in the reports', async () => {
    await run(`report --html ${path('f.html')} --md ${path('f.md')} --quiet`);
    for (const name of ['f.html', 'f.md']) {
      const text = readFileSync(path(name), 'utf8');
      expect(text).toContain('nothing timed');
      expect(text).toContain('Nothing was timed.');
      expect(text).not.toMatch(/was disturbed|\(measured\)|>measured</);
    }
  });
});
