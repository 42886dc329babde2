import { spawn } from 'node:child_process';
import { linkSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { openStore } from './open-store.ts';
import type { Store } from './store.ts';
import { begin, invalid } from './tests/examples.ts';

/** Other programs that hold a read transaction on a store. */

const clock = { now: () => 1_000 };
const toWrite = (path: string): Promise<Store> =>
  openStore(path, { mode: 'write', clock, writer: { role: 'tune' } });

let folder = '';
let file = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nightshift-readers-'));
  file = join(folder, 'nightshift.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A program that begins a transaction and prints the number of trials, then again for every line of input. */
const READER = `
  const db = new (require('better-sqlite3'))(process.argv[1], { readonly: true });
  const count = db.prepare('SELECT count(*) FROM trials').pluck();
  db.exec('BEGIN');
  console.log(count.get());
  process.stdin.on('data', () => console.log(count.get())).on('end', () => db.close());
`;

type Reader = Readonly<{ trials(): Promise<number>; letGo(): Promise<void> }>;

/** Starts the program; it is in its transaction when this resolves. */
async function reader(): Promise<Reader> {
  const child = spawn(process.execPath, ['-e', READER, file], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const said = createInterface(child.stdout)[Symbol.asyncIterator]();
  await said.next();
  return {
    async trials() {
      child.stdin.write('again\n');
      return Number((await said.next()).value);
    },
    async letGo() {
      const closed = new Promise((resolve) => child.on('close', resolve));
      child.stdin.end();
      await closed;
    },
  };
}

/** A message of 4 KiB, so that few trials make a long log. */
const LONG = 'x'.repeat(4096);

async function settleSome(store: Store, from: number, trials: number): Promise<void> {
  const visit = await begin(store);
  for (let done = 0; done < trials; done += 100) {
    const results = Array.from({ length: 100 }, (_, i) => ({ ...invalid(from + done + i), message: LONG }));
    await store.settle({ ...visit, activeMs: 1, results });
  }
}

async function countIn(path: string): Promise<number> {
  const store = await openStore(path, { mode: 'read', clock });
  const [{ settled }] = await store.studies();
  expect(await store.problems()).toEqual([]);
  await store.close();
  return settled;
}

describe('a reader that holds a transaction on a closed store', () => {
  it('keeps its snapshot, and does not prevent writing', async () => {
    const first = await toWrite(file);
    await settleSome(first, 0, 200);
    await first.close();
    const { mode } = statSync(file);
    const held = await reader();
    const second = await toWrite(file);
    await settleSome(second, 200, 200);
    expect(await held.trials()).toBe(200);
    await second.close();
    expect(await held.trials()).toBe(200);
    await held.letGo();
    expect(await countIn(file)).toBe(400);
    expect(statSync(file).mode).toBe(mode);
    expect(readdirSync(folder)).toEqual(['nightshift.db']);
  });

  it('makes a writer be refused if the file has a second hard link, which would keep the old content', async () => {
    const first = await toWrite(file);
    await settleSome(first, 0, 200);
    await first.close();
    linkSync(file, join(folder, 'second.db'));
    const held = await reader();
    await expect(toWrite(file)).rejects.toMatchObject({ name: 'StoreError', kind: 'in-use' });
    await held.letGo();
    await (await toWrite(file)).close();
    expect(readdirSync(folder)).toEqual(['nightshift.db', 'second.db']);
  });

  it('does not let a writer in beside another writer', async () => {
    await (await toWrite(file)).close();
    const other = new Sqlite(file);
    other.exec('BEGIN IMMEDIATE');
    await expect(toWrite(file)).rejects.toMatchObject({ name: 'StoreError', kind: 'in-use' });
    other.close();
    expect(readdirSync(folder)).toEqual(['nightshift.db']);
  });
});

describe('the log of a store that is being written', () => {
  const logBytes = (): number => statSync(`${file}-wal`).size;
  const MIB = 1 << 20;

  it('stays short, grows while a reader holds a transaction, and is short again afterwards', async () => {
    const store = await toWrite(file);
    await settleSome(store, 0, 3_000);
    expect(logBytes()).toBeLessThan(8 * MIB);
    const held = await reader();
    await settleSome(store, 3_000, 3_000);
    expect(logBytes()).toBeGreaterThan(8 * MIB);
    await held.letGo();
    await settleSome(store, 6_000, 600);
    expect(logBytes()).toBeLessThan(8 * MIB);
    await store.close();
    expect(readdirSync(folder)).toEqual(['nightshift.db']);
    expect(await countIn(file)).toBe(6_600);
  });

  it('stays beside a store that is closed during a read, and is gone after the next writer', async () => {
    const first = await toWrite(file);
    await settleSome(first, 0, 200);
    const held = await reader();
    await settleSome(first, 200, 200);
    await first.close();
    const second = await toWrite(file);
    await settleSome(second, 400, 200);
    expect(await held.trials()).toBe(200);
    await held.letGo();
    await second.close();
    expect(await countIn(file)).toBe(600);
    expect(readdirSync(folder)).toEqual(['nightshift.db']);
  });
});
