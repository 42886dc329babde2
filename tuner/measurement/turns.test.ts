import { describe, expect, it } from 'vitest';
import { MadeUpDevices } from '../side-by-side.fixture.ts';
import { type Challenge, compareContenders } from './compare.ts';

const COMPARED = 16;
const BESIDE = [0, 1];
const { signal } = new AbortController();

/** A comparison that so many challenge once, beside two; all lose. */
async function challenged(devices: number, challengers: number) {
  const made = new MadeUpDevices(devices, () => ({ state: 'timed', timeUs: 1 }));
  const { backend, clock } = made;
  const named = Array.from({ length: COMPARED + challengers }, (_, number) => {
    const [lanes, threads, tile] = [
      [1, 4, 8][number % 3],
      1 + (Math.floor(number / 3) % 2),
      1 + Math.floor(number / 6),
    ];
    return { label: 'one', configuration: { lanes, threads, staging: 'dma', buffers: 1, tile } };
  });
  let heats = 0;
  const challenge: Challenge = {
    next: () => ({ joining: heats++ === 0 ? named.slice(COMPARED) : [], again: [], beside: BESIDE }),
    lost: ({ variants }) => variants.map((_, place) => place).slice(COMPARED),
  };
  const { comparison } = await compareContenders(
    backend,
    named.slice(0, COMPARED),
    0,
    signal,
    undefined,
    challenge,
  );
  const roundsUs = comparison?.roundsUs ?? [];
  const heat = roundsUs.filter((row) => row[COMPARED - 1] === null);
  return { roundsUs, heat, samplesMs: clock.elapsed() };
}

describe('a heat of challengers on several devices', () => {
  it('has each of many in five of eight short rounds, which eight devices take one each', async () => {
    const { heat } = await challenged(8, 8);
    expect(heat).toHaveLength(8);
    for (const row of heat) expect(row.filter((time) => time !== null)).toHaveLength(BESIDE.length + 5);
    for (const place of heat[0].keys()) {
      const rounds = heat.filter((row) => row[place] !== null).length;
      expect(rounds).toBe(BESIDE.includes(place) ? 8 : place < COMPARED ? 0 : 5);
    }
  });

  it('has each of few in five whole rounds', async () => {
    const { heat } = await challenged(8, 3);
    expect(heat.map((row) => row.filter((time) => time !== null).length)).toEqual([5, 5, 5, 5, 5]);
  });

  it('takes on eight devices an eighth of the time of one, and ends the same', async () => {
    const [one, eight] = [await challenged(1, 8), await challenged(8, 8)];
    expect(eight.roundsUs).toEqual(one.roundsUs);
    expect(eight.samplesMs).toBe(one.samplesMs / 8);
  });
});
