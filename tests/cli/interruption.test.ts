import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { studyDocumentSchema } from '../../src/documents/findings.ts';
import { openStore } from '../../store/open-store.ts';
import { systemClock } from '../../tuner/clock.ts';
import { BINARY, ended, nightshift, start, temporaryFolder } from './command-line.fixture.ts';
import { inProcess } from './in-process.fixture.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

const words = (store: string, trials: number) =>
  `tune softmax --shape 64x1024 --strategy random --trials ${trials} --format json --quiet --store ${store}`;
/** More trials than any machine finishes before the interruption. */
const MANY = 200_000;

/** Waits until the only study has this many trials on the disk. */
async function untilSettled(store: string, least: number): Promise<void> {
  const path = join(folder.path, store);
  for (;;) {
    await pause(20);
    if (!existsSync(path)) continue;
    try {
      const opened = await openStore(path, { mode: 'read', clock: systemClock });
      const [study] = await opened.studies();
      await opened.close();
      if ((study?.settled ?? 0) >= least) return;
    } catch {
      // The store is being created.
    }
  }
}

async function interrupted(store: string, trials: number, signals: readonly NodeJS.Signals[]) {
  const child = start(words(store, trials).split(' '), { cwd: folder.path });
  const end = ended(child);
  await untilSettled(store, 64);
  for (const signal of signals) child.kill(signal);
  return end;
}

describe('interruption', () => {
  it('ends with the best so far at the first Ctrl-C', async () => {
    const { code, stdout, stderr } = await interrupted('once.db', MANY, ['SIGINT']);
    expect(code).toBe(0);
    expect(stderr).toContain('Ctrl-C again');
    const { stoppedBy, best, trials } = studyDocumentSchema.parse(JSON.parse(stdout));
    expect(stoppedBy).toBe('interrupted');
    expect(best).not.toBeNull();
    expect(trials.timed).toBeLessThan(MANY);
  });

  it('the list of studies says that one is at work, and then how an interrupted one goes on', async () => {
    const list = () => inProcess(['studies', '--store', join(folder.path, 'listed.db')], {});
    const child = start(words('listed.db', MANY).split(' '), { cwd: folder.path });
    const end = ended(child);
    await untilSettled('listed.db', 64);
    const during = await list();
    expect(during.stdout).toMatch(/ at work +softmax /);
    expect(during.stderr).toBe('');
    child.kill('SIGKILL');
    await end;
    const after = await list();
    expect(after.stdout).toMatch(/ interrupted +softmax /);
    expect(after.stderr).toContain('the command that began it continues it');
  });

  it('ends in the same way at SIGTERM', async () => {
    const { code, stdout } = await interrupted('term.db', MANY, ['SIGTERM']);
    expect(code).toBe(0);
    expect(studyDocumentSchema.parse(JSON.parse(stdout)).stoppedBy).toBe('interrupted');
  });

  it('ends at once at the second Ctrl-C', async () => {
    const child = start(words('twice.db', MANY).split(' '), { cwd: folder.path });
    const end = ended(child);
    await untilSettled('twice.db', 64);
    child.kill('SIGINT');
    child.stderr?.once('data', () => child.kill('SIGINT'));
    const { code, stdout } = await end;
    expect([0, 130]).toContain(code);
    // If the comparison ends before the second signal, the document is complete.
    if (code === 0 || stdout !== '')
      expect(studyDocumentSchema.parse(JSON.parse(stdout)).stoppedBy).toBe('interrupted');
  });
});

const hasTerminals = spawnSync('script', ['--version']).status === 0;

describe('a terminal that is closed', () => {
  it.skipIf(!hasTerminals)('ends the visit in good order', async () => {
    const line = [process.execPath, BINARY, ...words('closed.db', MANY).split(' ')].join(' ');
    const terminal = spawn('script', ['-qfc', `exec ${line}`, '/dev/null'], {
      cwd: folder.path,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    await untilSettled('closed.db', 64);
    terminal.kill('SIGKILL');
    const lock = join(folder.path, 'closed.db.lock');
    await expect.poll(() => existsSync(lock)).toBe(false);
    const opened = await openStore(join(folder.path, 'closed.db'), { mode: 'read', clock: systemClock });
    const [{ study }] = await opened.studies();
    const found = await opened.findings(study.id);
    await opened.close();
    expect(found?.document?.stoppedBy).toBe('interrupted');
  });
});

describe('the same command again', () => {
  it('completes a visit after kill -9, with the result of an undisturbed one', async () => {
    const killed = await interrupted('killed.db', 600, ['SIGKILL']);
    expect(killed.stdout).toBe('');
    const resumed = await nightshift(words('killed.db', 600), { cwd: folder.path });
    const undisturbed = await nightshift(words('undisturbed.db', 600), { cwd: folder.path });
    expect(resumed.stdout).toBe(undisturbed.stdout);
    expect(studyDocumentSchema.parse(JSON.parse(resumed.stdout)).trials.timed).toBe(600);
  });

  it('continues a finished study with a new visit', async () => {
    const line = words(join(folder.path, 'again.db'), 40);
    await inProcess(line.split(' '), {});
    const { stdout, stderr } = await inProcess(line.replace(' --quiet', '').split(' '), {});
    expect(stderr).toMatch(/continuing study [0-9a-f]{12} after 40 trials/);
    expect(studyDocumentSchema.parse(JSON.parse(stdout)).trials.timed).toBe(80);
  });
});
