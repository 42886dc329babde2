import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { OpaqueKernel } from '../../kernels/opaque.ts';
import { targetConformance } from '../target.conformance.ts';
import { loadReplayTable } from './table.ts';
import { replayTarget } from './target.ts';

const folder = mkdtempSync(join(tmpdir(), 'nightshift-replay-'));
afterAll(() => rmSync(folder, { recursive: true }));

const kernel: OpaqueKernel = { kind: 'opaque', name: 'axpy', shape: [], dtype: '-' };
const plain = {
  name: 'tiny',
  kernel: 'axpy',
  device: 'board',
  source: 'this test',
  objective: 'time_ms',
  params: [
    { name: 'tile', values: [1, 2, 4] },
    { name: 'mode', values: ['a', 'b'] },
  ],
  constraints: [],
  rows: [
    [1, 'a', 2],
    [2, 'a', 1],
    [1, 'b', 4],
  ],
};

const open =
  (changes: object, seed = 1) =>
  async () => {
    const path = join(folder, 'table.json');
    writeFileSync(path, JSON.stringify({ ...plain, ...changes }));
    return replayTarget(await loadReplayTable(path), seed);
  };

targetConformance('a replayed table', {
  kind: 'replay',
  open: open({}),
  others: {
    'another device': open({ device: 'desk' }),
    'other times': open({ rows: [[1, 'a', 3], ...plain.rows.slice(1)] }),
    'one more row': open({ rows: [...plain.rows, [4, 'b', 1]] }),
    'with deviations': open({ std: [0.1, 0.1, 0.2] }),
  },
  same: { 'another source': open({ source: 'elsewhere' }), 'another seed': open({}, 2) },
  kernels: [kernel],
});

targetConformance('a replayed table with deviations', {
  kind: 'replay',
  open: open({ std: [0.1, 0.1, 0.2] }),
  others: { without: open({}) },
  kernels: [kernel],
});
