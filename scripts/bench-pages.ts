// The daemon's latency with a large store, and the time for which a request delays all others.
//   npm run bench:pages -- [--trials 1000000] [--studies 300] [--times 10] [--store <kept file>]
// The store has one study with --trials trials of a harness, and --studies more with 300 trials each. Requests
// every address with GET and with each of its queries, then the addresses that take results of the long study.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { InputError } from '../search-space/input-error.ts';
import { openStore } from '../store/open-store.ts';
import { askAll } from './bench-pages/ask-all.ts';
import { type BenchDaemon, startDaemon } from './bench-pages/daemon.ts';
import { fillLong, fillWide, sampleOf } from './bench-pages/stores.ts';

const TRIALS_EACH = 300;

function wholeNumber(field: string, text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new InputError(field, `cannot be '${text}'`, 'a whole number from 1');
}

async function fill(file: string, trials: number, studies: number): Promise<void> {
  const store = await openStore(file, { mode: 'write', clock: Date, writer: { role: 'bench' } });
  const sample = await sampleOf();
  const from = performance.now();
  await fillLong(store, trials, sample);
  await fillWide(store, studies, studies * TRIALS_EACH, sample);
  const all = trials + studies * TRIALS_EACH;
  const perSecond = (all / (performance.now() - from)) * 1000;
  await store.close();
  console.log(`${all} trials settled, ${perSecond.toFixed(0)} a second`);
}

function print(request: string, cells: readonly unknown[]): void {
  console.log(request.slice(0, 73).padEnd(74) + cells.map((cell) => String(cell).padStart(11)).join(''));
}

async function askAndPrint(daemon: BenchDaemon, times: number): Promise<void> {
  print('request', ['status', 'KiB', 'median ms', 'worst ms', 'CPU ms', 'others ms']);
  for await (const { request, status, bytes, medianMs, worstMs, cpuMs, othersMs } of askAll(daemon, times))
    print(request, [
      status,
      (bytes / 1024).toFixed(0),
      ...[medianMs, worstMs, cpuMs, othersMs].map((ms) => ms.toFixed(1)),
    ]);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      trials: { type: 'string', default: '1000000' },
      studies: { type: 'string', default: '300' },
      times: { type: 'string', default: '10' },
      store: { type: 'string' },
    },
  });
  const [trials, studies] = [
    wholeNumber('--trials', values.trials),
    wholeNumber('--studies', values.studies),
  ];
  const times = wholeNumber('--times', values.times);
  const folder = mkdtempSync(join(tmpdir(), 'nightshift-pages-'));
  try {
    const file = values.store ?? join(folder, 'nightshift.db');
    if (!existsSync(file)) await fill(file, trials, studies);
    const daemon = await startDaemon(file);
    try {
      await askAndPrint(daemon, times);
    } finally {
      await daemon.end();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

try {
  await main();
} catch (error) {
  if (!(error instanceof InputError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
