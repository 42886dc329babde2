import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Comparison } from '../../store/comparison.ts';
import { IN_MEMORY, openStore } from '../../store/open-store.ts';
import { at, begin, conclusionOf, invalid, proposalOf, timed } from '../../store/tests/examples.ts';
import { LIST_ORDERS, type ListedTrial, listTrials, type TrialList } from './trial-list.ts';

const opened = () =>
  openStore(IN_MEMORY, { mode: 'write', clock: { now: () => 0 }, writer: { role: 'test' } });

/** A comparison of configurations from 900 on, one for each time. */
function comparisonOf(times: readonly (number | null)[]): Comparison {
  const variants = times.map((_, place) => ({ label: `variant ${place}`, configuration: at(900 + place) }));
  return { kind: 'ensemble', variants, roundsUs: [times], comparedAt: 5, environment: {} };
}

async function listed(list: TrialList, store: Awaited<ReturnType<typeof opened>>) {
  const rows: ListedTrial[] = [];
  for await (const row of listTrials(list, store)) rows.push(row);
  return rows;
}

const ALL = Number.MAX_SAFE_INTEGER;
const tileOf = ({ trial }: ListedTrial): unknown => trial.configuration.tile;

describe('the list of a study’s trials', () => {
  it('is the same page by page as at once', async () => {
    const time = fc.integer({ min: 1, max: 6 });
    const property = fc.asyncProperty(
      fc.array(time, { maxLength: 12 }),
      fc.array(fc.option(time), { maxLength: 6 }),
      fc.constantFrom(...LIST_ORDERS),
      fc.integer({ min: 1, max: 5 }),
      async (times, compared, order, limit) => {
        const store = await opened();
        const { studyId, visitId } = await begin(store);
        const results = times.map((timeUs, tile) => (timeUs === 6 ? invalid(tile) : timed(tile, timeUs)));
        await store.settle({ studyId, visitId, activeMs: 1, results });
        await store.conclude(conclusionOf(studyId, comparisonOf(compared)));
        const list = { studyId, state: 'settled', order } as const;
        const whole = await listed({ ...list, limit: ALL }, store);
        const pages: ListedTrial[] = [];
        for (let after: string | null = null; ; ) {
          const page = await listed({ ...list, limit, ...(after !== null && { after }) }, store);
          pages.push(...page);
          after = page.at(-1)?.place ?? null;
          if (page.length < limit || after === null) break;
        }
        expect(pages).toEqual(whole);
        const isWanted = order === 'time' ? times.filter((timeUs) => timeUs < 6) : times;
        expect(whole).toHaveLength(isWanted.length + compared.filter((timeUs) => timeUs !== null).length);
        const shown = whole.map(({ trial }) => (trial.state === 'timed' ? trial.timeUs : 0));
        if (order === 'time') expect(shown).toEqual(shown.toSorted((a, b) => a - b));
        await store.close();
      },
    );
    await fc.assert(property, { numRuns: 60 });
  });

  it('includes configurations timed by comparisons, with the latest time and their origin', async () => {
    const store = await opened();
    const { studyId, visitId } = await begin(store);
    await store.settle({ studyId, visitId, activeMs: 1, results: [timed(1, 9), invalid(2)] });
    await store.conclude(conclusionOf(studyId, comparisonOf([7, 8, null])));
    await store.conclude(conclusionOf(studyId, comparisonOf([6])));
    const rows = await listed({ studyId, state: 'settled', order: 'number', limit: ALL }, store);
    expect(rows.map(tileOf)).toEqual([1, 2, 901, 900]);
    expect(rows[3].trial).toEqual({
      configuration: at(900),
      subset: 'variant 0',
      origin: 'comparison',
      state: 'timed',
      timeUs: 6,
      samplesUs: [6],
      comparedAt: 5,
    });
    const invalids = await listed({ studyId, state: 'invalid', order: 'number', limit: ALL }, store);
    expect(invalids.map(tileOf)).toEqual([2]);
  });

  it('lists unsettled trials on one page, and refuses unknown orders and places', async () => {
    const store = await opened();
    const { studyId } = await begin(store);
    await store.markRunning(studyId, [timed(1, 1), timed(2, 1)].map(proposalOf));
    const list = { studyId, order: 'number', limit: ALL } as const;
    expect(await listed({ ...list, state: 'running' }, store)).toMatchObject([{ place: null }, {}]);
    for (const [order, after] of [
      ['number', '7'],
      ['number', '2/n1'],
      ['time', 'n1'],
      ['time', '-1/c2'],
    ] as const)
      await expect(listed({ ...list, state: 'settled', order, after }, store)).rejects.toThrow(/not a place/);
    await expect(listed({ ...list, state: 'invalid', order: 'time' }, store)).rejects.toThrow(/have no time/);
  });
});
