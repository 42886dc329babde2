import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { defineSpace } from '../../../search-space/define-space.ts';
import { ordinal } from '../../../search-space/parameters.ts';
import { backendConformance } from '../../../tuner/backend.conformance.ts';
import type { Sample } from '../../../tuner/backend.ts';
import { commandBackend } from './backend.ts';
import type { DeviceProgram } from './program.ts';

const space = defineSpace([ordinal('tile', [1, 2, 3, 4, 5, 6, 7])], []);
const kernel = { kind: 'opaque', name: 'theirs', shape: [64], dtype: '-' } as const;
let folder = '';
const log = (): string => join(folder, 'log');
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nightshift-serving-'));
  writeFileSync(log(), '');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Notes each start and each question. */
const SERVER = `
const { appendFileSync } = require('node:fs');
const [log, shape] = process.argv.slice(1);
const note = (text) => log && appendFileSync(log, text + '\\n');
note('started');
console.log('loading the device');
const lines = require('node:readline').createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const { tile } = JSON.parse(line);
  note('asked ' + tile);
  if (shape === 'bare') return console.log(tile === 2 ? -1 : tile * 3);
  if (tile === 3) { console.error('device lost'); process.exit(9); }
  if (tile === 4) return;
  if (tile === 5) return console.log(JSON.stringify({ error: 'tile is too large', reason: 'compile' }));
  if (tile === 6) {
    console.log(JSON.stringify({ ready: true }));
    return setTimeout(() => console.log(JSON.stringify({ timeUs: 6 })), 50);
  }
  if (tile === 7) {
    const [first, second] = [7, 8].map((timeUs) => JSON.stringify({ timeUs }));
    if (shape === 'at once') return console.log(first + '\\n' + second);
    console.log(first);
    return setTimeout(() => console.log(second), 50);
  }
  console.log('a note\\n' + JSON.stringify({ time: tile * Number(shape ?? 1), unit: 'ms' }));
});
lines.on('close', () => note('closed'));
`;
const program = (more: Partial<DeviceProgram> = {}): DeviceProgram => ({
  argv: [process.execPath, '-e', SERVER, ...(folder === '' ? [] : [log(), '{shape.0}'])],
  serves: true,
  timeSource: 'output',
  timeoutMs: 60_000,
  unit: 'us',
  ...more,
});
const open = (asked = program()) =>
  commandBackend(asked, { space, default: space.at(0) }, kernel, {
    keeping: { mark: `serving.test ${process.pid}`, kept: [] },
    seed: 1,
  });

async function sampled(tiles: readonly number[], asked = program()): Promise<readonly Sample[]> {
  const backend = await open(asked);
  const samples: Sample[] = [];
  for (const tile of tiles) {
    const variant = { configuration: { tile }, handle: null };
    const session = await backend.session([variant], new AbortController().signal);
    samples.push(await session.sample(variant, 0));
    await session.close();
  }
  await backend.close();
  return samples;
}
const noted = (): readonly string[] => readFileSync(log(), 'utf8').trim().split('\n');

backendConformance({
  name: 'a program that stays',
  open: () => open({ ...program(), argv: [process.execPath, '-e', SERVER] }),
  good: [{ tile: 1 }, { tile: 2 }],
  bad: { tile: 9 },
});

it('is started once a visit, is asked one configuration a line, and sees the end of its input', async () => {
  expect(await sampled([1, 2, 1])).toEqual([
    { state: 'timed', timeUs: 64_000 },
    { state: 'timed', timeUs: 128_000 },
    { state: 'timed', timeUs: 64_000 },
  ]);
  expect(noted()).toEqual(['started', 'asked 1', 'asked 2', 'asked 1', 'closed']);
});

it('is started again if it dies, which is the failure of the configuration at which it dies three times', async () => {
  const [, failed, after] = await sampled([1, 3, 2]);
  expect(failed).toEqual({
    state: 'invalid',
    reason: 'runtime',
    message: 'exit code 9: ended 3 times without an answer: device lost',
  });
  expect(after).toEqual({ state: 'timed', timeUs: 128_000 });
  expect(noted().filter((line) => line === 'asked 3')).toHaveLength(3);
});

it('answers with a number alone as a program does that is started anew', async () => {
  const bare = program({ argv: [process.execPath, '-e', SERVER, log(), 'bare'], unit: 'ms' });
  const [first, negative, third] = await sampled([1, 2, 4], bare);
  expect([first, third]).toEqual([
    { state: 'timed', timeUs: 3_000 },
    { state: 'timed', timeUs: 12_000 },
  ]);
  expect(negative).toMatchObject({ reason: 'runtime', message: expect.stringContaining('the answer -1 is') });
});

it('is ended at a time-out, and started again for the next configuration', async () => {
  const [silent, after] = await sampled([4, 1], program({ timeoutMs: 3_000 }));
  expect(silent).toMatchObject({ state: 'invalid', reason: 'timeout' });
  expect(after).toMatchObject({ state: 'timed' });
  expect(noted().filter((line) => line === 'started')).toHaveLength(2);
});

it('says itself why a configuration does not work, and stays', async () => {
  const [refused, unclear, after] = await sampled([5, 6, 1]);
  expect(refused).toEqual({ state: 'invalid', reason: 'compile', message: 'tile is too large' });
  expect(unclear).toMatchObject({
    reason: 'runtime',
    message: expect.stringContaining('the answer {"ready":true} is not one'),
  });
  expect(after).toMatchObject({ state: 'timed' });
  // After what is no answer the real one may follow, which would be taken for the next one's.
  expect(after).toEqual({ state: 'timed', timeUs: 64_000 });
  expect(noted().filter((line) => line === 'started')).toHaveLength(2);
});

it('ends the visit if it answers more often than it is asked: no time would be known to be of its configuration', async () => {
  const backend = await open();
  const sample = async (tile: number): Promise<Sample> => {
    const variant = { configuration: { tile }, handle: null };
    return (await backend.session([variant], new AbortController().signal)).sample(variant, 0);
  };
  expect(await sample(7)).toEqual({ state: 'timed', timeUs: 7 });
  await pause(1_000);
  await expect(sample(1)).rejects.toThrow('more answers than it was asked for');
  expect(await sample(1)).toMatchObject({ state: 'timed' });
  await backend.close();
  const hasty = program({ argv: [process.execPath, '-e', SERVER, log(), 'at once'] });
  await expect(sampled([7], hasty)).rejects.toThrow('more answers than it was asked for');
});

it('is not blamed on the configuration if it cannot be started', async () => {
  const [sample] = await sampled([1], program({ argv: ['./no-such-server'] }));
  expect(sample).toMatchObject({ state: 'invalid', reason: 'disturbed' });
});
