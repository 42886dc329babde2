import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore } from './open-store.ts';
import { openDatabase } from './sqlite-database.ts';
import type { Store } from './store.ts';
import { StoreError } from './store-error.ts';
import { begin, collected, gelu, geluOnV75, summaries, summariesOf, timed } from './tests/examples.ts';
import { currentWriter } from './writer-lock.ts';

const clock = { now: () => 1_000 };
let folder = '';
let file = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nightshift-open-'));
  file = join(folder, 'nightshift.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

const toRead = (path = file): Promise<Store> => openStore(path, { mode: 'read', clock });
const toWrite = (path = file, role = 'tune'): Promise<Store> =>
  openStore(path, { mode: 'write', clock, writer: { role } });

/** Makes and closes a store of one study with some trials; returns the study's id. */
async function makeStore(trials = 100): Promise<string> {
  const store = await toWrite();
  const visit = await begin(store);
  const results = Array.from({ length: trials }, (_, tile) => timed(tile, 100 - (tile % 7)));
  await store.settle({ ...visit, activeMs: 1, results });
  await store.close();
  return visit.studyId;
}

async function failure(opening: Promise<unknown>): Promise<StoreError> {
  const error = await opening.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof StoreError)) throw new Error(`expected a StoreError, got ${String(error)}`);
  expect(error.message).not.toContain('\n');
  expect(error.message).toContain(error.path);
  return error;
}

describe('a store that is closed', () => {
  it('is one plain file', async () => {
    await makeStore();
    expect(readdirSync(folder)).toEqual(['nightshift.db']);
  });

  it('has the same content when it is opened again, to read or to write', async () => {
    const id = await makeStore(10);
    const reader = await toRead();
    expect(await collected(reader.trials(id))).toHaveLength(10);
    await reader.close();
    const writer = await toWrite();
    expect(await collected(writer.trials(id))).toHaveLength(10);
    await writer.close();
  });

  it('is the same store under every symbolic link', async () => {
    await makeStore(1);
    symlinkSync(file, join(folder, 'link.db'));
    const store = await toWrite();
    expect((await failure(toWrite(join(folder, 'link.db')))).kind).toBe('in-use');
    await store.close();
  });
});

describe('reading', () => {
  it('reports the path without a store, and creates none', async () => {
    const error = await failure(toRead());
    expect(error.kind).toBe('missing');
    expect(error.message).toContain('nightshift tune');
    expect(readdirSync(folder)).toEqual([]);
    writeFileSync(file, '');
    expect((await failure(toRead())).kind).toBe('missing');
  });

  it('sees trials that a writer settles in the meantime', async () => {
    const id = await makeStore(3);
    const writer = await toWrite();
    const reader = await toRead();
    const visit = await writer.startVisit({ studyId: id, budget: {}, toolVersion: '1', environment: {} });
    await writer.settle({ studyId: id, visitId: visit.id, activeMs: 1, results: [timed(500, 1)] });
    expect((await reader.counts(id)).settled).toBe(4);
    await writer.close();
    expect((await reader.counts(id)).settled).toBe(4);
    await reader.close();
    await (await toWrite()).close();
    expect(readdirSync(folder)).toEqual(['nightshift.db']);
  });

  it('cannot write', async () => {
    const id = await makeStore(3);
    const reader = await toRead();
    expect((await failure(reader.setStudyState(id, 'done'))).kind).toBe('read-only');
    await reader.close();
  });
});

describe('a second writer', () => {
  it("is refused with the first one's role and pid, and changes nothing", async () => {
    const first = await toWrite(file, 'daemon');
    const error = await failure(toWrite());
    expect(error.kind).toBe('in-use');
    expect(error.message).toContain(`nightshift daemon (pid ${process.pid})`);
    expect(await begin(first)).toBeDefined();
    await first.close();
    await (await toWrite()).close();
  });

  it('gets the address of the first one', async () => {
    const writer = { role: 'daemon', listen: '127.0.0.1:7070' };
    const store = await openStore(file, { mode: 'write', clock, writer });
    expect(currentWriter(file)).toMatchObject({
      ...writer,
      pid: process.pid,
      host: hostname(),
      since: 1_000,
    });
    await store.close();
    expect(currentWriter(file)).toBeUndefined();
  });

  it.each([
    ['a process that is gone', { pid: 2 ** 22 + 1, birth: null }],
    ['a process whose pid has been reused', { pid: process.pid, birth: 'another boot/17' }],
  ])('takes over from %s', async (_, part) => {
    const holder = { host: hostname(), role: 'tune', since: 1, ...part };
    writeFileSync(`${file}.lock`, JSON.stringify(holder));
    expect(currentWriter(file)).toBeUndefined();
    const store = await toWrite();
    expect(currentWriter(file)?.pid).toBe(process.pid);
    await store.close();
    expect(readdirSync(folder)).toEqual(['nightshift.db']);
  });

  it('is refused under another name of the file: a hard link', async () => {
    const id = await makeStore(3);
    const link = join(folder, 'link.db');
    linkSync(file, link);
    for (const [mine, other] of [
      [file, link],
      [link, file],
    ]) {
      const first = await toWrite(mine, 'daemon');
      const error = await failure(toWrite(other));
      expect(error.kind).toBe('in-use');
      expect(error.message).toContain(`nightshift daemon (pid ${process.pid})`);
      expect(currentWriter(other)?.role).toBe('daemon');
      await first.setStudyState(id, 'done');
      await first.close();
    }
    expect(readdirSync(folder).sort()).toEqual(['link.db', 'nightshift.db']);
  });

  it('is refused under another name of the file: a later hard link in another folder', async () => {
    await makeStore(3);
    const elsewhere = mkdtempSync(join(tmpdir(), 'nightshift-elsewhere-'));
    const link = join(elsewhere, 'nightshift.db');
    const first = await toWrite();
    linkSync(file, link);
    expect((await failure(toWrite(link))).message).toContain('hard links in other folders');
    await first.close();
    expect((await failure(toWrite(link))).kind).toBe('in-use');
    expect(readdirSync(elsewhere)).toEqual(['nightshift.db']);
    rmSync(elsewhere, { recursive: true });
    await (await toWrite()).close();
  });

  it('is refused under another name of the file: renamed while it is being written', async () => {
    const id = await makeStore(3);
    const first = await toWrite(file, 'daemon');
    await first.setStudyState(id, 'done');
    const renamed = join(folder, 'renamed.db');
    renameSync(file, renamed);
    expect((await failure(toWrite(renamed))).message).toContain('nightshift daemon');
    renameSync(renamed, file);
    await first.close();
  });

  it('is refused under another name of the file: a killed writer left a log under the first', async () => {
    await makeStore(3);
    const link = join(folder, 'link.db');
    linkSync(file, link);
    writeFileSync(`${file}-wal`, 'the log of a killed writer');
    const error = await failure(toWrite(link));
    expect(error.kind).toBe('in-use');
    expect(error.message).toContain(`hard link to ${file}, which was not closed`);
  });

  it('takes over an empty lock, as a power cut leaves it', async () => {
    writeFileSync(`${file}.lock`, '');
    await (await toWrite()).close();
  });

  it("does not touch another machine's lock, and names its file", async () => {
    const holder = { pid: 1, birth: null, host: 'elsewhere', role: 'tune', since: 1 };
    writeFileSync(`${file}.lock`, JSON.stringify(holder));
    const error = await failure(toWrite());
    expect(error.kind).toBe('in-use');
    expect(error.message).toContain('on elsewhere');
    expect(error.message).toContain(`${file}.lock`);
    expect(readFileSync(`${file}.lock`, 'utf8')).toBe(JSON.stringify(holder));
    expect(existsSync(file)).toBe(false);
  });
});

describe('a file that is not a store', () => {
  it.each([
    ['text', Buffer.from('not a database, but longer than a header: '.repeat(40))],
    ['zeros', Buffer.alloc(8192)],
  ])('is refused and left as it is: %s', async (_, bytes) => {
    writeFileSync(file, bytes);
    for (const opening of [toRead, toWrite]) expect((await failure(opening())).kind).toBe('corrupt');
    expect(readFileSync(file).equals(bytes)).toBe(true);
    expect(readdirSync(folder)).toEqual(['nightshift.db']);
  });

  it('is refused and left as it is: the SQLite file of another program', async () => {
    const other = openDatabase(file, 'write');
    other.script('CREATE TABLE songs (title TEXT)');
    other.close();
    const before = readFileSync(file);
    for (const opening of [toRead, toWrite]) expect((await failure(opening())).kind).toBe('corrupt');
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it('is refused if its folder is missing', async () => {
    const path = join(folder, 'no', 'such', 'nightshift.db');
    for (const opening of [toRead, toWrite]) {
      const error = await failure(opening(path));
      expect(error.kind).toBe('missing');
      expect(error.message).toContain(join(folder, 'no', 'such'));
    }
  });
});

describe('a store of a newer nightshift', () => {
  it('is refused, to read and to write, and left as it is', async () => {
    await makeStore(3);
    const newer = openDatabase(file, 'write');
    newer.pragma('user_version = 999');
    newer.close();
    const before = readFileSync(file);
    for (const opening of [toRead, toWrite]) expect((await failure(opening())).kind).toBe('newer-schema');
    expect(readFileSync(file).equals(before)).toBe(true);
  });
});

describe('a store of an older nightshift', () => {
  it('is migrated when it is opened, with the summaries of its studies', async () => {
    const id = await makeStore(100);
    const older = openDatabase(file, 'write');
    older.script(`DROP TABLE library_names; CREATE INDEX kernels_by_source ON kernels (name, source);
      DROP TABLE outcomes; DROP TABLE improvements; DROP INDEX trials_failed; DROP TABLE verifications;
      ALTER TABLE trials DROP COLUMN metrics`);
    older.pragma('user_version = 5');
    older.close();
    const store = await toRead();
    expect(await summaries(store, id)).toEqual(summariesOf(await collected(store.trials(id))));
    expect((await store.studies())[0]).toMatchObject({ settled: 100, timed: 100 });
    await store.close();
  });
});

describe('a store that knows the names of the library', () => {
  it('gives another kernel of such a name its title, whether or not the library’s is stored', async () => {
    await makeStore(1);
    const library = (...libraryNames: string[]) =>
      openStore(file, { mode: 'write', clock, writer: { role: 'test' }, libraryNames });
    const store = await library('gelu', 'relu');
    for (const [name, hash] of [
      ['relu', 'a1b2ffff'],
      ['mine', 'c3d4ffff'],
    ]) {
      await store.saveKernel({ ...gelu, name, hash, source: '/home/me/file.ttir' });
      await store.openStudy({ ...geluOnV75, kernelHash: hash });
    }
    await store.close();
    const titles = async (opened: Promise<Store>) => {
      const names = (await (await opened).studies()).map(({ kernel }) => kernel.name);
      await (await opened).close();
      return names;
    };
    expect(await titles(toRead())).toEqual(['mine', 'relu (imported a1b2)', 'gelu']);
    expect(await titles(toWrite())).toEqual(['mine', 'relu (imported a1b2)', 'gelu']);
    expect(await titles(library('gelu', 'mine'))).toEqual(['mine (imported c3d4)', 'relu', 'gelu']);
  });
});

describe('a damaged store', () => {
  it('is refused if it is truncated', async () => {
    await makeStore(2000);
    truncateSync(file, Math.floor(readFileSync(file).length / 2));
    const before = readFileSync(file);
    for (const opening of [toRead, toWrite]) expect((await failure(opening())).kind).toBe('corrupt');
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it('is reported by a reader or by `problems`, wherever bytes were overwritten', async () => {
    const id = await makeStore(2000);
    const sound = join(folder, 'sound.db');
    copyFileSync(file, sound);
    const pages = readFileSync(sound).length / 4096;
    for (let page = 1; page < pages; page += 13) {
      const bytes = readFileSync(sound);
      bytes.fill(0xa5, page * 4096, page * 4096 + 512);
      writeFileSync(file, bytes);
      expect(await wrongs(id), `page ${page}`).not.toEqual([]);
    }
  });

  /** The faults found by opening the store, by `problems` or by reading the log. */
  async function wrongs(id: string): Promise<readonly string[]> {
    try {
      const store = await toRead();
      try {
        const problems = await store.problems();
        await collected(store.trials(id));
        return problems;
      } finally {
        await store.close();
      }
    } catch (error) {
      if (error instanceof StoreError && error.kind === 'corrupt') return [error.message];
      throw error;
    }
  }

  it('is reported if a row does not fit its schema', async () => {
    const id = await makeStore(3);
    const database = openDatabase(file, 'write');
    database.run("UPDATE trials SET configuration = '[1,' WHERE number = 1");
    database.run("UPDATE studies SET space = '{}'");
    database.close();
    const store = await toRead();
    expect((await failure(collected(store.trials(id)))).kind).toBe('corrupt');
    expect((await failure(store.study(id))).kind).toBe('corrupt');
    expect(await store.problems()).toEqual([]);
    await store.close();
  });
});
