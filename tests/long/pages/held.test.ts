import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { CHROMIUM, startChromium } from '../../dashboard/chromium.fixture.ts';
import { type Served, serve } from '../../dashboard/served.fixture.ts';
import { answer, close, pageIn } from '../../dashboard/stubbed.fixture.ts';
import { fingerOn } from './finger.fixture.ts';

const VALUES = [1, 2, 3, 4, 5, 6, 7, 8];
const space = { parameters: ['a', 'b'].map((name) => ({ name, values: VALUES })) };
/** All configurations, in an order that varies both parameters from the first ones on. */
const configurations = VALUES.flatMap((far) =>
  VALUES.map((a) => ({ a, b: ((a + far) % VALUES.length) + 1 })),
);

const folder = mkdtempSync(join(tmpdir(), 'nightshift-held-'));
let served: Served;
let browser: Browser;

/** A study of a program that tells its results, and how many it has told. */
async function openStudy(kernel: string) {
  const asked = { kernel: { name: kernel }, target: { name: 't' }, space };
  const opened = await served.post('/v1/studies', asked);
  const { id } = z.object({ id: z.string() }).parse(opened);
  let told = 0;
  const tell = async (results: number): Promise<void> => {
    const next = configurations.slice(told, told + results);
    told += results;
    const timed = next.map((configuration) => ({ configuration, timeUs: configuration.a + configuration.b }));
    await served.post(`/v1/studies/${id}/tell`, { results: timed });
  };
  return { id, tell, told: () => told };
}

describe.skipIf(CHROMIUM === undefined)('what is held (skipped where no Chromium is installed)', () => {
  beforeAll(async () => {
    served = await serve(join(folder, 'night.db'));
    browser = await startChromium();
  });
  afterAll(async () => {
    await browser?.close();
    await served?.end();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A page of a study with results, and what makes one more come in and waits until the page has it. */
  async function pageOfStudy(context: BrowserContext, kernel: string) {
    const study = await openStudy(kernel);
    await study.tell(24);
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    await page.goto(served.url(`/#/study/${study.id}`));
    await page.getByRole('heading', { name: 'over the whole space' }).waitFor();
    const comesIn = async (): Promise<void> => {
      const read = page.waitForResponse(/\/trials\?from=/);
      await study.tell(1);
      await (await read).finished();
      await page.evaluate(
        () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
      );
    };
    /** Until the page shows all that came in. */
    const shown = () => page.locator('.controls', { hasText: `· ${study.told()} trials` }).waitFor();
    return { page, comesIn, shown };
  }

  it('stays under a finger while results come in: an axis, a chart, a cell, a frame that scrolls', async () => {
    const context = await browser.newContext({
      ...{ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
    });
    const { page, comesIn, shown } = await pageOfStudy(context, 'fingers');
    const finger = await fingerOn(page);
    await finger.drag(page.locator('[data-axis=a]'), [0.5, 0.8], [0.5, 0.35], comesIn);
    expect(await page.locator('.brush').count()).toBe(1);
    await shown();
    expect(await page.locator('.brush').count()).toBe(1);
    const wholes = page.getByRole('button', { name: 'whole', exact: true });
    for (const [place, chart] of (await page.locator('.plane').all()).entries()) {
      await finger.drag(chart, [0.3, 0.5], [0.7, 0.5], comesIn);
      await expect.poll(() => wholes.count()).toBe(place + 1);
    }
    await shown();
    expect(await wholes.count()).toBe(2);
    await page.locator('.heat rect.cell').first().tap();
    const said = page.locator('output').filter({ hasText: /^[ab]=\d, [ab]=\d: / });
    const cell = await said.textContent();
    await comesIn();
    await shown();
    expect(await said.textContent()).toBe(cell);
    expect(await page.locator('.heat rect.cell.chosen').count()).toBe(1);
    await page.getByRole('button', { name: 'all trials' }).tap();
    const frame = page.locator('.tall');
    const scrolled = () => frame.evaluate(({ scrollTop }) => scrollTop);
    let before = 0;
    await finger.drag(frame, [0.5, 0.8], [0.5, 0.2], async () => {
      before = await scrolled();
      await comesIn();
    });
    expect(before).toBeGreaterThan(0);
    await expect.poll(scrolled).toBeGreaterThan(before + 20);
    await shown();
    await close(page);
  });

  it('stays under the mouse’s button while results come in: the head of a column', async () => {
    const context = await browser.newContext({ viewport: { width: 1024, height: 844 } });
    const { page, comesIn, shown } = await pageOfStudy(context, 'mice');
    await page.locator('.tall th[aria-sort=ascending] button').hover();
    await page.mouse.down();
    await comesIn();
    await page.mouse.up();
    await page.locator('.tall th[aria-sort=descending]').waitFor();
    await shown();
    await close(page);
  });

  it('stays zoomed while results come in: the chart of a kernel', async () => {
    const page = await pageIn(browser, 1024);
    const point = { study: 's', target: 't', forced: { value: 1.5, low: null, high: null } };
    const buffering = [1, 2, 4].map((opsPerByte) => ({
      ...{ ...point, kernel: 'k', name: `k ${opsPerByte}`, opsPerByte },
    }));
    await page.route('**/dashboard/data/kernels/*', (route) =>
      answer(route, { studies: [], scalings: [], buffering }),
    );
    await page.goto(served.url('/#/kernel/k'));
    await page.locator('.plane').focus();
    await page.keyboard.press('+');
    const read = page.waitForResponse(/\/data\/kernels\//);
    buffering.pop();
    await (await openStudy('another')).tell(1);
    await (await read).finished();
    await expect.poll(() => page.locator('tbody tr').count()).toBe(2);
    expect(await page.getByRole('button', { name: 'whole', exact: true }).isVisible()).toBe(true);
    expect(await page.evaluate(() => document.activeElement?.classList.contains('plane'))).toBe(true);
    await close(page);
  });
});
