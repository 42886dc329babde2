import { expect, it } from 'vitest';
import { randomFor } from '../../search-space/random.ts';
import { countSubspaces } from '../../src/ask/count-subspaces.ts';
import { openStudy } from '../../src/ask/open-study.ts';
import { resolveStudy } from '../../src/ask/resolve-study.ts';
import { MadeUpDevices } from '../../tuner/side-by-side.fixture.ts';
import { visitStudy } from '../../tuner/study.ts';
import { memory, world } from '../../tuner/visit.fixture.ts';
import { SPEC } from './subject.ts';

/** What the bench's boards take for a study, in made-up time, and what they find. */
async function visit(boards: number) {
  const devices = new MadeUpDevices(boards, (configuration) => ({
    state: 'timed',
    timeUs: 1 + randomFor('board', ...Object.values(configuration).map(String))(),
  }));
  const store = await memory();
  const spec = { ...SPEC, strategy: 'evolutionary' };
  const study = await openStudy(await countSubspaces(await resolveStudy(spec)), store, 'test');
  await visitStudy(study, { trials: 64 }, world(store, devices.backend, { clock: devices.clock }));
  const [comparison] = await store.comparisons(study.id);
  return { ms: devices.nowMs, variants: comparison?.variants, roundsUs: comparison?.roundsUs };
}

it('a study of 64 trials takes two boards 0.55 of the time of one, and eight 0.15, and ends the same', async () => {
  const [one, two, eight] = [await visit(1), await visit(2), await visit(8)];
  expect(two.ms / one.ms).toBeLessThanOrEqual(0.55);
  expect(eight.ms / one.ms).toBeLessThanOrEqual(0.15);
  for (const more of [two, eight]) {
    expect(more.variants).toEqual(one.variants);
    expect(more.roundsUs).toEqual(one.roundsUs);
  }
});
