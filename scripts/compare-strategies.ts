import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../search-space/input-error.ts';
import { loadIfReplayTable } from '../src/targets/replay/table.ts';
import { writeWhole } from '../src/text/write-whole.ts';
import { besideEnvelope } from './compare-strategies/envelope.ts';
import { type Options, readOptions } from './compare-strategies/options.ts';
import { besidePeers, readPeers } from './compare-strategies/peers.ts';
import { curvesOf, drawCurves } from './compare-strategies/plot.ts';
import { performAll } from './compare-strategies/pool.ts';
import { joined, resultsOf, summaryOf } from './compare-strategies/results.ts';
import { drawnSubjects, type Subject } from './compare-strategies/subject.ts';
import { envelopeTableOf, peerTableOf, tableOf } from './compare-strategies/table.ts';
import type { Task } from './compare-strategies/task.ts';

/** Seeds that one process searches in one go. */
const SEEDS_PER_TASK = 5;

/**
 * npm run compare-strategies -- --spaces <folder> [--budgets 10,25,…] [--seeds 20]
 *   [--strategies default,random,…] [--format table|json] [--transfer leave-one-device-out]
 *   [--families all|needles,… --draws 10 --seed 1] [--wave <trials proposed at once> [--ahead]] [--trial-ms <price of a trial>]
 *   [--peers <csv of other tuners' results>] [--plot <svg>]
 */
async function main(argv: readonly string[]): Promise<void> {
  const options = readOptions(argv);
  const peers = options.peers === undefined ? [] : readPeers(textOf(options.peers));
  const paths = await tablesIn(options.spaces);
  const searched = joined(await performAll(tasksOf(paths, options)));
  const results = searched.flatMap((all) => resultsOf(all, options.budgets, options.trialMs));
  const summary = summaryOf(results);
  const met = besidePeers(results, peers);
  const envelope = besideEnvelope(results, peers);
  if (options.plot !== undefined) writeWhole('--plot', options.plot, drawCurves(curvesOf(results, met)));
  const report =
    options.format === 'json'
      ? JSON.stringify(
          { schemaVersion: 1, results, summary, envelope, ...(peers.length > 0 && { peers: met }) },
          null,
          2,
        )
      : [
          tableOf(results, summary),
          ...(envelope.length > 0 ? [envelopeTableOf(envelope)] : []),
          ...(peers.length > 0
            ? [peerTableOf(met.filter(({ strategy }) => strategy === options.strategies[0]))]
            : []),
        ].join('\n\n');
  process.stdout.write(`${report}\n`);
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new InputError('--peers', `cannot read ${path}`, 'check the path');
  }
}

/** All tables of a folder, each read once, so that an invalid one is refused before any work. */
async function tablesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => {
    throw new InputError('--spaces', `'${folder}' is not a readable folder`);
  });
  const paths: string[] = [];
  for (const name of names.filter((name) => /\.json(\.gz)?$/.test(name)).sort()) {
    const path = join(folder, name);
    if ((await loadIfReplayTable(path)) === undefined) process.stderr.write(`${path}: no rows, left out\n`);
    else paths.push(path);
  }
  if (paths.length === 0) throw new InputError('--spaces', `'${folder}' has no table (*.json or *.json.gz)`);
  return paths;
}

function tasksOf(paths: readonly string[], options: Options): readonly Task[] {
  const { strategies, families, seeds, budgets, transfer, wave, ahead } = options;
  const trials = Math.max(...budgets);
  const others = transfer ? paths : [];
  const subjects: readonly Subject[] =
    families.length === 0
      ? paths.map((path) => ({ kind: 'table', path }))
      : drawnSubjects(families, paths, options);
  const starts = Array.from({ length: Math.ceil(seeds / SEEDS_PER_TASK) }, (_, i) => i * SEEDS_PER_TASK);
  return subjects.flatMap((subject) =>
    strategies.flatMap((strategy) =>
      starts.map((start) => ({
        subject,
        strategy,
        firstSeed: start + 1,
        seeds: Math.min(SEEDS_PER_TASK, seeds - start),
        trials,
        wave,
        ahead,
        others,
      })),
    ),
  );
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof InputError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
