import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { benchClocks } from './bench-noise/clocks.ts';
import { benchStability } from './bench-noise/stability.ts';

/**
 * What noise does to a search, on replayed tables (`stability` adds made-up plateaus) whose noise is drawn by seed.
 *
 *     npm run bench:noise -- stability <folder of tables> [repetitions, 100] [only tables whose name has this]
 *     npm run bench:noise -- clocks <folder of tables> [seeds, 10] [only tables whose name has this] [executions|rounds]
 */
const [what = '', folder, times, only = '', reading = 'executions'] = process.argv.slice(2);
const paths =
  folder === undefined
    ? []
    : readdirSync(folder)
        .filter((name) => name.endsWith('.json.gz') && name.includes(only))
        .map((name) => join(folder, name));

if (what === 'stability') await benchStability(paths, Number(times ?? 100), only);
else if (what === 'clocks' && (reading === 'executions' || reading === 'rounds'))
  await benchClocks(paths, Number(times ?? 10), reading);
else {
  console.error('npm run bench:noise -- stability|clocks <folder of tables> [repetitions]');
  process.exitCode = 2;
}
