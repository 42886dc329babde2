import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { z } from 'zod';
import { openDatabase } from '../../store/sqlite-database.ts';
import { temporaryFolder } from './command-line.fixture.ts';
import { inProcess } from './in-process.fixture.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

const timed = z.looseObject({ timeUs: z.number() });
const known = z.looseObject({ default: timed, best: timed, winner: timed, gainOverDefault: z.unknown() });

it.each([
  ['that knew both gains', { gainOfBest: { value: 2, low: 1.5, high: 3 } }, { value: 2, low: 1.5, high: 3 }],
  ['that knew that of the fastest only', {}, { value: 4, low: null, high: null }],
])('findings of a version %s have that of the configuration to use', async (_, added, gain) => {
  const path = join(folder.path, `${Object.keys(added).length}.db`);
  const nightshift = (line: string) => inProcess(line.split(' '), { NIGHTSHIFT_STORE: path });
  await nightshift('tune gelu --shape 16384 --strategy random --trials 10 --quiet');
  const database = openDatabase(path, 'write');
  const row = z.object({ document: z.string() }).parse(database.get('SELECT document FROM findings'));
  const now = known.parse(JSON.parse(row.document));
  const best = { ...now.best, timeUs: now.default.timeUs / 4 };
  const gainOverDefault = { value: 5, low: null, high: null };
  const earlier = JSON.stringify({ ...now, best, gainOverDefault, ...added });
  database.run('UPDATE findings SET document = $earlier', { earlier });
  database.pragma('user_version = 11');
  database.close();
  // Writing brings the store up to date.
  await nightshift('tune relu --shape 4096 --strategy random --trials 2 --quiet');
  const { stdout } = await nightshift('ladder gelu --format json');
  const found = known.parse(JSON.parse(stdout));
  expect(found.gainOverDefault).toEqual(gain);
  expect(found).not.toHaveProperty('gainOfBest');
});
