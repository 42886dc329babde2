import { describe, expect, it } from 'vitest';
import { backendConformance } from '../../../tuner/backend.conformance.ts';
import { libraryKernel } from '../../kernels/library.ts';
import { simulatorBackend } from './backend.ts';
import { loadTarget } from './machine/load.ts';
import { buildSpace } from './space/space.ts';

const kernel = libraryKernel('gelu');
const target = loadTarget('hexagon-mlir');
const space = buildSpace(kernel, target);

backendConformance({
  name: 'the simulator',
  open: async () => simulatorBackend({ kernel, target }),
  good: [space.at(0), space.at(space.size - 1)],
  bad: { ...space.at(0), buffers: 2 },
});

describe('the simulator as a backend', () => {
  it('uses one accepted parameter set in each round', async () => {
    const backend = simulatorBackend({ kernel, target });
    const { signal } = new AbortController();
    const variant = { configuration: space.at(space.size - 1), handle: null };
    const session = await backend.session([variant], signal);
    const times = await Promise.all([0, 1, 2].map((round) => session.sample(variant, round)));
    const distinct = new Set(times.map((sample) => (sample.state === 'timed' ? sample.timeUs : 0)));
    expect(distinct.size).toBe(3);
    expect(backend.timing.kind === 'exact' && backend.timing.rounds).toBeGreaterThanOrEqual(32);
  });
});
