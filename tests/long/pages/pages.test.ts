import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { CHROMIUM, startChromium } from '../../dashboard/chromium.fixture.ts';
import { cutTexts } from './cut-text.ts';
import { nightStore, STUDIES } from './night-store.fixture.ts';
import { type Served, serve } from './served.fixture.ts';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const WIDTHS = [390, 1024, 1440];
const SCHEMES = ['light', 'dark'] as const;

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
  const all_plans = plans.parse(await served.get('/v1/plans'));
  return new Map([
    ['studies', '#/'],
    ['devices', '#/devices'],
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
    ...all_plans.map(({ id }, place) => [`plan ${place + 1}`, `#/plan/${id}`] as const),
  ]);
}

/** A page that notes what it complains of, and that knows when it has all its data. */
async function newPage(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
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

async function axeViolations(page: Page): Promise<readonly string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.addScriptTag({ path: AXE });
  const found = await page.evaluate(
    'axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => violations)',
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

  for (const colorScheme of SCHEMES)
    for (const width of WIDTHS)
      it(`fits ${width} pixels, cuts nothing, and has no fault that axe finds, ${colorScheme}`, async () => {
        // Bypasses the pages' policy for axe's script only; complaints of the pages' own are found at the other pages.
        const context = await browser.newContext({
          viewport: { width, height: 844 },
          colorScheme,
          bypassCSP: true,
        });
        const page = await newPage(context);
        const faults: Record<string, unknown> = {};
        for (const [what, address] of await addresses()) {
          await open(page, address);
          const wide = await page.evaluate(() => document.documentElement.scrollWidth);
          const found = [
            ...(wide > width ? [`is ${wide} wide`] : []),
            ...(await page.evaluate(cutTexts)),
            ...(await axeViolations(page)),
          ];
          if (found.length > 0) faults[what] = found.slice(0, 12);
        }
        await context.close();
        expect(faults).toEqual({});
        expect(complaints).toEqual([]);
      });
});
