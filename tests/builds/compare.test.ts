import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareSides } from '../../src/answers/compare/compare.ts';
import { type Entry, sideOfStore, sideOfStudy } from '../../src/answers/compare/side.ts';
import { compareDocument, compareDocumentSchema } from '../../src/documents/compare.ts';
import type { Store } from '../../store/store.ts';
import { knownOr } from '../../tuner/attribution/gain.ts';
import { emptyStore, tune } from './tuned-store.fixture.ts';

let [short, long]: Store[] = [];
let sides: readonly (readonly Entry[])[];
beforeAll(async () => {
  [short, long] = [await emptyStore(), await emptyStore()];
  const gelu = { kernel: 'gelu', shape: '65536', target: 'hexagon-mlir' };
  await tune(short, { ...gelu, trials: 8, values: { threads: [1], vectorBytes: [0] } });
  await tune(long, { ...gelu, trials: 80 });
  await tune(long, { kernel: 'relu', shape: '4096', trials: 8 });
  sides = [await sideOfStore(short), await sideOfStore(long)];
});
afterAll(() => Promise.all([short.close(), long.close()]));

const options = { failAbove: 0.05, force: false };

describe('compare', () => {
  it('matches kernels, and gives ratios with intervals and changed parameters', () => {
    const compared = compareSides(sides[0], sides[1], options);
    const document = compareDocumentSchema.parse(compareDocument(compared, 0.05));
    const [row] = document.rows;
    expect(document.rows).toHaveLength(1);
    expect(knownOr(row.change)?.value).toBeCloseTo(row.after.timeUs / row.before.timeUs, 12);
    expect(knownOr(row.change)?.value).toBeLessThan(1);
    expect(knownOr(row.change)?.low).not.toBeNull();
    expect(row.changed.length).toBeGreaterThan(0);
    for (const { parameter, before, after } of row.changed) {
      expect(before).toBe(row.before.configuration[parameter]);
      expect(after).toBe(row.after.configuration[parameter]);
    }
    expect(document.onlyAfter.map(({ kernel }) => kernel)).toEqual(['relu']);
    expect(document.failed).toBe(0);
  });
  it('fails exactly the rows that are slower by more than is allowed', () => {
    const { rows } = compareSides(sides[1], sides[0], options);
    expect(knownOr(rows[0].change)?.value).toBeGreaterThan(1.05);
    expect(rows[0].isWorse).toBe(true);
    expect(compareSides(sides[1], sides[0], { ...options, failAbove: 1000 }).rows[0].isWorse).toBe(false);
    expect(compareSides(sides[0], sides[0], { ...options, failAbove: 0 }).rows[0].isWorse).toBe(false);
  });
  it('knows no change where both sides are the same result: nothing was timed again', () => {
    const [{ change }] = compareSides(sides[0], sides[0], options).rows;
    expect(change).toEqual({ unknown: 'not applicable', why: 'both sides are the same result' });
    expect(compareDocument(compareSides(sides[0], sides[0], options), 0.05).unknown).toBe(0);
  });
  it('does not fail a row whose interval contains 1', () => {
    const [entry] = sides[0];
    const timesUs = [100, 50, 200];
    const rounds = { kind: 'sampled' as const, timesUs };
    const slower = { ...entry, best: { ...entry.best, timeUs: 100 }, rounds };
    const faster = { ...entry, best: { ...entry.best, timeUs: 90 }, rounds };
    const [row] = compareSides([faster], [slower], options).rows;
    expect(knownOr(row.change)?.value).toBeGreaterThan(1.05);
    expect(row.isWorse).toBe(false);
  });
  it('knows no change where a measured side has no interval, but of other tools’ times', () => {
    const [entry] = sides[0];
    const best = { ...entry.best, target: { ...entry.best.target, kind: 'device' as const } };
    const compared = { ...entry, best, rounds: { kind: 'sampled' as const, timesUs: [9, 10, 10, 10, 11] } };
    const slower = { ...best, timeUs: 2 * best.timeUs };
    const changeTo = (after: Partial<Entry>) =>
      compareSides([compared], [{ ...compared, best: slower, ...after }], options).rows[0];
    expect(knownOr(changeTo({}).change)?.low).toBeTypeOf('number');
    expect(changeTo({ rounds: null })).toMatchObject({
      change: {
        unknown: 'searched too little',
        why: 'the time after is of a trial, not of a final comparison',
      },
      isWorse: false,
      isUntold: true,
    });
    expect(changeTo({ rounds: { kind: 'sampled', timesUs: [10, null, 10, 10, 10] } }).change).toMatchObject({
      unknown: 'disturbed',
      why: '4 clean rounds after, fewer than 5',
    });
    expect(changeTo({ rounds: null, isElsewhere: true })).toMatchObject({
      change: { value: 2, low: null, high: null },
      isWorse: true,
    });
  });
  it('knows no change of times where a side sought something else first', () => {
    const [entry] = sides[0];
    const sought = (objective: string) => ({
      ...entry,
      best: { ...entry.best, objective, studyId: 'other' },
    });
    expect(compareSides([entry], [sought('energyJ')], options).rows[0]).toMatchObject({
      change: { why: 'times are compared, and study other seeks energyJ' },
      isUntold: true,
    });
    expect(knownOr(compareSides([entry], [sought('time,energyJ')], options).rows[0].change)?.value).toBe(1);
  });
  it('refuses different fingerprints unless forced, and then says so', () => {
    const other = sides[0].map((entry) => ({
      ...entry,
      best: { ...entry.best, target: { ...entry.best.target, fingerprint: 'elsewhere' } },
    }));
    expect(() => compareSides(sides[0], other, options)).toThrow(/fingerprint .*--force/);
    expect(compareSides(sides[0], other, { ...options, force: true }).mismatches).toHaveLength(1);
  });
  it('pairs two studies on two targets only if forced', async () => {
    const { id } = await tune(long, { kernel: 'gelu', shape: '65536', target: 'edge-2mib', trials: 8 });
    const elsewhere = await sideOfStudy(id, long);
    expect(() => compareSides(sides[0], elsewhere, options)).toThrow(/are different targets: .*--force/);
    const { rows, mismatches } = compareSides(sides[0], elsewhere, { ...options, force: true });
    expect(rows).toHaveLength(1);
    expect(mismatches).toEqual([expect.stringContaining('hexagon-mlir and edge-2mib')]);
  });
  it('refuses sides that have nothing in common', () => {
    const relu = sides[1].filter(({ best }) => best.kernel.name === 'relu');
    expect(() => compareSides(sides[0], relu, options)).toThrow(/relu 4096 f32 are different computations/);
    expect(() => compareSides(sides[0], [...relu, ...relu], options)).toThrow(/is in both/);
  });
  it('compares single studies', async () => {
    const [{ best }] = sides[0];
    expect((await sideOfStudy(best.studyId, short)).map((entry) => entry.best.studyId)).toEqual([
      best.studyId,
    ]);
  });
});
