import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { nightshift } from '../../cli/command-line.fixture.ts';
import { CHROMIUM, startChromium } from '../../dashboard/chromium.fixture.ts';
import { crowded } from '../../dashboard/crowded.ts';
import { type Served, serve } from '../../dashboard/served.fixture.ts';
import { answer, close, pageIn } from '../../dashboard/stubbed.fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'nightshift-views-'));
const listed = z.array(z.looseObject({ id: z.string(), trials: z.number() }));
let served: Served;
let browser: Browser;

const pageOf = (width: number): Promise<Page> => pageIn(browser, width);

describe.skipIf(CHROMIUM === undefined)('views (skipped where no Chromium is installed)', () => {
  beforeAll(async () => {
    const store = join(folder, 'night.db');
    for (const [kernel, trials] of Object.entries({ gelu: 40, relu: 12, silu: 24 }))
      await nightshift(
        `tune ${kernel} --shape 16384 --target edge-2mib --trials ${trials} --strategy random --store ${store} --quiet`,
        { cwd: folder },
      );
    served = await serve(store);
    browser = await startChromium();
  });
  afterAll(async () => {
    await browser?.close();
    await served?.end();
    rmSync(folder, { recursive: true, force: true });
  });

  async function idOf(kernel: string): Promise<string> {
    return listed.parse(await served.get(`/v1/studies?kernel=${kernel}`))[0].id;
  }

  it('sorts the cards of a phone by a choice, in both directions', async () => {
    const page = await pageOf(390);
    await page.goto(served.url('/#/'));
    await page.getByLabel('sort by').selectOption('trials');
    const trials = async () =>
      (await page.locator('.studies td[data-title=trials]').allTextContents()).map(Number);
    await page.getByRole('button', { name: '▼ greatest first' }).waitFor();
    expect(await trials()).toEqual([40, 24, 12]);
    await page.getByRole('button', { name: '▼ greatest first' }).click();
    await page.getByRole('button', { name: '▲ least first' }).waitFor();
    expect(await trials()).toEqual([12, 24, 40]);
    await page.getByLabel('sort by').selectOption('study');
    expect(await page.locator('.studies th a').first().textContent()).toMatch(/^gelu/);
    expect(await page.evaluate(crowded)).toEqual([]);
    await close(page);
  });

  it('stands figures of cards below each other, and keeps buttons in their cells', async () => {
    for (const width of [390, 1024, 1440]) {
      const page = await pageOf(width);
      await page.route('**/dashboard/data/listed', async (route) => {
        const all = listed.parse(await (await route.fetch()).json());
        const progress = {
          trials: 7,
          of: 60,
          files: null,
          leftMs: 9e6,
          fastestUs: 3,
          rounds: null,
          trouble: null,
        };
        const states = [{ state: 'paused' }, { state: 'open', progress }, {}];
        await answer(
          route,
          all.map((study, place) => ({ ...study, ...states[place] })),
        );
      });
      await page.goto(served.url('/#/'));
      await page.getByRole('button', { name: /^cancel / }).waitFor();
      expect(await page.evaluate(crowded), `at ${width}`).toEqual([]);
      if (width === 390) {
        const lefts = await page.locator('.studies td[data-title=fastest]').evaluateAll((cells) =>
          cells.map((cell) => {
            const range = document.createRange();
            range.selectNodeContents(cell);
            return Math.round(range.getBoundingClientRect().left);
          }),
        );
        expect(new Set(lefts).size).toBe(1);
      }
      await close(page);
    }
  });

  it('asks what another machine changes once a slider rests, and gives up what was asked before', async () => {
    const page = await pageOf(1024);
    const asked: string[] = [];
    const givenUp: string[] = [];
    page.on('requestfailed', (request) => void givenUp.push(new URL(request.url()).search));
    await page.route('**/dashboard/data/what-if/*changes=*', async (route) => {
      const { search } = new URL(route.request().url());
      asked.push(search);
      // The first question takes until long after the second was answered.
      if (asked.length === 1) await new Promise((resolve) => setTimeout(resolve, 3000));
      await route.continue().catch(() => {});
    });
    await page.goto(served.url(`/#/study/${await idOf('gelu')}`));
    const slider = page.getByRole('slider', { name: 'DMA bandwidth' });
    await slider.focus();
    for (let step = 0; step < 20; step++) await page.keyboard.press('ArrowLeft');
    await expect.poll(() => asked.length).toBe(1);
    expect(asked[0]).toMatch(/flips=false$/);
    await page.getByText('What stands below is of the machine before this move…').waitFor();
    expect(await page.locator('.stale').count()).toBe(1);
    for (let step = 0; step < 10; step++) await page.keyboard.press('ArrowLeft');
    await expect.poll(() => givenUp).toEqual([asked[0]]);
    await expect.poll(() => page.locator('.stale').count()).toBe(0);
    expect(asked.filter((search) => search.endsWith('flips=false'))).toHaveLength(2);
    // It stays: then also from which value on another configuration wins.
    await expect.poll(() => asked.at(-1)).toMatch(/flips=true$/);
    const [last] = asked.slice(-2);
    expect(asked.at(-1)?.split('&')[0]).toBe(last.split('&')[0]);
    await close(page);
  });

  it('keeps a moved machine when there is something new to say of it', async () => {
    const page = await pageOf(1024);
    const id = await idOf('gelu');
    let warnings: readonly string[] = [];
    const facts = z.looseObject({ findings: z.looseObject({}) });
    await page.route(`**/dashboard/data/studies/${id}`, async (route) => {
      const { findings, ...rest } = facts.parse(await (await route.fetch()).json());
      await answer(route, { ...rest, findings: { ...findings, warnings } });
    });
    // Each time the page connects anew, it reads anew.
    await page.route('**/v1/events', (route) =>
      route.fulfill({ contentType: 'text/event-stream', body: 'event: reset\ndata: {}\n\n' }),
    );
    await page.goto(served.url(`/#/study/${id}`));
    const slider = page.getByRole('slider', { name: 'DMA bandwidth' });
    await slider.focus();
    await page.keyboard.press('Home');
    const moved = await slider.inputValue();
    await slider.evaluate((input) => input.classList.add('earlier'));
    warnings = ['something new'];
    await page.getByText('something new').waitFor();
    await expect.poll(() => page.locator('.sliders .earlier').count()).toBe(0);
    expect(await slider.inputValue()).toBe(moved);
    expect(await slider.evaluate((input) => input === document.activeElement)).toBe(true);
    await close(page);
  });

  it('stays where the reader scrolled to when the axis that has the focus is drawn anew', async () => {
    const page = await pageOf(1024);
    await page.route('**/v1/events', (route) =>
      route.fulfill({ contentType: 'text/event-stream', body: 'event: reset\ndata: {}\n\n' }),
    );
    await page.goto(served.url(`/#/study/${await idOf('gelu')}`));
    const axis = page.locator('[data-axis=threads]');
    await axis.focus();
    await page.keyboard.press('ArrowUp');
    await page.evaluate(() => scrollTo(0, 0));
    await axis.evaluate((group) => group.classList.add('earlier'));
    await expect.poll(() => page.locator('.axle.earlier').count()).toBe(0);
    expect(await axis.evaluate((group) => group === document.activeElement)).toBe(true);
    expect(await page.evaluate(() => scrollY)).toBe(0);
    await close(page);
  });

  it('does not move what the reader looks at when sections above it come late', async () => {
    const page = await pageOf(390);
    let come = () => {};
    const coming = new Promise<void>((resolve) => {
      come = resolve;
    });
    await page.route(/\/data\/(importance|why|timelines|what-if)\//, async (route) => {
      await coming;
      await route.continue();
    });
    await page.goto(served.url(`/#/study/${await idOf('gelu')}`));
    const axis = page.locator('[data-axis]').first();
    await axis.evaluate((element) => element.scrollIntoView({ block: 'center' }));
    const before = (await axis.boundingBox())?.y;
    come();
    await page.getByRole('heading', { name: 'What if the machine were another one' }).waitFor();
    await page.getByRole('heading', { name: 'over the whole space' }).waitFor();
    expect((await axis.boundingBox())?.y).toBeCloseTo(before ?? 0, -1);
    await close(page);
  });

  it('greys the parameters that do not matter, and none while that is unknown', async () => {
    const page = await pageOf(1024);
    let idle: readonly string[] = ['unroll'];
    await page.route('**/dashboard/data/importance/*', async (route) => {
      const found = z.looseObject({}).parse(await (await route.fetch()).json());
      await answer(route, { ...found, idle });
    });
    const greyed = page.locator('.dense th.idle');
    await page.goto(served.url(`/#/study/${await idOf('gelu')}`));
    await greyed.first().waitFor();
    expect(await greyed.allTextContents()).toEqual(['unroll']);
    expect(await greyed.locator('button').getAttribute('title')).toBe('unroll hardly matters');
    idle = [];
    await page.reload();
    await page.getByRole('heading', { name: 'among the best tenth' }).waitFor();
    expect(await page.locator('.dense thead th').count()).toBeGreaterThan(4);
    expect(await greyed.count()).toBe(0);
    await close(page);
  });

  it('draws all pairs of the parameters that matter most, blank where nothing was tried', async () => {
    const page = await pageOf(390);
    let shares = [
      { what: 'threads', share: 0.2 },
      { what: 'tile', share: 0.1 },
      { what: 'unroll × vectorBytes', share: 0.5 },
    ];
    await page.route('**/dashboard/data/importance/*', async (route) => {
      const found = z.looseObject({}).parse(await (await route.fetch()).json());
      await answer(route, { ...found, shares });
    });
    await page.goto(served.url(`/#/study/${await idOf('gelu')}`));
    const maps = page.locator('details .heat');
    const pairs = page.getByText(
      'Heat maps of all pairs of the 4 parameters that matter most over the whole space',
    );
    await pairs.waitFor();
    expect(await maps.count()).toBe(0);
    await pairs.click();
    await expect.poll(() => maps.count()).toBe(6);
    expect(await maps.first().getAttribute('aria-label')).toContain('Best time by unroll and vectorBytes.');
    const trials = z
      .looseObject({
        trials: z.array(z.looseObject({ timeUs: z.number().nullable(), digits: z.array(z.number()) })),
      })
      .parse(await served.get(`/dashboard/data/studies/${await idOf('gelu')}/trials`)).trials;
    const names = z
      .looseObject({ parameters: z.array(z.looseObject({ name: z.string() })) })
      .parse(await served.get(`/dashboard/data/studies/${await idOf('gelu')}`))
      .parameters.map(({ name }) => name);
    for (const map of await maps.all()) {
      const label = (await map.getAttribute('aria-label')) ?? '';
      const [, across, down] = /Best time by (\w+) and (\w+)\./.exec(label) ?? [];
      const tried = trials
        .filter(({ timeUs }) => timeUs !== null)
        .map(({ digits }) => `${digits[names.indexOf(across)]} ${digits[names.indexOf(down)]}`);
      expect(await map.locator('rect.cell').count(), label).toBe(new Set(tried).size);
    }
    const last = maps.last();
    await last.focus();
    await page.keyboard.press('ArrowUp');
    await page
      .locator('details .said')
      .last()
      .getByText(/^\w+=.*, \w+=.*: [\d.,]+ (µs|ms)$/)
      .waitFor();
    shares = shares.slice(0, 1);
    await page.reload();
    await page.getByRole('heading', { name: 'among the best tenth' }).waitFor();
    expect(await page.getByText('Heat maps of all pairs').isVisible()).toBe(false);
    await close(page);
  });

  it('says of a study that waits what it waits for and what will be shown, without empty charts before a valid trial', async () => {
    const space = { parameters: [{ name: 'a', values: [1, 2, 3] }] };
    const opened = await served.post('/v1/studies', { kernel: { name: 'k' }, target: { name: 't' }, space });
    const { id } = z.object({ id: z.string() }).parse(opened);
    const page = await pageOf(390);
    await page.goto(served.url(`/#/study/${id}`));
    await page
      .getByText(/It waits for the first result that a program tells\. From its first trial on/)
      .waitFor();
    for (const name of ['Best so far', 'Importance', 'Trials'])
      expect(await page.getByRole('heading', { name }).isVisible(), name).toBe(false);
    expect(await page.locator('progress').count()).toBe(0);
    const tell = (...results: readonly object[]) => served.post(`/v1/studies/${id}/tell`, { results });
    await tell({ configuration: { a: 3 }, invalid: { reason: 'runtime', message: 'broken' } });
    await page.getByRole('heading', { name: 'Trials' }).waitFor();
    await page.getByText('No trial has been valid yet.').waitFor();
    for (const name of ['Best so far', 'Importance'])
      expect(await page.getByRole('heading', { name }).isVisible(), name).toBe(false);
    await tell({ configuration: { a: 2 }, timeUs: 6 }, { configuration: { a: 1 }, timeUs: 6_110_652 });
    await page.getByRole('heading', { name: 'Best so far' }).waitFor();
    await page.getByText('So far the fastest of the search took 6.00 µs').waitFor();
    const longest = page.locator('.parallel text.halo', { hasText: '6,110,652 µs' });
    await longest.waitFor();
    const [words, whole] = [await longest.boundingBox(), await page.locator('.parallel').boundingBox()];
    const rightOf = (box: typeof words) => (box?.x ?? 0) + (box?.width ?? 0);
    expect(rightOf(words)).toBeLessThanOrEqual(rightOf(whole));
    await close(page);
  });

  it('compares in one unit, and says in what two studies are unlike', async () => {
    const page = await pageOf(390);
    const [gelu, silu] = [await idOf('gelu'), await idOf('silu')];
    for (const [id, factor] of [
      [gelu, 1],
      [silu, 5000],
    ] as const)
      await page.route(`**/dashboard/data/studies/${id}`, async (route) => {
        const facts = z.looseObject({
          findings: z.looseObject({ best: z.looseObject({ timeUs: z.number() }) }),
        });
        const { findings, ...rest } = facts.parse(await (await route.fetch()).json());
        const best = { ...findings.best, timeUs: findings.best.timeUs * factor };
        await answer(route, { ...rest, findings: { ...findings, best } });
      });
    await page.goto(served.url(`/#/compare/${gelu}/${silu}`));
    await page
      .getByText(/They are not alike: another kernel \(gelu and silu\)\. What stands below/)
      .waitFor();
    const row = page.getByRole('row', { name: /compared, to use/ });
    const units = (await row.getByRole('cell').allTextContents()).map((words) => words.split(' ').at(-1));
    expect(units).toEqual(['µs', 'µs']);
    expect(await page.locator('td.changed').count()).toBe(0);
    expect(await page.evaluate(crowded)).toEqual([]);
    await page.goto(served.url(`/#/compare/${gelu}/${gelu}`));
    await page.getByText('No ratio: both sides are the same result.').waitFor();
    expect(await page.getByText('They are not alike').count()).toBe(0);
    await close(page);
  });

  it('says of two studies of one kernel in what they were asked otherwise', async () => {
    const page = await pageOf(390);
    const [gelu, silu] = [await idOf('gelu'), await idOf('silu')];
    const kernel = { name: 'gelu', shape: '16384', dtype: 'f32', target: 'edge-2mib' };
    const asked = { strategy: 'random', restrictedTo: 'threads=1', objective: 'energyJ where bytes<=4096' };
    await page.route(`**/dashboard/data/studies/${silu}`, async (route) => {
      const facts = z.looseObject({}).parse(await (await route.fetch()).json());
      await answer(route, { ...facts, kernel, asked });
    });
    const change = { value: 0.96, low: null, high: null };
    await page.route('**/dashboard/data/compare/**', (route) => answer(route, { state: 'compared', change }));
    await page.goto(served.url(`/#/compare/${gelu}/${silu}`));
    await page
      .getByText(
        'They were not asked the same: another objective (time and energyJ where bytes<=4096), another space (all of it and only threads=1). ',
      )
      .waitFor();
    expect(await page.getByText('They are not alike').count()).toBe(0);
    expect(await page.evaluate(crowded)).toEqual([]);
    await close(page);
  });

  it('names what a study was asked in its row, and what tells it from another of the same question', async () => {
    const page = await pageOf(390);
    await page.route('**/dashboard/data/listed', async (route) => {
      const all = z.array(z.looseObject({ kernel: z.string() })).parse(await (await route.fetch()).json());
      const gelu = all.find(({ kernel }) => kernel === 'gelu');
      const asked = ', for time where bytes<=4096, only threads=1';
      await answer(route, [
        { ...gelu, id: 'a', asked },
        { ...gelu, id: 'b', seed: 2 },
        { ...gelu, id: 'c', strategy: 'gp' },
      ]);
    });
    await page.goto(served.url('/#/'));
    await page.locator('.studies .where').first().waitFor();
    expect((await page.locator('.studies .where').allTextContents()).sort()).toEqual([
      ...['a', 'b', 'c'],
      'edge-2mib, simulated, for time where bytes<=4096, only threads=1',
      'edge-2mib, simulated, strategy gp, seed 1',
      'edge-2mib, simulated, strategy random, seed 2',
    ]);
    expect(await page.evaluate(crowded)).toEqual([]);
    await close(page);
  });

  it('keeps the labels of compared times within the picture on a phone', async () => {
    const page = await pageOf(390);
    const id = await idOf('gelu');
    await page.route(`**/dashboard/data/studies/${id}`, async (route) => {
      const timed = z.looseObject({ timeUs: z.number() });
      const facts = z.looseObject({ findings: z.looseObject({ default: timed, best: timed }) });
      const { findings, ...rest } = facts.parse(await (await route.fetch()).json());
      const usual = { ...findings.default, timeUs: 17_307 };
      await answer(route, { ...rest, findings: { ...findings, default: usual } });
    });
    await page.goto(served.url(`/#/study/${id}`));
    const label = page.locator('svg.plane text', { hasText: 'default 17,307 µs' });
    await label.waitFor();
    const [words, picture] = [
      await label.boundingBox(),
      await page.locator('svg.plane').first().boundingBox(),
    ];
    expect((words?.x ?? 0) + (words?.width ?? 999)).toBeLessThanOrEqual(
      (picture?.x ?? 0) + (picture?.width ?? 0),
    );
    expect(await page.evaluate(crowded)).toEqual([]);
    await close(page);
  });

  it('says in its row that a study’s default is the fastest, and why else there is no gain', async () => {
    const page = await pageOf(390);
    const none = (unknown: string, why: string) => ({ gainOverDefault: { unknown, why } });
    await page.route('**/dashboard/data/listed', async (route) => {
      const all = z.array(z.looseObject({ kernel: z.string() })).parse(await (await route.fetch()).json());
      const one = all.find(({ kernel }) => kernel === 'gelu');
      await answer(route, [
        { ...one, id: 'a', ...none('not tried', 'no visit has ended'), comparedUs: null },
        { ...one, id: 'b', ...none('not applicable', 'the default itself is the fastest that was found') },
        { ...one, id: 'c', ...none('failed', 'the default could not be timed') },
        { ...one, id: 'd', ...none('not applicable', 'the study seeks energyJ'), objective: 'energyJ' },
      ]);
    });
    await page.goto(served.url('/#/'));
    const cells = page.locator('.studies td[data-title="gain over default"]');
    await cells.first().waitFor();
    const told = await cells.evaluateAll((all) =>
      all.map((cell) => `${cell.textContent}: ${cell.getAttribute('title')}`),
    );
    expect(told.sort()).toEqual([
      'default is fastest: the default itself is the fastest that was found',
      'unknown: the default could not be timed',
      '–: no visit has ended',
      '–: the study seeks energyJ',
    ]);
    await close(page);
  });

  it('shows all figures of a ladder’s rungs on a phone', async () => {
    const page = await pageOf(390);
    await page.goto(served.url(`/#/study/${await idOf('gelu')}`));
    const ladder = page.getByRole('region', { name: 'Ladder: all else tuned on each rung' });
    const drawn = ladder.locator('svg:visible');
    await drawn.waitFor();
    const words = (await drawn.locator('text').allTextContents()).filter((text) => text !== '');
    for (const rung of ['scalar', '+vec', '+mt', '+db']) expect(words).toContain(rung);
    const gain = /[\d.]+× \[[\d.]+, [\d.]+\]$/;
    for (const name of ['step', 'in all'])
      expect(words.filter((text) => text.startsWith(`${name} `) && gain.test(text))).toHaveLength(3);
    expect(words.filter((text) => /^[\d.,]+ [µm]s$/.test(text))).toHaveLength(4);
    const box = await drawn.boundingBox();
    expect((box?.x ?? 0) + (box?.width ?? 400)).toBeLessThanOrEqual(390);
    expect(await page.evaluate(crowded)).toEqual([]);
    await close(page);
  });

  it.each([
    [
      'numbers of three digits',
      '--set tile=512 --set threads=4 --set staging=copy --set buffers=1',
      'threads=2,staging=dma,tile=4096',
    ],
    [
      'long names',
      '--set unroll=4 --set threads=4 --set staging=dma --set tile=2048 --set buffers=2',
      'unroll=4,threads=2,staging=dma,tile=4096',
    ],
  ])('draws two timelines without a word over another: %s', async (_, sets, against) => {
    const { stdout } = await nightshift(
      `trace gelu --shape 65536 --target hexagon-v75 --svg --set vectorBytes=128 ${sets} --against vectorBytes=128,${against}`,
      { cwd: folder },
    );
    const page = await pageOf(1240);
    await page.setContent(`<main><div class="timeline">${stdout}</div></main>`);
    expect(await page.locator('.links polygon').count()).toBeGreaterThan(3);
    expect(await page.evaluate(crowded)).toEqual([]);
    await close(page);
  });
});
