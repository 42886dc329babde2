import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore } from './open-store.ts';
import type { Store } from './store.ts';
import { begin, collected, timed } from './tests/examples.ts';

const clock = { now: () => 1_000 };
const toWrite = (path: string): Promise<Store> =>
  openStore(path, { mode: 'write', clock, writer: { role: 'tune' } });

let root = '';
let folder = '';
let file = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'nightshift-moved-'));
  folder = join(root, 'results');
  mkdirSync(folder);
  file = join(folder, 'nightshift.db');
});
afterEach(() => rmSync(root, { recursive: true }));

/** Makes and closes another store with some trials; returns its path. */
async function otherStore(trials: number): Promise<string> {
  const path = join(root, 'other.db');
  const store = await toWrite(path);
  const visit = await begin(store);
  await store.settle({ ...visit, activeMs: 1, results: [...Array(trials).keys()].map((n) => timed(n, 9)) });
  await store.close();
  return path;
}

async function trialsOf(path: string): Promise<number> {
  const store = await openStore(path, { mode: 'read', clock });
  try {
    const [{ study }] = await store.studies();
    expect(await store.problems()).toEqual([]);
    return (await collected(store.trials(study.id))).length;
  } finally {
    await store.close();
  }
}

const MOVED = { name: 'StoreError', kind: 'moved' };

describe('a store whose file is moved or deleted while it is open for writing', () => {
  const ways: readonly (readonly [string, () => void])[] = [
    ['the file is deleted', () => rmSync(file)],
    ['the folder is deleted', () => rmSync(folder, { recursive: true })],
    ['the file is moved', () => renameSync(file, join(root, 'moved.db'))],
    ['the folder is moved', () => renameSync(folder, join(root, 'elsewhere'))],
  ];
  it.each(ways)('refuses every write and reports it on closing: %s', async (_, act) => {
    const store = await toWrite(file);
    const visit = await begin(store);
    await store.settle({ ...visit, activeMs: 1, results: [timed(1, 10)] });
    await store.confirmPlace();
    act();
    const settling = store.settle({ ...visit, activeMs: 2, results: [timed(2, 10)] });
    await expect(settling).rejects.toMatchObject(MOVED);
    await expect(store.setStudyState(visit.studyId, 'done')).rejects.toMatchObject(MOVED);
    await expect(store.confirmPlace()).rejects.toMatchObject(MOVED);
    await expect(store.close()).rejects.toMatchObject(MOVED);
    await store.close();
    expect(existsSync(folder) ? readdirSync(folder) : []).toEqual([]);
  });

  it('reports it on closing, even if nothing was written since', async () => {
    const store = await toWrite(file);
    await begin(store);
    rmSync(file);
    await expect(store.close()).rejects.toMatchObject(MOVED);
  });

  it('writes settled trials into the moved file', async () => {
    const store = await toWrite(file);
    const visit = await begin(store);
    await store.settle({ ...visit, activeMs: 1, results: [timed(1, 10), timed(2, 10)] });
    const moved = join(root, 'moved.db');
    renameSync(file, moved);
    await expect(store.close()).rejects.toMatchObject(MOVED);
    expect(await trialsOf(moved)).toBe(2);
  });

  it.each([
    ['put in its place', (other: string) => renameSync(other, file)],
    ['copied over it', (other: string) => copyFileSync(other, file)],
  ])('does not change another store that was %s', async (_, act) => {
    const other = await otherStore(300);
    const bytes = readFileSync(other);
    const store = await toWrite(file);
    const visit = await begin(store);
    await store.settle({ ...visit, activeMs: 1, results: [timed(1, 10)] });
    act(other);
    const settling = store.settle({ ...visit, activeMs: 2, results: [timed(2, 10)] });
    await expect(settling).rejects.toMatchObject(MOVED);
    await expect(store.close()).rejects.toMatchObject(MOVED);
    expect(readFileSync(file).equals(bytes)).toBe(true);
    expect(readdirSync(folder)).toEqual(['nightshift.db']);
    expect(await trialsOf(file)).toBe(300);
    await (await toWrite(file)).close();
  });

  it('continues after its folder was moved away and back', async () => {
    const store = await toWrite(file);
    const visit = await begin(store);
    renameSync(folder, join(root, 'elsewhere'));
    await expect(store.confirmPlace()).rejects.toMatchObject(MOVED);
    renameSync(join(root, 'elsewhere'), folder);
    await store.settle({ ...visit, activeMs: 1, results: [timed(1, 10)] });
    await store.close();
    expect(await trialsOf(file)).toBe(1);
    expect(readdirSync(folder)).toEqual(['nightshift.db']);
    expect(statSync(file).size).toBeGreaterThan(0);
  });
});
