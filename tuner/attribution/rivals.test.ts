import { describe, expect, it } from 'vitest';
import type { Configuration, Parameter } from '../../search-space/parameter.ts';
import { BROKEN, machine, machineSpace, machineTime, PARAMETERS } from '../machine.fixture.ts';
import { visitStudy } from '../study.ts';
import { memory, openMachineStudy, world } from '../visit.fixture.ts';
import { knownOr } from './gain.ts';
import type { Rival } from './rivals.ts';

const space = machineSpace();

/** The fastest time among the configurations that satisfy a predicate, by exhaustive search. */
function fastest(takes: (configuration: Configuration) => boolean): number {
  const all = Array.from({ length: space.size }, (_, i) => space.at(i));
  const broken = JSON.stringify(BROKEN);
  const taken = all.filter((one) => takes(one) && JSON.stringify(one) !== broken);
  return Math.min(...taken.map((one) => machineTime(one)));
}

async function gainsOf(extra: Parameters<typeof openMachineStudy>[1]) {
  const store = await memory();
  const { gains } = await visitStudy(await openMachineStudy(store, extra), {}, world(store, machine()));
  return gains;
}

const overlapping = ({ buffers }: Configuration): boolean => buffers === 2;
const oneBuffer: Rival = { mechanism: 'db', label: 'one buffer', values: { staging: ['dma'] } };

describe('a rival of a mechanism', () => {
  it('is compared with the mechanism forced on, everything else of both tuned', async () => {
    const { db, vec } = await gainsOf({ rivals: [oneBuffer] });
    const rival = fastest(({ staging, buffers }) => staging === 'dma' && buffers === 1);
    expect(db?.rivals?.map(({ label }) => label)).toEqual(['one buffer']);
    expect(knownOr(db?.rivals?.[0].gain)?.value).toBeCloseTo(rival / fastest(overlapping), 9);
    expect(vec?.rivals).toBeUndefined();
  });

  it('is compared with the mechanism restricted to its own values, and may be better', async () => {
    const values = { staging: ['direct'], threads: [1, 2, 4] };
    const unfair: Rival = { mechanism: 'db', label: 'many', values, own: { threads: [1] } };
    const { db } = await gainsOf({ rivals: [unfair] });
    const rival = fastest(({ staging }) => staging === 'direct');
    const itself = fastest((one) => overlapping(one) && one.threads === 1);
    expect(knownOr(db?.rivals?.[0].gain)?.value).toBeCloseTo(rival / itself, 9);
    expect(knownOr(db?.rivals?.[0].gain)?.high).toBeGreaterThan(0);
  });

  it('is left out if the space lacks it or the mechanism', async () => {
    const gone: Rival = { ...oneBuffer, values: { staging: ['copy'] } };
    const unknown: Rival = { ...oneBuffer, values: { engine: ['simd'] } };
    expect((await gainsOf({ rivals: [gone, unknown] })).db?.rivals).toBeUndefined();
    const single = space.restrict({ values: { buffers: [1] } });
    if (single === null) throw new Error('nothing left');
    expect((await gainsOf({ rivals: [oneBuffer], space: single })).db?.rivals).toBeUndefined();
  });
});

describe('a parameter that is reported separately', () => {
  const parameters = PARAMETERS.map((parameter): Parameter => {
    if (parameter.name === 'buffers') return { ...parameter, apart: 'a second buffer' };
    if (parameter.name !== 'staging') return parameter;
    const { serves: _, ...staging } = parameter;
    return { ...staging, tag: 'db', off: 'direct' };
  });

  it('splits the gain of its mechanism in two factors', async () => {
    const { db } = await gainsOf({ space: machineSpace(parameters) });
    const [part] = db?.apart ?? [];
    expect(part).toMatchObject({ parameter: 'buffers', label: 'a second buffer' });
    const off = fastest(({ staging }) => staging === 'direct');
    const without = fastest(({ buffers }) => buffers === 1);
    expect(knownOr(part.without)?.value).toBeCloseTo(off / without, 9);
    expect(knownOr(part.onTop)?.value).toBeCloseTo(without / fastest(() => true), 9);
  });

  it('is left out if steering leaves it one value', async () => {
    const held = machineSpace(parameters).restrict({ values: { buffers: [1] } });
    if (held === null) throw new Error('nothing left');
    expect((await gainsOf({ space: held })).db?.apart).toBeUndefined();
  });
});
