import { describe, expect, it } from 'vitest';
import type { Configuration } from '../search-space/parameter.ts';
import type { SettledTrial } from '../store/trial.ts';
import { machine } from './machine.fixture.ts';
import { visitStudy } from './study.ts';
import { memory, openMachineStudy, world } from './visit.fixture.ts';

describe('the searches of a study', () => {
  it.each([1, 2, 3])(
    'try the best of one subspace in the others, changed as little as they require',
    async (seed) => {
      const store = await memory();
      const study = await openMachineStudy(store, { seed });
      await visitStudy(study, { trials: 60 }, world(store, machine({ batchSize: 1 })));
      const log: SettledTrial[] = [];
      for await (const trial of store.trials(study.id)) log.push(trial);
      const counterparts = log.filter(({ origin }) => origin === 'counterpart');
      expect(counterparts.length).toBeGreaterThan(0);
      const times = log.flatMap((trial) => (trial.state === 'timed' ? [{ ...trial }] : []));
      const best = times.reduce((a, b) => (b.timeUs < a.timeUs ? b : a));
      const tried = (configuration: Configuration): boolean =>
        log.some((trial) => JSON.stringify(trial.configuration) === JSON.stringify(configuration));
      expect(tried({ ...best.configuration, threads: 1 })).toBe(true);
      expect(tried({ ...best.configuration, lanes: 1 })).toBe(true);
      if (best.configuration.buffers === 2) expect(tried({ ...best.configuration, buffers: 1 })).toBe(true);
    },
  );
});
