import { expect, it } from 'vitest';
import { type Configuration, configurationKey, type Parameter } from '../../search-space/parameter.ts';
import { normal, randomFor } from '../../search-space/random.ts';
import { tableSpace } from '../../search-space/table-space.ts';
import type { Backend } from '../backend.ts';
import { machine } from '../machine.fixture.ts';
import { strategyNamed } from '../strategies/registry.ts';
import { visitStudy } from '../study.ts';
import { memory, openMachineStudy, world } from '../visit.fixture.ts';

const SIZES = [1, 2, 4, 8, 16];
const ordinal = (name: string): Parameter => ({ name, kind: 'ordinal', tag: 'schedule', values: SIZES });
const PARAMETERS = [ordinal('tile'), ordinal('unroll'), ordinal('ahead')];

/** From tile 4 and unroll 2 on nothing is faster, and `ahead` never matters: 60 configurations are the same. */
function saturating({ tile, unroll }: Configuration): number {
  return 100 * (1 + 0.4 * Math.max(0, 2 - Math.log2(Number(tile))) + (Number(unroll) < 2 ? 0.3 : 0));
}

function plateau(seed: number, timeOf: (configuration: Configuration) => number): Backend {
  let samples = 0;
  return {
    ...machine({ noise: 0, batchSize: 1 }),
    session: async () => ({
      sample: async ({ configuration }) => ({
        state: 'timed',
        timeUs: timeOf(configuration) * Math.exp(0.05 * normal(randomFor(seed, samples++))),
      }),
      environment: () => ({}),
      close: async () => {},
    }),
  };
}

/** Five pairs of tile and unroll are the same: what leads from one to another changes both. */
function product({ tile, unroll, ahead }: Configuration): number {
  return 100 * (1 + 0.2 * Math.abs(Math.log2(Number(tile) * Number(unroll)) - 4) + (ahead === 1 ? 0 : 0.2));
}

it.each([
  { timeOf: saturating, simplest: { tile: 4, unroll: 2, ahead: 1 }, atLeast: 3 },
  { timeOf: product, simplest: { tile: 1, unroll: 16, ahead: 1 }, atLeast: 2 },
])(
  'ends at the same one of many that are as fast, whatever the search tried: $timeOf.name',
  async ({ timeOf, simplest, atLeast }) => {
    const rows = SIZES.flatMap((tile) =>
      SIZES.flatMap((unroll) => SIZES.map((ahead) => [tile, unroll, ahead])),
    );
    const space = tableSpace(PARAMETERS, rows);
    const named: string[] = [];
    for (let seed = 1; seed <= 3; seed++) {
      const store = await memory();
      const strategy = strategyNamed('evolutionary');
      const study = await openMachineStudy(store, { space, seed, strategy, default: space.at(0) });
      const { best, same, sure, warnings } = await visitStudy(
        study,
        { trials: 24 },
        world(store, plateau(seed, timeOf)),
      );
      if (best === null) throw new Error('nothing found');
      named.push(configurationKey(space.parameters, best.configuration));
      for (const { configuration } of same ?? []) expect(timeOf(configuration)).toBe(100);
      expect(sure).toBeGreaterThan(0.2);
      // Who joined late was not disturbed before.
      expect(warnings.join()).not.toContain('disturbed');
    }
    const key = configurationKey(space.parameters, simplest);
    expect(named.filter((one) => one === key).length).toBeGreaterThanOrEqual(atLeast);
  },
);
