import type { Result } from '../../store/trial.ts';
import { type Backend, disturbed, type Sample } from '../backend.ts';
import type { Screening } from './_base.ts';
import { prepareVariant } from './prepare-variant.ts';

/** An exact clock is read once. */
export function exactScreening(backend: Backend): Screening {
  return {
    time: async (proposals, signal) => {
      const session = await backend.session([], signal);
      try {
        const results: Result[] = [];
        for (const proposal of proposals) {
          const variant = await prepareVariant(backend, proposal, signal);
          const outcome = 'state' in variant ? variant : outcomeOf(await session.sample(variant, 0));
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
  const { timeUs, phases } = sample;
  const timed = { state: 'timed', timeUs, samplesUs: [timeUs] } as const;
  return phases === undefined ? timed : { ...timed, phases };
}
