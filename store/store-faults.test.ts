import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { randomFor } from '../search-space/random.ts';
import { openStore } from './open-store.ts';
import type { Store } from './store.ts';
import { studyId as idOf } from './study-id.ts';
import { begin, collected, geluOnV75, timed } from './tests/examples.ts';
import type { SmallDisk } from './tests/small-disk.ts';
import { mountSmallDisk } from './tests/small-disk.ts';

const clock = { now: () => 1_000 };
const toWrite = (path: string): Promise<Store> =>
  openStore(path, { mode: 'write', clock, writer: { role: 'test' } });

const program = fileURLToPath(new URL('../dist/store/tests/endless-writer.js', import.meta.url));

describe('kill -9', () => {
  it('keeps all settled trials', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'nightshift-kill-'));
    const file = join(folder, 'nightshift.db');
    const random = randomFor('kill');
    let durable = 0;
    for (let time = 0; time < 4; time++) {
      const said = await killAfter(file, durable, 1 + Math.floor(random() * 40));
      const store = await toWrite(file);
      const id = idOf(geluOnV75);
      const log = await collected(store.trials(id));
      expect(log.length).toBeGreaterThanOrEqual(said);
      expect(log.length % 5, 'whole batches only').toBe(0);
      expect(log.map((trial) => trial.number)).toEqual(log.map((_, number) => number));
      expect(await store.problems()).toEqual([]);
      expect(await store.interruptedVisit(id)).toMatchObject({ trialsAtStart: durable });
      await store.abandonRunning();
      expect((await store.counts(id)).running).toBe(0);
      await store.close();
      durable = log.length;
    }
    rmSync(folder, { recursive: true });
  });

  /** A process that is killed within a transaction in SQLite's rollback mode, which leaves a journal. */
  const HALFWAY = `
    const database = new (require('better-sqlite3'))(process.argv[1]);
    database.pragma('journal_mode = DELETE');
    database.pragma('cache_size = 1');
    database.exec('BEGIN; CREATE TABLE half (a)');
    const insert = database.prepare('INSERT INTO half VALUES (randomblob(4000))');
    for (let row = 0; row < 100; row++) insert.run();
    process.kill(process.pid, 'SIGKILL');`;

  it('before the WAL mode leaves the earlier contents to a reader', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'nightshift-kill-'));
    const [file, fresh] = [join(folder, 'nightshift.db'), join(folder, 'fresh.db')];
    const store = await toWrite(file);
    await begin(store);
    await store.close();
    for (const path of [file, fresh]) {
      spawnSync(process.execPath, ['-e', HALFWAY, path]);
      expect(existsSync(`${path}-journal`)).toBe(true);
    }
    const reader = await openStore(file, { mode: 'read', clock });
    expect(await reader.study(idOf(geluOnV75))).toBeDefined();
    await reader.close();
    await expect(openStore(fresh, { mode: 'read', clock })).rejects.toMatchObject({ kind: 'missing' });
    rmSync(folder, { recursive: true });
  });

  /** Kills the writer after it has printed this many batches; returns the last printed number of trials. */
  function killAfter(file: string, first: number, batches: number): Promise<number> {
    const child = spawn(process.execPath, [program, file, String(first)]);
    return new Promise((resolve, reject) => {
      let said = '';
      let errors = '';
      child.stderr.on('data', (chunk) => {
        errors += chunk;
      });
      child.stdout.on('data', (chunk) => {
        said += chunk;
        if (said.split('\n').length > batches) child.kill('SIGKILL');
      });
      child.on('close', (_, signal) => {
        const whole = said.slice(0, said.lastIndexOf('\n')).split('\n');
        if (signal === 'SIGKILL') resolve(Number(whole.at(-1)));
        else reject(new Error(errors));
      });
    });
  }
});

/** Permissions do not bind root, so root runs the program as another user. */
const otherUser = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
const otherUserReads =
  spawnSync(process.execPath, ['-e', `require('fs').accessSync(${JSON.stringify(program)})`], otherUser)
    .status === 0;

describe('a file that may not be written, in a folder that may', () => {
  it.skipIf(!otherUserReads)('is refused and left as it is (needs a built, readable dist/)', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'nightshift-permission-'));
    chmodSync(folder, 0o777);
    const file = join(folder, 'nightshift.db');
    await (await toWrite(file)).close();
    chmodSync(file, 0o444);
    const before = readFileSync(file);
    const { stderr } = spawnSync(process.execPath, [program, file, '0'], { ...otherUser, encoding: 'utf8' });
    expect(stderr).toContain("kind: 'read-only'");
    expect(readFileSync(file).equals(before)).toBe(true);
    expect(readdirSync(folder)).toEqual(['nightshift.db']);
    rmSync(folder, { recursive: true });
  });
});

describe('several writers at once', () => {
  it('leave exactly one with the lock of a killed writer', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'nightshift-race-'));
    const file = join(folder, 'nightshift.db');
    const dead = { pid: 2 ** 22 + 1, birth: null, host: hostname(), role: 'tune', since: 1 };
    writeFileSync(`${file}.lock`, JSON.stringify(dead));
    const children = Array.from({ length: 4 }, () => spawn(process.execPath, [program, file, '0']));
    let refused = 0;
    const ends = children.map(
      (child) =>
        new Promise<string>((resolve) => {
          let errors = '';
          child.stderr.on('data', (chunk) => {
            errors += chunk;
          });
          child.on('close', () => {
            refused += 1;
            if (refused === children.length - 1) for (const other of children) other.kill('SIGKILL');
            resolve(errors);
          });
        }),
    );
    const errors = await Promise.all(ends);
    expect(errors.filter((text) => text.includes("kind: 'in-use'"))).toHaveLength(3);
    expect(errors.filter((text) => text === '')).toHaveLength(1);
    await (await toWrite(file)).close();
    rmSync(folder, { recursive: true });
  });
});

const canMount = ((): boolean => {
  const disk = mountSmallDisk(64);
  disk?.remove();
  return disk !== undefined;
})();

function smallDisk(kibibytes: number): SmallDisk {
  const disk = mountSmallDisk(kibibytes);
  if (disk === undefined) throw new Error('could mount a moment ago');
  onTestFinished(disk.remove);
  return disk;
}

describe.skipIf(!canMount)('the disk (needs the right to mount a tmpfs)', () => {
  it('if full, ends a study with every settled trial kept; it continues once there is room', async () => {
    const disk = smallDisk(1024);
    const file = join(disk.folder, 'nightshift.db');
    const store = await toWrite(file);
    const visit = await begin(store);
    let settled = 0;
    const fill = async (): Promise<void> => {
      for (let tile = 0; ; tile += 20) {
        const results = Array.from({ length: 20 }, (_, i) => timed(tile + i, 10));
        await store.settle({ ...visit, activeMs: 1, results });
        settled += results.length;
      }
    };
    await expect(fill()).rejects.toMatchObject({ name: 'StoreError', kind: 'full' });
    expect(settled).toBeGreaterThan(0);
    expect((await store.counts(visit.studyId)).settled).toBe(settled);
    await store.close();
    const reader = await openStore(file, { mode: 'read', clock });
    expect(await collected(reader.trials(visit.studyId))).toHaveLength(settled);
    expect(await reader.problems()).toEqual([]);
    await reader.close();
    disk.grow(4096);
    const again = await toWrite(file);
    const next = { studyId: visit.studyId, budget: {}, toolVersion: '1', environment: {} };
    const { id: visitId } = await again.startVisit(next);
    const batch = { studyId: visit.studyId, visitId, activeMs: 1, results: [timed(-1, 10)] };
    expect((await again.settle(batch)).settled).toMatchObject([{ number: settled }]);
    await again.close();
  });

  it('if full, leaves no partial store', async () => {
    const disk = smallDisk(64);
    const filler = join(disk.folder, 'filler');
    writeFileSync(filler, Buffer.alloc(32 * 1024));
    const opening = toWrite(join(disk.folder, 'nightshift.db'));
    await expect(opening).rejects.toMatchObject({ name: 'StoreError', kind: 'full' });
    expect(readdirSync(disk.folder)).toEqual(['filler']);
  });

  it('if read-only, refuses a writer and serves a reader', async () => {
    const disk = smallDisk(4096);
    const file = join(disk.folder, 'nightshift.db');
    const store = await toWrite(file);
    const visit = await begin(store);
    await store.settle({ ...visit, activeMs: 1, results: [timed(1, 10)] });
    await store.close();
    const before = readFileSync(file);
    disk.makeReadOnly();
    for (const path of [file, join(disk.folder, 'new.db')]) {
      await expect(toWrite(path)).rejects.toMatchObject({ name: 'StoreError', kind: 'read-only' });
    }
    const reader = await openStore(file, { mode: 'read', clock });
    expect((await reader.counts(visit.studyId)).timed).toBe(1);
    await reader.close();
    expect(readFileSync(file).equals(before)).toBe(true);
  });
});
