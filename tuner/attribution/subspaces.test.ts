import { describe, expect, it } from 'vitest';
import { subsetName } from '../../search-space/restriction.ts';
import type { SearchSpace } from '../../search-space/search-space.ts';
import { machineSpace } from '../machine.fixture.ts';
import type { Rival } from './rivals.ts';
import { subspacesOf } from './subspaces.ts';

const space = machineSpace();
const oneBuffer: Rival = { mechanism: 'db', label: 'one buffer', values: { staging: ['dma'] } };

function held(values: Parameters<SearchSpace['restrict']>[0]['values']): SearchSpace {
  const left = space.restrict({ values });
  if (left === null) throw new Error('nothing left');
  return left;
}

describe('the subspaces of a space', () => {
  it('end, among the subsets of mechanisms, with the whole space', async () => {
    const { all, mechanisms } = await subspacesOf(space);
    const subsets = all.filter(({ permitted }) => permitted !== undefined);
    expect(subsets.at(-1)).toMatchObject({ name: subsetName(mechanisms), space: { size: space.size } });
    expect(subsets).toHaveLength(8);
  });

  it('tell the rungs of its ladder, which begin with what cannot be off', async () => {
    const rungsOf = async (whole: SearchSpace) => (await subspacesOf(whole)).rungs.map(subsetName);
    expect(await rungsOf(space)).toEqual(['scalar', 'vec', 'vec+mt', 'vec+mt+db']);
    expect(await rungsOf(held({ threads: [4] }))).toEqual(['mt', 'vec+mt', 'vec+mt+db']);
  });

  it('tell the mechanisms that no configuration has on', async () => {
    const { absent, mechanisms } = await subspacesOf(held({ threads: [1] }));
    expect([...mechanisms]).toEqual(['vec', 'mt', 'db']);
    expect([...absent.keys()]).toEqual(['mt']);
    expect((await subspacesOf(space)).absent.size).toBe(0);
  });

  it('have the rung before DB, and the one before that, without what serves DB; the last is searched for nobody', async () => {
    const { all } = await subspacesOf(space);
    const stagings = (name: string) => {
      const found = all.find((subspace) => subspace.name === name);
      if (found === undefined) throw new Error(`no ${name}`);
      const members = Array.from({ length: found.space.size }, (_, index) => found.space.at(index));
      return [new Set(members.map(({ staging }) => staging)).has('dma'), found.isAside ?? false];
    };
    expect(stagings('vec')).toEqual([true, false]);
    expect(stagings('db unserved')).toEqual([false, false]);
    expect(stagings('db unserved, no mt')).toEqual([false, true]);
  });

  it('tell the rivals that it has', async () => {
    expect((await subspacesOf(space, [oneBuffer])).rivals).toEqual([oneBuffer]);
    expect((await subspacesOf(held({ buffers: [1] }), [oneBuffer])).rivals).toEqual([]);
  });
});
