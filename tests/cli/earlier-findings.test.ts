import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bestDocumentSchema } from '../../src/documents/best.ts';
import { exporters, storeExporters } from '../../src/exporters/registry.ts';
import { desktop } from '../../src/http/desk.fixture.ts';
import { openStore } from '../../store/open-store.ts';
import { openDatabase } from '../../store/sqlite-database.ts';
import { systemClock } from '../../tuner/clock.ts';
import { temporaryFolder } from './command-line.fixture.ts';
import { inProcess } from './in-process.fixture.ts';

const folder = temporaryFolder();
const at = (name: string): string => join(folder.path, name);
const nightshift = (line: string) =>
  inProcess(line.split(' ').filter(Boolean), { NIGHTSHIFT_STORE: at('old.db') });
afterAll(folder.remove);

/** Findings as they were before a figure said why it is unknown. */
const EARLIER = JSON.stringify({
  gainOverDefault: null,
  ladder: [{ rung: 'scalar', timeUs: 9, gainOverPrevious: { value: 1, low: 1, high: 1 } }],
  gains: { mt: { alone: { value: 1, low: 1, high: 1 }, shapleyShare: null } },
});

let studyId = '';
beforeAll(async () => {
  const { stdout } = await nightshift('tune gelu --shape 16384 --strategy random --trials 30 --format json');
  studyId = JSON.parse(stdout).study.id;
  const database = openDatabase(at('old.db'), 'write');
  database.script(`CREATE TABLE earlier (
      study INTEGER PRIMARY KEY REFERENCES studies (row), comparison INTEGER REFERENCES comparisons (id),
      configuration TEXT, time_us REAL, document TEXT NOT NULL, tool_version TEXT NOT NULL,
      found_at INTEGER NOT NULL, CHECK ((configuration IS NULL) = (time_us IS NULL))) STRICT;
    INSERT INTO earlier SELECT study, comparison, configuration, time_us, '${EARLIER}', tool_version, found_at
      FROM findings;
    DROP TABLE findings;
    DROP TABLE verifications;
    ALTER TABLE trials DROP COLUMN metrics;
    ALTER TABLE earlier RENAME TO findings`);
  database.pragma('user_version = 7');
  database.close();
});

const INVENTED = /1\.00 ?[×x]|NaN|Infinity|undefined|not compared yet/;

describe('a store with findings of an earlier version', () => {
  it('answers from what it still knows: the recommendation and its comparison', async () => {
    const { stdout } = await nightshift('best gelu --shape 16384 --format json');
    const { basis, gainOverDefault, study } = bestDocumentSchema.parse(JSON.parse(stdout));
    expect({ basis, study }).toEqual({ basis: 'comparison', study: studyId });
    expect(gainOverDefault).toHaveProperty('value');
  });

  it.each([
    ['ladder gelu --shape 16384', 6, 'are of an earlier version of nightshift'],
    ['ladder gelu --shape 16384 --format json', 6, 'tune it again'],
    ['studies --format csv', 0, 'gelu,16384'],
    ['trials --study STUDY --format csv', 0, 'default'],
    ['importance gelu --shape 16384', 0, 'explains'],
    ['ab gelu --shape 16384 --a default --b STUDY', 0, 'parameter'],
    [`report --html ${at('r.html')}`, 0, 'written'],
    [`report --md ${at('r.md')}`, 0, 'written'],
    [`compare ${at('old.db')} ${at('old.db')}`, 0, 'the same result'],
    ['model', 6, 'model'],
  ])('%s neither crashes nor invents', async (line, code, words) => {
    const ended = await nightshift(line.replace('STUDY', studyId));
    const text = ended.stdout + ended.stderr;
    expect({ code: ended.code, text }).toEqual({ code, text: expect.stringContaining(words) });
    expect(text).not.toMatch(INVENTED);
  });

  it('says in a report where its gains are', () => {
    for (const name of ['r.html', 'r.md']) {
      const text = readFileSync(at(name), 'utf8');
      expect(text).toContain('Its gains are of an earlier version of nightshift; tune it again.');
      expect(text).not.toMatch(INVENTED);
    }
  });

  it.each([...exporters, ...storeExporters].map(({ name }) => name))('is exported as %s', async (format) => {
    const { code } = await nightshift(`export --format ${format} --out ${at(format)}`);
    // Those formats are for other kinds of targets.
    expect(code).toBe(['hexagon-mlir', 'hexagon-mlir@227b330', 'c-source'].includes(format) ? 6 : 0);
    for (const name of code === 0 ? readdirSync(at(format)) : [])
      expect(readFileSync(join(at(format), name), 'utf8')).not.toMatch(INVENTED);
  });

  it('is served: the ladder is not there, and everything else is', async () => {
    const store = await openStore(at('old.db'), {
      mode: 'write',
      clock: systemClock,
      writer: { role: 'test' },
    });
    const { ask } = await desktop({ store });
    const pages = [`/v1/studies/${studyId}`, `/dashboard/data/studies/${studyId}`];
    for (const page of [...pages, '/dashboard/data/kernels/gelu', '/v1/studies'])
      expect(await ask('GET', page)).toMatchObject({ status: 200 });
    expect(await ask('GET', `/v1/studies/${studyId}/ladder`)).toMatchObject({
      status: 404,
      body: { error: { message: expect.stringContaining('tune it again') } },
    });
    expect(await ask('GET', '/v1/scaling?kernel=gelu&target=hexagon-v75')).toMatchObject({ status: 404 });
    await store.close();
  });

  it('has findings again after the next visit', async () => {
    await nightshift('tune gelu --shape 16384 --strategy random --trials 1 --quiet');
    const { code, stdout } = await nightshift('ladder gelu --shape 16384');
    expect(code).toBe(0);
    expect(stdout).toContain('Ladder, simulated');
  });
});
