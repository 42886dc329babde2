import type { Result } from '../../store/trial.ts';
import { type Backend, disturbed, type Sample } from '../backend.ts';
import type { Screening } from './_base.ts';
import { prepareVariant } from './prepare-variant.ts';
import type { TimeAllowance } from './time-allowance.ts';

/** An exact clock is read once. */
export function exactScreening(backend: Backend, allowance: TimeAllowance): Screening {
  return {
    time: async (proposals, signal) => {
      const session = await backend.session([], signal);
      try {
        const results: Result[] = [];
        for (const proposal of proposals) {
          const variant = await allowance.prepare(() => prepareVariant(backend, proposal, signal));
          const outcome =
            'state' in variant
              ? variant
              : outcomeOf(await allowance.sample(() => session.sample(variant, 0)));
          results.push({ ...proposal, ...outcome });
        }
        return results;
      } finally {
        await session.close();
      }
    },
    hasTime: () => true,
    notes: () => [],
  };
}

function outcomeOf(sample: Sample) {
  if (sample.state === 'invalid') return sample;
  if (sample.state === 'dropped') return disturbed(sample);
  return { ...sample, samplesUs: [sample.timeUs] };
}
