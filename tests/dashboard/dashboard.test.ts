import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { freePort } from '../daemon/free-port.ts';
import { NODE_FLAGS } from '../node-flags.ts';
import { CHROMIUM, startChromium } from './chromium.fixture.ts';

const BINARY = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));
const PLAN = {
  seed: 3,
  targets: ['edge-2mib'],
  studies: [{ kernel: 'gelu', shapes: ['4096', '16384', '65536'] }],
  budget: { trials: 60 },
  strategy: 'random',
};

/** Results of Kernel Tuner on another device. */
const CACHE = {
  device_name: 'a-board',
  kernel_name: 'gemm',
  tune_params_keys: ['tile'],
  tune_params: { tile: [8, 16] },
  cache: { 8: { tile: 8, time: 2.5 }, 16: { tile: 16, time: 1.25 } },
};

const folder = mkdtempSync(join(tmpdir(), 'nightshift-dashboard-'));
let port: number;
let daemon: ChildProcess;
let browser: Browser;
let page: Page;
const complaints: string[] = [];

const url = (path: string): string => `http://127.0.0.1:${port}${path}`;

async function startDaemon(): Promise<void> {
  const words = ['daemon', '--store', join(folder, 'night.db'), '--listen', `127.0.0.1:${port}`, '--quiet'];
  daemon = spawn(process.execPath, [...NODE_FLAGS, BINARY, ...words], { cwd: folder, stdio: 'ignore' });
  await until(() =>
    fetch(url('/healthz')).then(
      ({ ok }) => ok,
      () => false,
    ),
  );
}

function byHand(...words: readonly string[]): void {
  spawnSync(process.execPath, [...NODE_FLAGS, BINARY, ...words, '--store', join(folder, 'night.db')], {
    cwd: folder,
  });
}

async function stopDaemon(): Promise<void> {
  const closed = new Promise((resolve) => daemon.on('close', resolve));
  daemon.kill('SIGTERM');
  await closed;
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 50));
}

async function submit(plan: object): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url('/v1/plans'), { method: 'POST', headers, body: JSON.stringify({ plan }) });
  if (!answer.ok) throw new Error(await answer.text());
}

async function studiesOf(kernel: string): Promise<readonly { id: string }[]> {
  const answer = await fetch(url(`/v1/studies?kernel=${kernel}`));
  return z.array(z.object({ id: z.string() })).parse(await answer.json());
}

describe.skipIf(CHROMIUM === undefined)('the dashboard (skipped where no Chromium is installed)', () => {
  beforeAll(async () => {
    port = await freePort();
    await startDaemon();
    browser = await startChromium();
    page = await browser.newPage();
    page.setDefaultTimeout(100_000);
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
  });
  afterAll(async () => {
    await browser?.close();
    daemon?.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  /** While trials come in, a study's page keeps the part of a chart, the chosen trials and the place in a table. */
  async function keepsWhatIsChosen(): Promise<void> {
    const settled = async (): Promise<number> => {
      const words = (await page.getByText(/at work · [\d,]+ trials/).textContent()) ?? '';
      return Number(/([\d,]+) trials/.exec(words)?.[1].replaceAll(',', ''));
    };
    await until(async () => (await page.locator('.tall tbody tr').count()) > 30);
    await page.getByLabel('only trials with these words').fill('threads=');
    const number = page.locator('.tall thead th').first();
    const byNumber = number.getByRole('button');
    const order = () => number.getAttribute('aria-sort');
    for (const direction of ['ascending', 'descending']) {
      await byNumber.click();
      await until(async () => (await order()) === direction);
    }
    await page.evaluate(() => document.querySelector('.tall')?.scrollTo(0, 120));
    const then = await settled();
    await until(async () => (await settled()) > then);
    expect(await page.evaluate(() => document.querySelector('.tall')?.scrollTop)).toBe(120);
    expect(await order()).toBe('descending');
    expect(await page.getByLabel('only trials with these words').inputValue()).toBe('threads=');
    // In one step each: an update may come between finding an element and asking it.
    expect(
      await page.evaluate(() => document.querySelector('.tall thead button') === document.activeElement),
    ).toBe(true);
    await page.locator('.plane').first().focus();
    await page.keyboard.press('+');
    await page.evaluate(() => document.querySelector('.tall')?.scrollTo(0, 120));
    const whole = page.getByRole('button', { name: 'whole', exact: true });
    await whole.waitFor();
    const before = await settled();
    await until(async () => (await settled()) > before);
    expect(await whole.isVisible()).toBe(true);
    expect(await page.evaluate(() => document.querySelector('.tall')?.scrollTop)).toBe(120);
    expect(await page.evaluate(() => document.activeElement?.classList.contains('plane'))).toBe(true);
  }

  it('loads, and shows the store’s path', async () => {
    await page.goto(url('/'));
    await page.getByText('No studies yet').waitFor();
    await page.locator('#connection.live').waitFor();
    expect(await page.locator('#store').textContent()).toContain(join(folder, 'night.db'));
  });

  it('has a page of the devices, which says that there is no fleet', async () => {
    await page.getByRole('link', { name: 'devices' }).click();
    await page.getByRole('heading', { name: 'Devices' }).waitFor();
    await page.getByText('This daemon has no fleet').waitFor();
    await page.getByRole('link', { name: 'nightshift', exact: true }).click();
    await page.getByText('No studies yet').waitFor();
  });

  it('shows new and ended studies without a reload', async () => {
    await submit(PLAN);
    await page.getByRole('link', { name: 'gelu 65536 f32' }).waitFor();
    await until(
      async () => (await page.getByRole('cell', { name: 'budget spent', exact: true }).count()) === 3,
    );
    expect(await page.getByRole('row').count()).toBe(4);
    expect(complaints).toEqual([]);
  });

  it('filters and sorts the list, and names the plan that is at work', async () => {
    const names = page.locator('.studies tbody th a');
    await page.getByLabel('only studies with these words').fill('gelu 65536');
    await until(async () => (await names.count()) === 1);
    await page.getByText('1 of 3 studies: 1 ended; 60 trials').waitFor();
    await page.getByLabel('only studies with these words').fill('');
    await page.getByRole('button', { name: 'fastest of the search' }).click();
    await until(async () => /^gelu 4096/.test((await names.first().textContent()) ?? ''));
    await page.getByRole('button', { name: 'fastest of the search' }).click();
    await until(async () => /^gelu 65536/.test((await names.first().textContent()) ?? ''));
    expect(await page.locator('th[aria-sort=descending]').textContent()).toBe('fastest of the search');
    const [plan] = z.array(z.object({ id: z.string() })).parse(await (await fetch(url('/v1/plans'))).json());
    await page.goto(url(`/#/plan/${plan.id}`));
    await page.getByText('3 of 3 ended').waitFor();
    expect(await page.locator('svg:visible a').count()).toBe(6);
    await page.getByRole('link', { name: /^tuned gelu 65536/ }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: /gelu 65536 f32 on edge-2mib/ }).waitFor();
    await page.goto(url('/#/'));
    expect(complaints).toEqual([]);
  });

  it('draws a study: curve, ladder, shares, importance, slice, heat map, timelines', async () => {
    await page.getByRole('link', { name: 'gelu 65536 f32' }).click();
    await page.getByRole('heading', { name: /gelu 65536 f32 on edge-2mib/ }).waitFor();
    expect(await page.evaluate(() => scrollY)).toBe(0);
    for (const name of [
      'Best so far',
      'Importance',
      'Parallel coordinates',
      'Trials',
      'Why this one wins',
      'Roofline: the way from scalar to winner',
      'The default and what to use on one axis of time, simulated',
    ]) {
      await page.getByRole('heading', { name }).waitFor();
    }
    const roofline = page.locator('section:has(h2:text("Roofline"))');
    await roofline.locator('circle').first().focus();
    expect(await roofline.locator('output').textContent()).toMatch(/^scalar: [\d.]+ GOPS at .* µs$/);
    expect(await page.locator('section:has(h2:text("Why this one wins")) li').last().textContent()).toMatch(
      /^Next limit/,
    );
    expect(await page.locator('.parallel polyline').count()).toBeGreaterThan(10);
    expect(await page.locator('.heat rect.cell').count()).toBeGreaterThan(2);
    expect(await page.locator('.plane .dots').count()).toBe(2);
    expect(await page.locator('.plane .aside').count()).toBe(1);
    const labels = await page
      .locator('.spot + text')
      .evaluateAll((all) => all.map((each) => Number(each.getAttribute('y'))));
    expect(Math.min(...labels), 'labels are whole').toBeGreaterThan(24);
    await page.getByLabel('across').selectOption('threads');
    await page.getByRole('heading', { name: 'Slice: threads' }).waitFor();
    await page.getByLabel('only trials with these words').fill('threads=2');
    const trials = page.locator('section:has(h2:text("Trials"))');
    const titles = await trials.locator('thead th').allTextContents();
    const cells = await trials
      .locator(`tbody tr > :nth-child(${titles.indexOf('threads') + 1})`)
      .allTextContents();
    expect(new Set(cells)).toEqual(new Set(['2']));
    await page.getByLabel('only trials with these words').fill('');
    const all = Number(
      / of (\d+)/.exec(
        (await page
          .getByText(/^50 of \d+(: \d+ trials and \d+ timed in comparisons| trials)$/)
          .textContent()) ?? '',
      )?.[1],
    );
    await page.getByRole('button', { name: `show ${all - 50} more trials` }).click();
    await page.getByText(/^(\d+) of \1(:| trials)/).waitFor();
    expect(complaints).toEqual([]);
  });

  it('lets the keyboard read charts, choose trials on an axis, and move the machine', async () => {
    const said = (chart: string) => page.locator(`${chart} .said`).first();
    await page.locator('.plane').first().focus();
    await page.keyboard.press('ArrowRight');
    expect(await said('.plot').textContent()).toMatch(/^trial 1: [\d.,]+ (µs|ms)$/);
    await page.locator('.heat').focus();
    await page.keyboard.press('ArrowUp');
    const cell = /^threads=\d+, \w+=\w+: [\d.,]+ (µs|ms)$/;
    await page.locator('output').filter({ hasText: cell }).waitFor();
    await page.locator('[data-axis=threads]').focus();
    await page.keyboard.press('ArrowUp');
    await page.getByText(/^\d+ of \d+ trials, the fastest of the search [\d.,]+ (µs|ms)$/).waitFor();
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-axis'))).toBe('threads');
    await page.keyboard.press('Escape');
    await page.getByRole('slider', { name: 'contexts' }).focus();
    await page.keyboard.press('Home');
    await page.getByText(/^The best stays .* contexts=2; from 1 down threads=1/).waitFor();
    const there = page.getByRole('table', { name: 'The ladder there' }).locator('tbody tr:last-child td');
    expect(await there.allTextContents()).toEqual([expect.stringMatching(/ µs$/), 'not possible', '']);
    await page.getByRole('button', { name: 'as it is' }).click();
    await until(async () => (await there.nth(0).textContent()) === (await there.nth(1).textContent()));
    expect(complaints).toEqual([]);
  });

  it('draws the Pareto optima of a study of two objectives, beside their table', async () => {
    const studies = [{ kernel: 'softmax', shapes: ['64x256'], objective: 'time,scratchpadBytes' }];
    await submit({ ...PLAN, studies, strategy: 'default' });
    await page.goto(url('/#/'));
    await page.getByRole('row', { name: /softmax 64x256.*(budget spent|all tried|no more gain)/ }).waitFor();
    await page.getByRole('link', { name: 'softmax 64x256 f32' }).click();
    await page.getByRole('heading', { name: 'Pareto optima' }).waitFor();
    const table = page.getByRole('table', { name: /Pareto optim.* of time and scratchpadBytes/ });
    const drawing = page.getByRole('img', { name: /Pareto optim.* of time and scratchpadBytes/ });
    expect(await drawing.locator('.ring').count()).toBe((await table.getByRole('row').count()) - 2);
    // All other trials are behind them.
    expect(await drawing.locator('.faint').count()).toBeGreaterThan(20);
    expect(await drawing.locator('desc').textContent()).toMatch(
      /optimum 1: .* µs, .* scratchpadBytes\..*default: /,
    );
    await page.goBack();
    await page.getByRole('link', { name: 'gelu 65536 f32' }).click();
    await page.getByRole('heading', { name: /gelu 65536 f32 on edge-2mib/ }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('skips to the content of the current page', async () => {
    await page.locator('.skip').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: /gelu 65536 f32 on edge-2mib/ }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
    expect(page.url()).toContain('#/study/');
  });

  it('draws a kernel over its sizes, and two studies side by side', async () => {
    await page.goto(url('/#/kernel/gelu'));
    await page.getByRole('heading', { name: /MT: gelu f32 on edge-2mib/ }).waitFor();
    await page.getByRole('heading', { name: /DB against arithmetic intensity/ }).waitFor();
    await page.locator('table.stacked', { hasText: 'The points in numbers' }).waitFor();
    await page.goto(url('/#/'));
    const boxes = page.getByRole('checkbox');
    await boxes.first().waitFor();
    await boxes.nth(0).check();
    await boxes.nth(1).check();
    await page.getByRole('link', { name: 'compare the two' }).click();
    await page.getByRole('heading', { name: 'Two studies' }).waitFor();
    await page.getByRole('rowheader', { name: 'gain over default' }).waitFor();
    await page.getByText('are different computations: their times are not comparable').waitFor();
    const [{ id }] = await studiesOf('gelu');
    await page.goto(url(`/#/compare/${id}/${id}`));
    await page.getByText('No ratio: both sides are the same result.').waitFor();
    expect(complaints).toEqual([]);
  });

  it('survives a restart of the daemon', async () => {
    await page.goto(url('/#/'));
    await page.getByRole('link', { name: 'gelu 4096 f32' }).waitFor();
    await stopDaemon();
    await page.getByText('does not answer; retrying').waitFor();
    // While the daemon is down, a user tunes by hand and imports foreign results.
    byHand('tune', 'exp', '--shape', '4096', '--target', 'edge-2mib', '--trials', '20');
    writeFileSync(join(folder, 'cache.json'), JSON.stringify(CACHE));
    byHand('import', 'cache.json');
    await startDaemon();
    await page.locator('#connection.live').waitFor();
    await submit({ ...PLAN, studies: [{ kernel: 'relu', shapes: ['4096'] }] });
    await page.getByRole('link', { name: 'relu 4096 f32' }).waitFor();
    const real = complaints.filter((text) => !/ERR_CONNECTION_REFUSED|ERR_INCOMPLETE|ERR_EMPTY/.test(text));
    expect(real).toEqual([]);
  });

  it('has no buttons for a study without a visit', async () => {
    const tuned = page.getByRole('row', { name: /exp 4096 f32/ });
    await tuned.getByRole('cell', { name: 'budget spent' }).waitFor();
    expect(await tuned.getByRole('button').count()).toBe(0);
    const imported = page.getByRole('row', { name: /gemm a-board, measured/ });
    await imported.getByRole('cell', { name: 'imported', exact: true }).waitFor();
    expect(await imported.getByRole('button').count()).toBe(0);
    await page.getByRole('link', { name: 'gemm', exact: true }).first().click();
    await page.getByPlaceholder('tile=16').waitFor();
    await page.goBack();
    expect(complaints.filter((text) => !/ERR_/.test(text))).toEqual([]);
  });

  it('pauses and resumes a study by keyboard', async () => {
    await submit({
      ...PLAN,
      seed: 9,
      // Large enough, and without a criterion for done, so that it is still running when it is paused.
      studies: [{ kernel: 'matmul', shapes: ['512x512x512'] }],
      done: { gain: 0.01, trials: 1_000_000 },
      budget: { for: '5m' },
    });
    const pause = page.getByRole('button', { name: /^pause matmul/ });
    await pause.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('cell', { name: 'paused' }).waitFor();
    // The focus is not lost although the pressed button was replaced.
    const resume = page.getByRole('button', { name: /^resume matmul/ });
    await until(() => resume.evaluate((element) => element === document.activeElement));
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'matmul 512x512x512 f32' }).click();
    await page.getByText(/at work · [\d,]+ trials/).waitFor();
    await keepsWhatIsChosen();
    await page.goBack();
    await page.getByRole('button', { name: /^stop matmul/ }).click();
    await until(async () => (await page.getByRole('cell', { name: 'paused' }).count()) === 0);
  });

  it('fits a phone, a tablet and a desk, and follows the scheme at once', async () => {
    const [{ id }] = await studiesOf('gelu');
    const [{ id: plan }] = z
      .array(z.object({ id: z.string() }))
      .parse(await (await fetch(url('/v1/plans'))).json());
    const paths = ['/#/', '/#/kernel/gelu', `/#/study/${id}`, `/#/compare/${id}/${id}`, `/#/plan/${plan}`];
    for (const path of paths)
      for (const width of [375, 1024, 1440]) {
        await page.setViewportSize({ width, height: 740 });
        await page.goto(url(path));
        await page.locator('h1').waitFor();
        const content = await page.evaluate(() => document.documentElement.scrollWidth);
        expect(content, `${path} at ${width}`).toBeLessThanOrEqual(width);
        if (!path.startsWith('/#/plan/')) continue;
        const bar = await page.locator('.scroll svg:visible').first().boundingBox();
        expect((bar?.x ?? width) + (bar?.width ?? 0), `bar at ${width}`).toBeLessThanOrEqual(width);
      }
    await page.goto(url(`/#/study/${id}`));
    const colour = () =>
      page.evaluate(() => {
        const curve = document.querySelector('.plane .stroke');
        return curve && getComputedStyle(curve).stroke;
      });
    await page.locator('.plane .stroke').first().waitFor({ state: 'attached' });
    const light = await colour();
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await colour()).not.toBe(light);
    expect(light).not.toBeNull();
  });
});
