import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { IN_MEMORY, openStore } from './open-store.ts';
import { storeConformance } from './store.conformance.ts';

const folder = mkdtempSync(join(tmpdir(), 'nightshift-store-'));
afterAll(() => rmSync(folder, { recursive: true }));

const writer = { role: 'test' };
const libraryNames = ['gelu', 'relu'];
let files = 0;

storeConformance('a SQLite file', (clock) =>
  openStore(join(folder, `${files++}.db`), { mode: 'write', clock, writer, libraryNames }),
);
storeConformance('SQLite in memory', (clock) =>
  openStore(IN_MEMORY, { mode: 'write', clock, writer, libraryNames }),
);
