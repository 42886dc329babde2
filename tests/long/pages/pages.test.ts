import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { CHROMIUM, startChromium } from '../../dashboard/chromium.fixture.ts';
import { crowded } from '../../dashboard/crowded.ts';
import { type Served, serve } from '../../dashboard/served.fixture.ts';
import { cutTexts } from './cut-text.ts';
import { fingerOn } from './finger.fixture.ts';
import { nightStore, STUDIES } from './night-store.fixture.ts';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const WIDTHS = [390, 1024, 1440];

const folder = mkdtempSync(join(tmpdir(), 'nightshift-pages-'));
const complaints: string[] = [];
let served: Served;
let browser: Browser;

const listed = z.array(
  z.object({ id: z.string(), kernel: z.string(), shape: z.string(), target: z.string(), from: z.string() }),
);
const plans = z.array(z.object({ id: z.string() }));
type Listed = z.infer<typeof listed>[number];

/** The address of every page that looks different, by what it shows. */
async function addresses(): Promise<ReadonlyMap<string, string>> {
  const all = listed.parse(await served.get('/dashboard/data/listed'));
  const one = (what: Partial<Listed>): string => {
    const found = all.find((study) =>
      Object.entries(what).every(([key, value]) => study[key as keyof Listed] === value),
    );
    if (found === undefined) throw new Error(`no study has ${JSON.stringify(what)}`);
    return found.id;
  };
  const gelu = one({ kernel: 'gelu', shape: '65536', target: 'hexagon-mlir' });
  const beside = one({ kernel: 'gelu', shape: '65536', target: 'edge-2mib' });
  const long = 'triton_per_fused_add_addmm_native_layer_norm_native_layer_norm_backward_view_9';
  const allPlans = plans.parse(await served.get('/v1/plans'));
  return new Map([
    ['studies', '#/'],
    ['devices', '#/devices'],
    ['plans', '#/plans'],
    ['a simulated study', `#/study/${gelu}`],
    ['a study with a long name', `#/study/${one({ kernel: long, target: 'edge-2mib' })}`],
    ['a study of two objectives', `#/study/${one({ kernel: 'softmax', shape: '96x512' })}`],
    ['a device’s study', `#/study/${one({ from: 'device', target: 'command' })}`],
    ['imported results', `#/study/${one({ kernel: 'convolution_kernel_with_padding_and_stride' })}`],
    ['a study in WebAssembly', `#/study/${one({ target: 'wasm' })}`],
    ['a kernel', '#/kernel/gelu'],
    ['a kernel with a long name', `#/kernel/${long}`],
    ['two studies', `#/compare/${gelu}/${beside}`],
    [
      'a study and another kernel',
      `#/compare/${one({ kernel: long, target: 'edge-2mib' })}/${one({ target: 'wasm' })}`,
    ],
    ...allPlans.map(({ id }, place) => [`plan ${place + 1}`, `#/plan/${id}`] as const),
  ]);
}

/** A page that notes what it complains of, and that knows when it has all its data. */
async function newPage(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  page.setDefaultTimeout(100_000);
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      complaints.push(`${page.url()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.message}`));
  return page;
}

/** Opens a page, and waits until nothing of it is under way or was drawn in the last moments. */
async function open(page: Page, address: string): Promise<void> {
  await page.goto('about:blank');
  const under = new Set<unknown>();
  const begun = (request: { url(): string }) =>
    void (request.url().includes('/v1/events') || under.add(request));
  const done = (request: unknown) => void under.delete(request);
  page.on('request', begun).on('requestfinished', done).on('requestfailed', done);
  await page.goto(served.url(`/${address}`));
  await page.locator('h1').waitFor();
  for (let quiet = 0; quiet < 3; ) {
    await page.evaluate(() => new Promise((resolve) => setTimeout(() => requestAnimationFrame(resolve), 50)));
    quiet = under.size === 0 ? quiet + 1 : 0;
  }
  page.off('request', begun).off('requestfinished', done).off('requestfailed', done);
}

const violation = z.object({
  id: z.string(),
  nodes: z.array(z.object({ html: z.string(), failureSummary: z.string().optional() })),
});

/** By all rules, or some of them: a scheme changes nothing but colours. */
async function axeViolations(page: Page, rules?: readonly string[]): Promise<readonly string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.addScriptTag({ path: AXE });
  const options = { resultTypes: ['violations'], ...(rules && { runOnly: rules }) };
  const found = await page.evaluate(
    `axe.run(document, ${JSON.stringify(options)}).then(({ violations }) => violations)`,
  );
  return z
    .array(violation)
    .parse(found)
    .map(
      ({ id, nodes }) =>
        `${id} (${nodes.length}): ${nodes[0].html.slice(0, 200)} ${nodes[0].failureSummary?.slice(0, 300)}`,
    );
}

describe.skipIf(CHROMIUM === undefined)('every page (skipped where no Chromium is installed)', () => {
  beforeAll(async () => {
    served = await serve(await nightStore(folder));
    browser = await startChromium();
  });
  afterAll(async () => {
    await browser?.close();
    await served?.end();
    rmSync(folder, { recursive: true, force: true });
  });

  it('has 300 studies to show', async () => {
    expect(listed.parse(await served.get('/dashboard/data/listed'))).toHaveLength(STUDIES);
  });

  it.each(WIDTHS)(
    'fits %d pixels, cuts nothing, has nothing over something else, and has no fault that axe finds in light and dark',
    async (width) => {
      // Axe is a script that the pages' policy does not let in; the tests below keep to the policy.
      const context = await browser.newContext({ viewport: { width, height: 844 }, bypassCSP: true });
      const page = await newPage(context);
      const faults: Record<string, unknown> = {};
      for (const [what, address] of await addresses()) {
        await open(page, address);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        const found = [
          ...(wide > width ? [`is ${wide} wide`] : []),
          ...(await page.evaluate(cutTexts)),
          ...(await page.evaluate(crowded)),
          ...(width === WIDTHS[1] ? [] : await axeViolations(page)),
        ];
        await page.emulateMedia({ colorScheme: 'dark' });
        if (width !== WIDTHS[1]) found.push(...(await axeViolations(page, ['color-contrast'])));
        await page.emulateMedia({ colorScheme: 'light' });
        if (found.length > 0) faults[what] = found.slice(0, 12);
      }
      await context.close();
      expect(faults).toEqual({});
      expect(complaints).toEqual([]);
    },
  );

  it('obeys fingers: a cell of a heat map, a part of an axis, a part of a chart, a slider', async () => {
    const context = await browser.newContext({
      ...{ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
    });
    const page = await newPage(context);
    await open(page, (await addresses()).get('a simulated study') ?? '');
    // What is still to come moves what is there.
    await page.getByRole('slider', { name: 'contexts' }).waitFor();
    const finger = await fingerOn(page);
    const heat = page.locator('.heat rect.cell').first();
    await heat.scrollIntoViewIfNeeded();
    await heat.tap();
    await page
      .locator('output')
      .filter({ hasText: /^\w+=.*: [\d.,]+ (µs|ms)$/ })
      .waitFor();
    await finger.drag(page.locator('[data-axis]').first(), [0.5, 0.8], [0.5, 0.35]);
    expect(await page.locator('.brush').count()).toBe(1);
    await finger.drag(page.locator('.plane').first(), [0.3, 0.5], [0.6, 0.5]);
    await page.getByRole('button', { name: 'whole', exact: true }).first().waitFor();
    const slider = page.getByRole('slider', { name: 'contexts' });
    const before = await slider.inputValue();
    await finger.drag(slider, [0.95, 0.5], [0.3, 0.5]);
    expect(await slider.inputValue()).not.toBe(before);
    // A finger that goes up on a chart moves the page.
    const chart = page.locator('.plane').first();
    await chart.scrollIntoViewIfNeeded();
    const at = await page.evaluate(() => scrollY);
    await finger.drag(chart, [0.5, 0.8], [0.5, 0.1]);
    await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(at + 50);
    await context.close();
    expect(complaints).toEqual([]);
  });

  it('keeps what the reader chose while results come in', async () => {
    const context = await browser.newContext({ viewport: { width: 1440, height: 740 } });
    const page = await newPage(context);
    await open(page, '#/');
    const tick = page.getByRole('checkbox').nth(3);
    const ticked = await tick.getAttribute('aria-label');
    await tick.check();
    await page.evaluate(() => scrollTo(0, 1500));
    await page.getByRole('button', { name: 'fastest of the search' }).focus();
    const long = { kernel: 'matmul', shapes: ['512x512x768'], targets: ['hexagon-v79'] };
    await served.post('/v1/plans', {
      plan: {
        studies: [long],
        budget: { for: '5m' },
        done: { gain: 0.01, trials: 1_000_000 },
        strategy: 'random',
      },
    });
    const row = page.getByRole('row', { name: /matmul 512x512x768/ });
    await row.getByText(/^ *[\d,]+ trials/).waitFor({ state: 'attached' });
    const trials = async (): Promise<string> => (await row.locator('.standing').textContent()) ?? '';
    const first = await trials();
    await expect.poll(trials).not.toBe(first);
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('fastest of the search');
    expect(await page.getByRole('checkbox', { name: ticked ?? '', exact: true }).isChecked()).toBe(true);
    expect(await page.evaluate(() => scrollY)).toBeGreaterThan(1000);
    await page.getByText(/^plan \w+ .*(left|measuring the pace)/).waitFor();

    await row.getByRole('link').click();
    const settled = page.getByText(/(at work|waiting) · [\d,]+ trials/);
    await expect.poll(() => page.locator('.tall tbody tr').count()).toBeGreaterThan(30);
    const axis = page.locator('[data-axis]').first();
    await axis.focus();
    await page.keyboard.press('ArrowUp');
    await page.locator('.plane').first().focus();
    await page.keyboard.press('+');
    await page.evaluate(() => document.querySelector('.tall')?.scrollTo(0, 60));
    const now = await settled.textContent();
    await expect.poll(() => settled.textContent()).not.toBe(now);
    expect(await page.locator('.brush').count()).toBe(1);
    expect(await page.getByRole('button', { name: 'whole', exact: true }).first().isVisible()).toBe(true);
    expect(await page.evaluate(() => document.activeElement?.classList.contains('plane'))).toBe(true);
    await served.post('/v1/stop', {});
    await context.close();
    expect(complaints).toEqual([]);
  });
});
