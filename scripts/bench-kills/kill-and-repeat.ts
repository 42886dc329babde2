import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Random } from '../../search-space/random.ts';
import { killCommand, runCommand } from './command.ts';
import type { Scenario } from './scenarios.ts';

export type Outcome = Readonly<{
  name: string;
  kills: number;
  /** The number of kills after all was written. */
  finished: number;
  /** The number of kills after something, but not all, was written. */
  halfway: number;
  /** Differences between the results of a repeated and an undisturbed run. */
  differences: readonly string[];
}>;

/** The most attempts for each kill: a command may end before it. */
const ATTEMPTS = 3;

/** Kills a command at `kills` random moments, each time in a new folder, repeats it, and compares the results. */
export async function killAndRepeat(
  scenario: Scenario,
  kills: number,
  random: Random,
  isTime: () => boolean = () => true,
): Promise<Outcome> {
  const root = mkdtempSync(join(tmpdir(), 'nightshift-kills-'));
  try {
    const template = join(root, 'template');
    mkdirSync(template);
    await scenario.prepare(template);
    const before = await scenario.contents(template);
    // Always the same path, because a store may contain it.
    const folder = join(root, 'run');
    const undisturbed = await perform(scenario, folder, template);
    rmSync(folder, { recursive: true });
    const outcome = { kills: 0, finished: 0, halfway: 0 };
    const differences: string[] = [];
    for (let attempt = 0; outcome.kills < kills && attempt < ATTEMPTS * kills && isTime(); attempt++) {
      const { killed, left, end } = await disturb(scenario, folder, template, undisturbed, random);
      rmSync(folder, { recursive: true });
      if (!killed) continue;
      outcome.kills++;
      if (left === undisturbed.contents) outcome.finished++;
      else if (left !== before) outcome.halfway++;
      if (end !== undisturbed.contents) differences.push(firstDifference(undisturbed.contents, end));
    }
    return { name: scenario.name, ...outcome, differences };
  } finally {
    rmSync(root, { recursive: true });
  }
}

type Undisturbed = Readonly<{ contents: string; ms: number; heldMs: number | undefined }>;

async function perform(scenario: Scenario, folder: string, template: string): Promise<Undisturbed> {
  cpSync(template, folder, { recursive: true });
  const beside = await scenario.beside?.(folder);
  const { ms, heldMs } = await runCommand(scenario.words, folder);
  await beside?.settle();
  const ownHold = beside === undefined ? heldMs : undefined;
  return { contents: await scenario.contents(folder), ms, heldMs: ownHold };
}

/** The contents after the kill (unknown while a daemon runs), and after the repetition. */
async function disturb(
  scenario: Scenario,
  folder: string,
  template: string,
  { contents, ms, heldMs }: Undisturbed,
  random: Random,
) {
  cpSync(template, folder, { recursive: true });
  const beside = await scenario.beside?.(folder);
  const moment = { ms: random() * (heldMs ?? ms), afterLock: heldMs !== undefined };
  const killed = await killCommand(scenario.words, folder, moment);
  const left = beside === undefined ? await scenario.contents(folder) : undefined;
  // After a finished command, a repetition would begin another visit.
  if (left !== contents) await runCommand(scenario.words, folder, scenario.already);
  await beside?.settle();
  return { killed, left, end: await scenario.contents(folder) };
}

function firstDifference(expected: string, got: string): string {
  let place = 0;
  while (expected[place] === got[place] && place < expected.length) place++;
  const around = (text: string): string => JSON.stringify(text.slice(Math.max(0, place - 60), place + 60));
  return `expected ${around(expected)}, got ${around(got)}`;
}
