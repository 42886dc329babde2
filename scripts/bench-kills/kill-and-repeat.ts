import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Random } from '../../search-space/random.ts';
import { killCommand, runCommand } from './command.ts';
import type { Scenario } from './scenarios.ts';

export type Outcome = Readonly<{
  name: string;
  kills: number;
  /** Killed after all was written: there was nothing to finish. */
  finished: number;
  /** Killed after something was written, before all was. */
  halfway: number;
  /** What a repetition left that an undisturbed run would not. */
  differences: readonly string[];
}>;

/** For each kill: a command may end before it comes. */
const ATTEMPTS = 3;

/** Kills a command at so many random moments, each in a folder of its own, repeats it, and compares. */
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
    // Always under the same path, which a store may remember.
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

/** What was there after the kill (unknown beside a daemon), and after the repetition. */
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
  // Where all was written there is nothing to finish: another visit, of another run, would begin.
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
