import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { openStore } from '../../store/open-store.ts';
import { systemClock } from '../../tuner/clock.ts';
import { ended, start, temporaryFolder } from './command-line.fixture.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

/** More trials than any machine finishes before the store is moved. */
const MANY = 200_000;

/** Runs `tune`, calls `act` on its store after some trials, and returns output and exit code. */
async function tuneWhile(name: string, act: (results: string, file: string) => void) {
  const results = join(folder.path, name);
  mkdirSync(results);
  const file = join(results, 'nightshift.db');
  const line = `tune softmax --shape 64x1024 --strategy random --trials ${MANY} --store ${file}`;
  const child = start(line.split(' '), { cwd: folder.path });
  const end = ended(child);
  while (child.exitCode === null && !(await hasTrials(file))) await pause(20);
  act(results, file);
  return end;
}

async function hasTrials(file: string): Promise<boolean> {
  if (!existsSync(file)) return false;
  try {
    const store = await openStore(file, { mode: 'read', clock: systemClock });
    const studies = await store.studies();
    await store.close();
    return studies.some(({ settled }) => settled > 0);
  } catch {
    // The store is being created.
    return false;
  }
}

const MOVED = /nightshift: .*nightshift\.db was moved, deleted or replaced while it was written/;

describe('tune, whose store is moved or deleted', () => {
  it.each([
    ['the file is deleted', (_: string, file: string) => rmSync(file)],
    ['the folder is deleted', (results: string) => rmSync(results, { recursive: true })],
    ['the file is moved', (results: string, file: string) => renameSync(file, `${results}.db`)],
  ])('ends with 3, says so, and prints no results: %s', async (name, act) => {
    const { code, stdout, stderr } = await tuneWhile(name.replaceAll(' ', '-'), act);
    expect(stderr).toMatch(MOVED);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
  });
});
