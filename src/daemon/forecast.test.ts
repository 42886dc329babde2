import { expect, it } from 'vitest';
import { IN_MEMORY, openStore } from '../../store/open-store.ts';
import { systemClock } from '../../tuner/clock.ts';
import { searchStudy } from '../../tuner/study.ts';
import { countSubspaces } from '../ask/count-subspaces.ts';
import { openStudy } from '../ask/open-study.ts';
import { resolveStudy } from '../ask/resolve-study.ts';
import { studySpecSchema } from '../ask/study-spec.ts';
import { forecast } from './forecast.ts';

const spec = studySpecSchema.parse({
  kernel: { kind: 'named', name: 'gelu' },
  shape: '65536',
  target: { kind: 'named', name: 'hexagon-v75' },
  strategy: 'random',
  seed: 1,
});
const surroundings = { now: 0, toolVersion: '0' };

it('counts what is left of the budget of an interrupted visit, and a whole one for a new visit', async () => {
  const resolved = await countSubspaces(await resolveStudy(spec, async () => []));
  const store = await openStore(IN_MEMORY, { mode: 'write', clock: systemClock, writer: { role: 'test' } });
  const study = await openStudy(resolved, store, '0');
  const backend = await resolved.backend();
  const { signal } = new AbortController();
  const world = {
    store,
    backend,
    clock: systemClock,
    signal,
    toolVersion: '0',
    environment: {},
    listen: () => {},
  };
  // A search that nothing concludes leaves its visit open.
  await searchStudy(study, { trials: 20 }, world);
  const asked = (trials: number) =>
    forecast({ resolved, calls: 1, priority: 0, budget: { trials } }, store, surroundings);
  const rest = await asked(20);
  expect(rest).toMatchObject({ settled: 20, forMs: 0 });
  const anew = await asked(40);
  expect(anew.forMs).toBeCloseTo(40 * (anew.trialMs ?? Number.NaN));
  await backend.close();
  await store.close();
});

it('opens no backend of a target that compiles', async () => {
  const resolved = await countSubspaces(await resolveStudy(spec, async () => []));
  const compiled = {
    ...resolved,
    target: { ...resolved.target, kind: 'compiled' as const },
    backend: async () => {
      throw new Error('a forecast compiles nothing');
    },
  };
  const asked = { resolved: compiled, calls: 1, priority: 0, budget: { trials: 20 } };
  expect(await forecast(asked, undefined, surroundings)).toMatchObject({ trialMs: null, forMs: null });
});

it('says nothing of a real machine before something was measured there', async () => {
  const native = studySpecSchema.parse({ ...spec, target: { kind: 'named', name: 'wasm' } });
  const resolved = await resolveStudy(native, async () => []);
  const found = await forecast(
    { resolved, calls: 1, priority: 0, budget: { trials: 20 } },
    undefined,
    surroundings,
  );
  expect(found).toMatchObject({ trialMs: null, forMs: null });
  const timed = { resolved, calls: 1, priority: 0, budget: { trials: 20, forMs: 5000 } };
  expect((await forecast(timed, undefined, surroundings)).forMs).toBe(5000);
});
