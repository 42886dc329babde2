import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { chromium, type Page } from 'playwright-core';
import { z } from 'zod';
import type { BenchDaemon } from '../bench-pages/daemon.ts';

const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
];

const submitted = z.object({ plan: z.string() });
const studies = z.array(z.object({ id: z.string(), kernel: z.string(), shape: z.string() }));

/** Submits a plan, waits for its end, and takes a picture of the page of gelu’s study and of the plan’s page. */
export async function takePictures(daemon: BenchDaemon, plan: object, folder: string): Promise<void> {
  const path = BROWSERS.find(existsSync);
  if (path === undefined) throw new Error(`no browser is installed: none of ${BROWSERS.join(', ')}`);
  const { plan: id } = submitted.parse(JSON.parse((await daemon.ask('POST', '/v1/plans', { plan })).text));
  while (JSON.parse((await daemon.ask('GET', '/v1/plans?active=true')).text).length > 0) await delay(200);
  const all = studies.parse(JSON.parse((await daemon.ask('GET', '/v1/studies?kernel=gelu')).text));
  const study = all.find(({ shape }) => shape === '1048576');
  if (study === undefined) throw new Error('gelu was not tuned');
  const browser = await chromium.launch({ executablePath: path, args: FLAGS });
  try {
    const page = await browser.newPage({ viewport: { width: 1200, height: 860 }, colorScheme: 'light' });
    await take(page, `${daemon.address}/#/study/${study.id}`, join(folder, 'dashboard.png'));
    await take(page, `${daemon.address}/#/plan/${id}`, join(folder, 'plan.png'));
  } finally {
    await browser.close();
  }
}

/** Waits until the page has asked for all that it shows. */
async function take(page: Page, address: string, file: string): Promise<void> {
  const under = new Set<unknown>();
  const done = (request: unknown) => void under.delete(request);
  page.on('request', (request) => void (request.url().includes('/v1/events') || under.add(request)));
  page.on('requestfinished', done).on('requestfailed', done);
  await page.goto('about:blank');
  await page.goto(address);
  await page.locator('h1').waitFor();
  for (let quiet = 0; quiet < 5; quiet = under.size === 0 ? quiet + 1 : 0) await delay(100);
  // The folder of this run is of no interest.
  await page.evaluate(() => document.querySelector('#store')?.replaceChildren('store nightshift.db'));
  writeFileSync(file, await page.screenshot());
}
