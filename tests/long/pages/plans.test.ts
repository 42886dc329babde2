import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planWholes } from '../../../src/dashboard/plan-page.ts';
import { CHROMIUM, startChromium } from '../../dashboard/chromium.fixture.ts';
import { crowded } from '../../dashboard/crowded.ts';
import { type Served, serve } from '../../dashboard/served.fixture.ts';
import { answer, close, pageIn } from '../../dashboard/stubbed.fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'nightshift-plans-'));
let served: Served;
let browser: Browser;
const pageOf = (width: number): Promise<Page> => pageIn(browser, width);

/** A study of a plan, as `/v1/plans/{id}` tells of it. */
function planned(place: number, isEnded: boolean, timesUs: readonly [usual: number, tuned: number]) {
  const gain = { value: timesUs[0] / timesUs[1], low: null, high: null };
  const notYet = { unknown: 'not tried', why: 'no visit to the study has ended yet' } as const;
  return {
    ...{ study: `s${place}`, kernel: `triton_poi_fused_kernel_${place}`, shape: '1x8x128x64', dtype: 'f32' },
    ...{ target: 'edge-2mib', from: 'simulator' as const, asked: '', calls: 2, trials: isEnded ? 60 : 0 },
    ...{ state: isEnded ? 'ended' : 'waiting', stoppedBy: isEnded ? 'trials' : null },
    fastestUs: isEnded ? timesUs[1] : null,
    comparedUs: isEnded ? timesUs[1] : null,
    best: isEnded ? { configuration: { tile: 4 }, basis: 'comparison' } : notYet,
    defaultUs: isEnded ? timesUs[0] : notYet,
    gainOverDefault: isEnded ? gain : notYet,
  };
}

/** A plan of which so many of 32 studies have ended, after 108 seconds at work. */
function planOf(id: string, ended: number) {
  const studies = Array.from({ length: 32 }, (_, place) =>
    planned(place, place < ended, [99 * (place + 1), 10 * (place + 1)]),
  );
  const defaultUs = studies.slice(0, ended).reduce((sum, _, place) => sum + 2 * 99 * (place + 1), 0);
  const comparedUs = (defaultUs * 10) / 99;
  const sum = {
    target: 'edge-2mib',
    studies: ended,
    defaultUs,
    comparedUs,
    gain: { value: 9.9, low: null, high: null },
  };
  const submittedAt = '2026-11-30T20:00:00.000Z';
  return {
    ...{ schemaVersion: 1, plan: id, state: ended === 32 ? 'ended' : 'active', submittedAt },
    ...{ name: `${id}.yaml`, isModel: true },
    ...{ endedAt: ended === 32 ? submittedAt : null, activeMs: 108_000, studies },
    sums: ended === 0 ? [] : [sum],
  };
}

/** Answers for plans, the oldest first: each an id with its number of ended studies. */
async function withPlans(
  page: Page,
  plans: readonly (readonly [id: string, ended: number])[],
): Promise<void> {
  const all = plans.map(([id, ended]) => ({ ...planOf(id, ended), id }));
  await page.route('**/v1/plans*', (route) => {
    const isActive = route.request().url().includes('active=true');
    return answer(route, isActive ? all.filter(({ endedAt }) => endedAt === null) : all);
  });
  for (const { id, ...plan } of all) await page.route(`**/v1/plans/${id}`, (route) => answer(route, plan));
  for (const { id, studies } of all)
    await page.route(`**/dashboard/data/wholes/${id}*`, (route) =>
      answer(route, planWholes({ studies, isModel: true }, [])),
    );
}

describe.skipIf(CHROMIUM === undefined)('plans (skipped where no Chromium is installed)', () => {
  beforeAll(async () => {
    served = await serve(join(folder, 'night.db'));
    browser = await startChromium();
  });
  afterAll(async () => {
    await browser?.close();
    await served?.end();
    rmSync(folder, { recursive: true, force: true });
  });

  it('tells how far a running plan is, and lists it before newer ones that have ended', async () => {
    const page = await pageOf(1024);
    await withPlans(page, [
      ['0ld', 32],
      ['running', 12],
      ['newest', 32],
    ]);
    await page.goto(served.url('/#/plans'));
    const banner = page.locator('.banner');
    await banner.waitFor();
    expect((await banner.textContent())?.replace(/\s+/g, ' ')).toBe(
      'running.yaml (runnin) 12 of 32 ended, about 3 min left; the model 9.90× on edge-2mib (simulated) so far',
    );
    expect(await banner.locator('progress').getAttribute('value')).toBe('0.375');
    expect(await page.locator('tbody th').allTextContents()).toEqual([
      'running.yaml (runnin)',
      'newest.yaml (newest)',
      '0ld.yaml (0ld)',
    ]);
    const first = page.locator('tbody tr').first();
    await first.getByText('32 kernels on edge-2mib (simulated)').waitFor();
    expect(await first.textContent()).toContain('(simulated)9.90×12 of 32 ended');
    await close(page);
  });

  it.each([390, 1024, 1440])(
    'has room at %d pixels for the gains on two targets, a line each',
    async (width) => {
      const page = await pageOf(width);
      const { studies, sums, ...plan } = planOf('both', 32);
      const other = 'another-target-of-a-long-name';
      const both = {
        ...plan,
        studies: [...studies, ...studies.map((study) => ({ ...study, target: other }))],
        sums: [...sums, ...sums.map((sum) => ({ ...sum, target: other }))],
      };
      await page.route('**/v1/plans*', (route) => answer(route, [{ ...both, id: 'both' }]));
      await page.route('**/v1/plans/both', (route) => answer(route, both));
      await page.goto(served.url('/#/plans'));
      const gains = page.locator('td[data-title="gain over default"] div');
      await gains.first().waitFor();
      expect(await gains.allTextContents()).toEqual([
        '9.90× on edge-2mib (simulated)',
        `9.90× on ${other} (simulated)`,
      ]);
      const left = await page
        .locator('main .scroll')
        .last()
        .evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
      expect(left).toBe(0);
      await close(page);
    },
  );

  it.each([
    ['all', 20, '12 of 32 ended, paused; the model'],
    ['some', 3, '12 of 32 ended, 3 paused; the model'],
  ])('tells no time left of what is paused: %s', async (_, paused, words) => {
    const page = await pageOf(390);
    await withPlans(page, [['held', 12]]);
    await page.route('**/dashboard/data/listed', (route) =>
      answer(
        route,
        Array.from({ length: paused }, (_, place) => ({
          ...{ ...planned(12 + place, false, [9, 1]), id: `s${12 + place}`, state: 'paused' },
          ...{ asked: '', seed: 1, strategy: 'random', progress: null, fastestUs: 3 },
        })),
      ),
    );
    await page.goto(served.url('/#/'));
    await page.locator('.banner').getByText(words).waitFor();
    expect(await page.locator('.banner').textContent()).not.toContain('left');
    await close(page);
  });

  it('says in words that the pace is not known yet, without an empty bar', async () => {
    const page = await pageOf(390);
    await withPlans(page, [['begun', 0]]);
    await page.goto(served.url('/#/'));
    await page.getByText('0 of 32 ended, the time left is told once 5 % is done').waitFor();
    expect(await page.locator('progress').count()).toBe(0);
    await close(page);
  });

  it('says what a plan is of, whether it is paused, and of which kernels nothing is known yet, in words', async () => {
    const page = await pageOf(1024);
    const paused = { ...planOf('held', 12), name: null, state: 'paused', isModel: false };
    await page.route('**/v1/plans/held', (route) => answer(route, paused));
    await page.route('**/dashboard/data/wholes/held*', (route) => answer(route, planWholes(paused, [])));
    await page.goto(served.url('/#/plan/held'));
    await page.getByRole('heading', { name: 'plan held' }).waitFor();
    await page.getByText('32 kernels on edge-2mib (simulated). 12 of 32 ended, paused').waitFor();
    await page.getByRole('heading', { name: 'All kernels of the plan on edge-2mib' }).waitFor();
    const waiting = page.locator('tbody tr').last();
    expect(await waiting.textContent()).toBe('triton_poi_fused_kernel_31 1x8x128x64 f32waiting2');
    expect(await page.locator('main').textContent()).not.toContain('–');
    await close(page);
  });

  it.each([390, 1440])(
    'numbers the kernels of a whole at %d pixels, and tells of each by keyboard',
    async (width) => {
      const page = await pageOf(width);
      await withPlans(page, [['whole', 32]]);
      await page.goto(served.url('/#/plan/whole'));
      await page.locator('main svg:visible').first().waitFor();
      expect(await page.evaluate(crowded)).toEqual([]);
      // Of 1 + 2 + … + 32 parts of the whole, those from the sixth on are more than 1 %; the table begins with the longest.
      const numbers = await page.locator('main svg:visible text.tick').allTextContents();
      for (let number = 1; number <= 27; number++)
        expect(numbers.filter((words) => words.split(' ')[0] === String(number))).toHaveLength(2);
      expect(await page.locator('tbody th').first().textContent()).toBe(
        '1 triton_poi_fused_kernel_31 1x8x128x64 f32',
      );
      const links = page.locator('main svg:visible a');
      expect(await links.count()).toBe(64);
      for (const link of await links.all())
        expect(await link.getAttribute('aria-label')).toMatch(/ 2 × .* = /);
      await page.locator('main svg:visible a[tabindex="0"]').focus();
      await page.keyboard.press('ArrowRight');
      await page.getByText('default triton_poi_fused_kernel_30 1x8x128x64, 2 ×').last().waitFor();
      expect(await page.locator('.said').textContent()).toMatch(/^default triton_poi_fused_kernel_30 /);
      expect(await page.locator('main svg:visible a[tabindex="0"]').count()).toBe(1);
      await close(page);
    },
  );
});
