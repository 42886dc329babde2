import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { benchClocks } from './bench-noise/clocks.ts';
import { benchStability } from './bench-noise/stability.ts';

/**
 * What noise does to a search, on replayed tables (`stability` adds made-up plateaus) whose noise is drawn by seed.
 *
 *     npm run bench:noise -- stability <folder of tables> [repetitions, 100] [only tables whose name has this] [rounds|executions]
 *     npm run bench:noise -- clocks <folder of tables> [seeds, 10] [only tables whose name has this] [executions|rounds]
 */
const [what = '', folder, times, only = '', asked] = process.argv.slice(2);
const reading = asked ?? (what === 'clocks' ? 'executions' : 'rounds');
const paths =
  folder === undefined
    ? []
    : readdirSync(folder)
        .filter((name) => name.endsWith('.json.gz') && name.includes(only))
        .map((name) => join(folder, name));

if (reading !== 'executions' && reading !== 'rounds')
  throw new Error('read the clock by executions or rounds');
if (what === 'stability') await benchStability(paths, Number(times ?? 100), only, reading);
else if (what === 'clocks') await benchClocks(paths, Number(times ?? 10), reading);
else {
  console.error('npm run bench:noise -- stability|clocks <folder of tables> [repetitions]');
  process.exitCode = 2;
}
