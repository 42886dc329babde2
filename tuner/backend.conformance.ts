import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Configuration } from '../search-space/parameter.ts';
import { TARGET_KINDS } from '../store/target-kinds.ts';
import type { Backend, Variant } from './backend.ts';

/** The suite's input for an implementation. */
export type BackendCase = Readonly<{
  name: string;
  open(): Promise<Backend>;
  /** Two configurations that work. */
  good: readonly [Configuration, Configuration];
  /** One that cannot work, if the backend has any. */
  bad?: Configuration;
}>;

/** The contract of every backend. */
export function backendConformance({ name, open, good, bad }: BackendCase): void {
  describe(`${name} as a backend`, () => {
    const signal = new AbortController().signal;
    let backend: Backend;
    beforeAll(async () => {
      backend = await open();
    });
    afterAll(() => backend.close());

    const ready = async (configuration: Configuration): Promise<Variant> => {
      const prepared = await backend.prepare({ configuration, subset: 'scalar', origin: 'test' }, signal);
      if (prepared.state === 'invalid') throw new Error(prepared.message);
      return prepared.variant;
    };

    it('has a provenance and a timing', () => {
      expect(TARGET_KINDS).toContain(backend.provenance);
      expect(backend.batchSize).toBeGreaterThanOrEqual(1);
      if (backend.timing.kind === 'exact') expect(backend.timing.rounds).toBeGreaterThanOrEqual(1);
    });

    it('prepares a configuration into a variant of that configuration, and finds it correct', async () => {
      for (const configuration of good) {
        const variant = await ready(configuration);
        expect(variant.configuration).toEqual(configuration);
        expect(await backend.verify(variant, signal)).toEqual({ state: 'correct' });
      }
    });

    it('times variants one sample at a time, in any order', async () => {
      const variants = [await ready(good[0]), await ready(good[1])];
      const session = await backend.session(variants, signal);
      for (const place of [1, 0, 0, 1]) {
        const sample = await session.sample(variants[place], 0);
        if (sample.state === 'timed') expect(sample.timeUs).toBeGreaterThan(0);
        else expect(sample.state).toBe('dropped');
      }
      expect(typeof session.environment()).toBe('object');
      await session.close();
    });

    it('repeats exactly the same times by round if its clock is exact', async () => {
      if (backend.timing.kind !== 'exact') return;
      const variant = await ready(good[0]);
      const read = async () => {
        const session = await backend.session([variant], signal);
        const samples = [];
        for (
          let round = 0;
          round < Math.min(3, backend.timing.kind === 'exact' ? backend.timing.rounds : 0);
          round++
        ) {
          samples.push(await session.sample(variant, round));
        }
        await session.close();
        return samples;
      };
      expect(await read()).toEqual(await read());
    });

    it.skipIf(bad === undefined)(
      'reports an impossible configuration as invalid, with a reason and a sentence',
      async () => {
        if (bad === undefined) return;
        const prepared = await backend.prepare(
          { configuration: bad, subset: 'scalar', origin: 'test' },
          signal,
        );
        const verdict =
          prepared.state === 'ready' ? await backend.verify(prepared.variant, signal) : prepared;
        const sample =
          prepared.state === 'ready' && verdict.state === 'correct'
            ? await (await backend.session([prepared.variant], signal)).sample(prepared.variant, 0)
            : verdict;
        expect(sample).toMatchObject({ state: 'invalid', message: expect.stringMatching(/.+/) });
      },
    );
  });
}
