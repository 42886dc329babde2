import { openStore } from '../open-store.ts';
import type { Result } from '../trial.ts';
import { begin, invalid, timed } from './examples.ts';

/**
 * Settles batches until it is killed, and prints the number of durable trials after each. Arguments: the
 * store, and the first untried configuration.
 */
const [path, first] = process.argv.slice(2);
const store = await openStore(path, { mode: 'write', clock: Date, writer: { role: 'endless' } });
const { studyId, visitId } = await begin(store);
for (let tile = Number(first); ; tile += 5) {
  const results: Result[] = [timed(tile, 10), timed(tile + 1, 11), invalid(tile + 2), timed(tile + 3, 12)];
  await store.markRunning(studyId, [...results, timed(tile + 4, 13)]);
  await store.settle({ studyId, visitId, activeMs: tile, results: [...results, timed(tile + 4, 13)] });
  const { settled } = await store.counts(studyId);
  process.stdout.write(`${settled}\n`);
}
