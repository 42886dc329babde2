import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../store/sqlite-database.ts';
import { temporaryFolder } from './command-line.fixture.ts';
import { inProcess } from './in-process.fixture.ts';

/** A study without a final comparison, as one that was cancelled or is at work: its default was timed as a trial. */

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
    const screened = new RegExp(`${TIME} \\(screened\\).*${TIME} \\(screened\\)`, 's');
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
