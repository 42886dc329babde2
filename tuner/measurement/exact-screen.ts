import type { Result } from '../../store/trial.ts';
import { type Backend, DISTURBED, type Sample } from '../backend.ts';
import { ready, type Screen } from './ready.ts';

/** An exact clock is read once. */
export function exactScreen(backend: Backend): Screen {
  return async (proposals, signal) => {
    const session = await backend.session([], signal);
    const results: Result[] = [];
    for (const proposal of proposals) {
      const variant = await ready(backend, proposal, signal);
      results.push({
        ...proposal,
        ...('state' in variant ? variant : outcomeOf(await session.sample(variant, 0))),
      });
    }
    await session.close();
    return results;
  };
}

function outcomeOf(sample: Sample) {
  if (sample.state === 'invalid') return sample;
  if (sample.state === 'dropped') return DISTURBED;
  const { timeUs, phases } = sample;
  const timed = { state: 'timed', timeUs, samplesUs: [timeUs] } as const;
  return phases === undefined ? timed : { ...timed, phases };
}
