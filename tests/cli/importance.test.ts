import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importanceDocumentSchema } from '../../src/documents/importance.ts';
import { temporaryFolder } from './command-line.fixture.ts';
import { inProcess } from './in-process.fixture.ts';

const folder = temporaryFolder();
afterAll(folder.remove);
const env = { NIGHTSHIFT_STORE: join(folder.path, 'store.db') };
const run = (...words: readonly string[]) => inProcess(words, env);

type Time = (tile: number, staging: string, fast: number, idle: number) => number;

/** A table of all 64 configurations, with times in ms. */
function tableOf(kernel: string, time: Time): string {
  const values = { tile: [1, 2, 4, 8], staging: ['copy', 'dma'], fast: [0, 1], idle: [1, 2, 3, 4] };
  const rows = values.tile.flatMap((tile) =>
    values.staging.flatMap((staging) =>
      values.fast.flatMap((fast) =>
        values.idle.map((idle) => [tile, staging, fast, idle, time(tile, staging, fast, idle)]),
      ),
    ),
  );
  const params = Object.entries(values).map(([name, listed]) => ({ name, values: listed }));
  const path = join(folder.path, `${kernel}.json`);
  const table = { name: kernel, kernel, device: `GPU ${kernel}`, objective: 'time_ms', params, rows };
  writeFileSync(path, JSON.stringify(table));
  return `replay:${path}`;
}

const tune = (target: string, trials: string, ...more: readonly string[]) =>
  run('tune', '--target', target, '--trials', trials, '--strategy', 'random', '--quiet', ...more);

/** ln(time): 1.25 of its variance is of the tile, 1 of staging and fast together. */
const together: Time = (tile, staging, fast) =>
  Math.exp(Math.log2(tile) + ((staging === 'dma') === (fast === 1) ? 1 : -1));
const byHash: Time = (tile, staging, fast, idle) =>
  1 + ((((tile * 31 + staging.length) * 37 + fast * 11 + idle * 7) * 2654435761) % 1009);

beforeAll(async () => {
  await tune(tableOf('paired', together), '64');
  await tune(tableOf('noise', byHash), '64');
  await tune(tableOf('few', together), '12');
  await tune(
    tableOf('flat', () => 1),
    '64',
  );
});

async function found(...words: readonly string[]) {
  const { code, stdout } = await run('importance', ...words, '--format', 'json');
  expect(code).toBe(0);
  return importanceDocumentSchema.parse(JSON.parse(stdout));
}

describe('importance', () => {
  it('finds the parameter that matters by itself, and those that act together', async () => {
    const { parameters, interactions, fit, trials, from, study } = await found('paired');
    expect({ from, kernel: study.kernel, trials }).toEqual({ from: 'replay', kernel: 'paired', trials: 64 });
    expect(parameters[0]).toMatchObject({ name: 'tile' });
    expect(parameters[0].share).toBeCloseTo(1.25 / 2.25, 2);
    expect(interactions[0].names).toEqual(['staging', 'fast']);
    expect(interactions[0].share).toBeCloseTo(1 / 2.25, 2);
    for (const { share } of [...parameters.slice(1), ...interactions.slice(1)])
      expect(share).toBeLessThan(0.02);
    expect(fit).toBeGreaterThan(0.7);
    expect(await found(study.id.slice(0, 6))).toEqual(await found('paired'));
  });

  it('prints shares, and how well the model fits', async () => {
    const { stdout } = await run('importance', 'paired');
    expect(stdout).toMatch(/^paired on GPU paired \(replayed\)\n\nexplains +share\ntile +5\d % {2}█+/);
    expect(stdout).toMatch(/\nstaging × fast +4\d % {2}█+/);
    expect(stdout).toMatch(/\nLess than 1 % by itself: .*idle.*\.\n/);
    expect(stdout).toMatch(
      /From 64 trials, by a model that fits (well|fairly): it explains \d+ % of the variance/,
    );
  });

  it('says that a model fits badly', async () => {
    expect((await found('noise')).fit).toBeLessThan(0.5);
    expect((await run('importance', 'noise')).stdout).toContain('fits badly');
  });

  it.each([
    ['few', '12 timed trials are too few to tell what matters: at least 20 are needed'],
    ['flat', 'all trials took the same time, so nothing matters'],
    ['none', 'none'],
  ])('refuses %s', async (kernel, reason) => {
    const { code, stdout, stderr } = await run('importance', kernel);
    expect({ code: code === 0, stdout }).toEqual({ code: false, stdout: '' });
    expect(stderr).toContain(reason);
  });
});

describe('a report', () => {
  it('has the same shares, and nothing of a study with too few trials', async () => {
    const [html, md] = [join(folder.path, 'all.html'), join(folder.path, 'all.md')];
    expect((await run('report', '--html', html, '--md', md)).code).toBe(0);
    const { parameters } = await found('paired');
    const share = `${(100 * parameters[0].share).toFixed(0)} %`;
    expect(readFileSync(md, 'utf8')).toMatch(new RegExp(`\\| tile \\| +${share} \\|`));
    const page = readFileSync(html, 'utf8');
    expect(page.match(/>What matters</g)).toHaveLength(2);
    expect(page).toContain('by a model that fits');
  });
});

describe('a kernel that only its device knows', () => {
  it('is chosen by shape and target; else the newest study with enough trials', async () => {
    const target = tableOf('shaped', together);
    await tune(target, '30', '--shape', '16x8');
    await tune(target, '64', '--shape', '32x8');
    await tune(target, '12', '--shape', '64x8');
    const shapeOf = async (...words: readonly string[]) => (await found('shaped', ...words)).study.shape;
    expect(await shapeOf()).toBe('32x8');
    expect(await shapeOf('--shape', '16x8')).toBe('16x8');
    expect(await shapeOf('--target', 'GPU shaped')).toBe('32x8');
    const ladder = await run('ladder', 'shaped', '--shape', '64x8', '--target', 'GPU shaped');
    expect(ladder).toMatchObject({ code: 0, stdout: expect.stringMatching(/^shaped 64x8 on GPU shaped/) });
  });
});
