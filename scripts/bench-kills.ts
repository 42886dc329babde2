// Kills the real binary with SIGKILL at random moments of every command that writes, repeats the command, and
// compares the result with that of an undisturbed run.
//   npm run bench:kills -- [--kills 220] [--minutes 20] [--seed 1] [--command <part of a name>]
// Exits with 1 if anything differs.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { randomFor } from '../search-space/random.ts';
import { killAndRepeat, type Outcome } from './bench-kills/kill-and-repeat.ts';
import { allScenarios } from './bench-kills/scenarios.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '220' },
    minutes: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    command: { type: 'string', default: '' },
  },
});
const [kills, minutes, seed] = [Number(values.kills), Number(values.minutes), Number(values.seed)];
const until = performance.now() + minutes * 60_000;
console.log(`seed ${seed}, ${kills} kills, at most ${minutes} minutes`);

const folder = mkdtempSync(join(tmpdir(), 'nightshift-kills-'));
const outcomes: Outcome[] = [];
try {
  const scenarios = (await allScenarios(folder)).filter(({ name }) => name.includes(values.command));
  const each = Math.ceil(kills / scenarios.length);
  for (const scenario of scenarios) {
    const random = randomFor('kills', seed, scenario.name);
    const outcome = await killAndRepeat(scenario, each, random, () => performance.now() < until);
    outcomes.push(outcome);
    const { name, differences, ...counts } = outcome;
    console.log(`${name}: ${JSON.stringify({ ...counts, different: differences.length })}`);
    for (const difference of differences.slice(0, 3)) console.log(`  ${difference}`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
const total = (count: (outcome: Outcome) => number): number =>
  outcomes.reduce((sum, outcome) => sum + count(outcome), 0);
const different = total(({ differences }) => differences.length);
console.log(
  `${total((one) => one.kills)} kills: ${total((one) => one.halfway)} halfway, ${total((one) => one.finished)} after all was written; ${different} different after the repetition`,
);
process.exitCode = different === 0 ? 0 : 1;
