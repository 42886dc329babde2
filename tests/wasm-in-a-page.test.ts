import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { describe, expect, it } from 'vitest';
import { findLibraryKernel } from '../src/kernels/library.ts';
import { assembleWat } from '../src/targets/wasm/generator/assemble.ts';
import { generate } from '../src/targets/wasm/generator/generate.ts';
import { Harness, setupOf } from '../src/targets/wasm/harness.fixture.ts';
import { placementOf, scheduleOf } from '../src/targets/wasm/schedule-of.ts';
import { CHROMIUM, startChromium } from './dashboard/chromium.fixture.ts';

const runner = '/dist/src/targets/wasm/runner';

/** The page's scripts: the runner's modules, each in a worker, as Node runs them in threads. */
const PAGE_FILES: Readonly<Record<string, string>> = {
  '/': '<!doctype html><title>nightshift</title>',
  '/thread.js': `import { serve } from '${runner}/worker-loop.js'; onmessage = ({ data }) => { postMessage('serves'); serve(data); };`,
  '/main.js': `
    import { Executor } from '${runner}/executor.js';
    const { setup: given, placements } = await (await fetch('/data.json')).json();
    const setup = {
      ...given,
      contents: given.contents.map((one) => ({ ...one, block: one.block && Uint8Array.from(one.block) })),
    };
    const { pages, scratch, operands } = setup;
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    // Other threads start only while this one yields.
    await Promise.all(Array.from({ length: setup.workers }, (_, worker) => {
      const thread = new Worker('/thread.js', { type: 'module' });
      thread.postMessage({ memory, worker, addresses: { scratch, operands } });
      return new Promise((resolve) => { thread.onmessage = resolve; });
    }));
    const executor = new Executor(memory, setup, { clock: () => performance.now() * 1000, waits: () => [] });
    const run = () => placements.map((placement) => {
      executor.load({ ...placement, bytes: Uint8Array.from(placement.bytes) });
      const wrong = executor.verify(placement.id) ?? null;
      return { wrong, bytes: Array.from(executor.read(1)), timeUs: executor.sample(placement.id).timeUs };
    });
    postMessage(run());`,
};

/** Starts the runner in a worker of the page and waits for its results. */
const IN_PAGE = `new Promise((resolve, reject) => {
  const main = new Worker('/main.js', { type: 'module' });
  main.onmessage = ({ data }) => resolve(data);
  main.onerror = ({ message }) => reject(new Error(message));
})`;

type Found = Readonly<{ wrong: string | null; bytes: number[]; timeUs: number }>;

/** Typed arrays as plain ones. */
function json(data: unknown): string {
  return JSON.stringify(data, (_, value) =>
    ArrayBuffer.isView(value) ? Array.from(numbersOf(value)) : value,
  );
}

function numbersOf(view: ArrayBufferView): Iterable<number> {
  return view instanceof Float64Array || view instanceof Uint8Array ? view : [];
}

function serveFiles(data: string): Promise<Readonly<{ server: Server; url: string }>> {
  const server = createServer(async (request, response) => {
    const path = request.url ?? '/';
    const type = path === '/' ? 'text/html' : path.endsWith('json') ? 'application/json' : 'text/javascript';
    // Shared memory requires a cross-origin isolated page.
    response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
    response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
    response.setHeader('Content-Type', type);
    const text =
      path === '/data.json'
        ? data
        : (PAGE_FILES[path] ?? (path.startsWith('/dist/') ? await readFile(`.${path}`, 'utf8') : ''));
    response.end(text);
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' ? address?.port : undefined;
      resolve({ server, url: `http://127.0.0.1:${port}/` });
    });
  });
}

describe.skipIf(CHROMIUM === undefined)('variants in a page (needs Chromium)', () => {
  it('gelu gives the same bits as in Node, on one thread and on two', async () => {
    const kernel = findLibraryKernel('gelu').build([5003], 'f32');
    const setup = setupOf(kernel, 2);
    const configurations = [{ lanes: 1 }, { lanes: 16 }, { lanes: 8, threads: 2 }];
    const placements = await Promise.all(
      configurations.map(async (configuration, id) => {
        const generated = generate(kernel, scheduleOf(configuration), setup.pages);
        return placementOf(configuration, generated, Uint8Array.from(await assembleWat(generated.text)), id);
      }),
    );
    const { server, url } = await serveFiles(json({ setup, placements }));
    const chrome = await startChromium();
    try {
      const page = await chrome.newPage();
      await page.goto(url);
      const results = await page.evaluate<Found[]>(IN_PAGE);
      const harness = new Harness(kernel);
      const inNode = Array.from(await harness.bytes({ lanes: 4 }, 'out'));
      for (const { wrong, bytes, timeUs } of results) {
        expect(wrong).toBeNull();
        expect(bytes).toEqual(inNode);
        expect(timeUs).toBeGreaterThan(0);
      }
    } finally {
      await chrome.close();
      server.close();
    }
  });
});
