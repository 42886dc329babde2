import { expect, it } from 'vitest';
import { unknown } from '../../tuner/attribution/gain.ts';
import { desktop } from '../http/desk.fixture.ts';
import { importancePage } from './importance-page.ts';

const whole = {
  parameters: [
    { name: 'threads', share: 0.99 },
    ...['vectorBytes', 'unroll'].map((name) => ({ name, share: 0.004 })),
  ],
  interactions: [],
  idle: [],
  fit: 0.9,
  trials: 60,
};
const share = (name: string, of: number) => ({ name, share: of, low: of, high: of });

it('calls a parameter idle where neither the whole nor the best tenth tells of it, and none before that is known', async () => {
  const { ask, store, idle } = await desktop();
  const studies = [{ kernel: 'gelu', shapes: ['4096'] }];
  await ask('POST', '/v1/plans', {
    plan: { targets: ['edge-2mib'], strategy: 'random', budget: { trials: 2 }, studies },
  });
  await idle();
  const [{ study }] = await store.studies();
  const names = study.space.parameters.map(({ name }) => name);
  const rest = names.filter((name) => !['threads', 'vectorBytes', 'unroll'].includes(name));
  const all = {
    ...whole,
    parameters: [...whole.parameters, ...rest.map((name) => ({ name, share: 0.001 }))],
  };
  const amongBest = {
    parameters: names.map((name) => share(name, name === 'unroll' ? 0.5 : 0)),
    best: 6,
    trials: 60,
  };
  const idleOf = async (best: typeof amongBest | ReturnType<typeof unknown>) =>
    (await importancePage(study.id, store, async () => ({ whole: all, amongBest: best })))?.idle;
  expect(await idleOf(amongBest)).toEqual(names.filter((name) => name !== 'threads' && name !== 'unroll'));
  expect(await idleOf(unknown('not tried', 'too few trials'))).toEqual([]);
});
