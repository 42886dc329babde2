import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { studyDocumentSchema } from '../../src/documents/findings.ts';
import { isKnown } from '../../tuner/attribution/gain.ts';
import { median } from '../../tuner/measurement/statistics.ts';

const KERNELS = [
  ['gelu', '65536'],
  ['softmax', '64x1024'],
  ['matmul', '256x256x256'],
] as const;
const BUSY = 'for (;;);';

/** One gain of one visit; null where it was withheld or has no interval. */
type Told = Readonly<{ what: string; busy: boolean; seconds: number; value: number; range: Range | null }>;
type Range = Readonly<{ low: number; high: number }>;

/** Visits on this machine's WASM engine: how often a gain is told, and its interval holds the median of all visits. */
export async function benchVisits(
  visits: number,
  budgets: readonly number[],
  states: readonly boolean[],
): Promise<void> {
  const all: Told[] = [];
  for (const busy of states)
    for (const seconds of budgets)
      for (let seed = 1; seed <= visits; seed++)
        for (const [kernel, shape] of KERNELS) all.push(...(await visit(kernel, shape, seconds, seed, busy)));
  const consensus = new Map(
    [...new Set(all.map(({ what }) => what))].map((what) => [
      what,
      median(all.filter((one) => one.what === what && !Number.isNaN(one.value)).map(({ value }) => value)),
    ]),
  );
  for (const busy of states)
    for (const seconds of budgets)
      report(
        `${busy ? 'two busy processes beside' : 'nothing of ours beside'}, ${seconds} s`,
        all.filter((one) => one.busy === busy && one.seconds === seconds),
        consensus,
      );
}

function report(name: string, found: readonly Told[], consensus: ReadonlyMap<string, number>): void {
  const told = found.flatMap(({ what, range }) => (range === null ? [] : [{ what, range }]));
  const held = told.filter(({ what, range }) => {
    const value = consensus.get(what) ?? Number.NaN;
    return value >= range.low && value <= range.high;
  });
  const share = (part: number, whole: number): string =>
    whole === 0 ? 'none' : `${part} of ${whole} (${Math.round((100 * part) / whole)} %)`;
  console.log(
    `${name}: told with an interval ${share(told.length, found.length)}, of these the interval holds the median of all visits in ${share(held.length, told.length)}`,
  );
}

async function visit(
  kernel: string,
  shape: string,
  seconds: number,
  seed: number,
  busy: boolean,
): Promise<readonly Told[]> {
  const folder = mkdtempSync(join(tmpdir(), 'nightshift-visits-'));
  const beside = busy ? [0, 1].map(() => spawn(process.execPath, ['-e', BUSY])) : [];
  const main = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));
  const words = ['tune', kernel, '--shape', shape, '--target', 'wasm', '--for', `${seconds}s`];
  const more = ['--seed', String(seed), '--format', 'json', '--quiet', '--store', join(folder, 'store.db')];
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [main, ...words, ...more], {
      maxBuffer: 2 ** 26,
    });
    const { gains } = studyDocumentSchema.parse(JSON.parse(stdout));
    return Object.entries(gains).flatMap(([mechanism, { alone, leftOut, forced }]) =>
      Object.entries({ alone, leftOut, forced }).flatMap(([measure, figure]): readonly Told[] => {
        if (!isKnown(figure) && figure.unknown === 'not applicable') return [];
        const what = `${kernel} ${mechanism} ${measure}`;
        const value = isKnown(figure) ? figure.value : Number.NaN;
        const range =
          isKnown(figure) && figure.low !== null && figure.high !== null
            ? { low: figure.low, high: figure.high }
            : null;
        return [{ what, busy, seconds, value, range }];
      }),
    );
  } catch (error) {
    console.log(`no gains of ${kernel}, ${seconds} s, seed ${seed}: ${String(error).split('\n').at(-2)}`);
    return [];
  } finally {
    for (const child of beside) child.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}
