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

/** Other programs that read a store and do not let go of it. */

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

/** Begins a transaction, and says the number of trials at the beginning and for every line that it is told. */
const READER = `
  const db = new (require('better-sqlite3'))(process.argv[1], { readonly: true });
  const count = db.prepare('SELECT count(*) FROM trials').pluck();
  db.exec('BEGIN');
  console.log(count.get());
  process.stdin.on('data', () => console.log(count.get())).on('end', () => db.close());
`;

type Reader = Readonly<{ trials(): Promise<number>; letGo(): Promise<void> }>;

/** A program of its own, in a transaction. */
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

/** 4 KiB, so that few trials make a long log. */
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

describe('somebody who reads a closed store and holds on to it', () => {
  it('keeps what was there, and keeps nobody from writing', async () => {
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

  it('has the writer refused where the file has a second name, which would be left behind', async () => {
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

  it('has the writer refused who would write beside another', async () => {
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

  it('stays short, grows while somebody holds on to what it is in front of, and is short again afterwards', async () => {
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

  it('is left beside a store that is closed while somebody reads, and gone after the next writer', async () => {
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
