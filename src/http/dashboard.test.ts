import { expect, it } from 'vitest';
import { isKnown } from '../../tuner/attribution/gain.ts';
import { importanceInStudy } from '../answers/importance.ts';
import { fitSentence, importanceRows } from '../report/words/importance.ts';
import { desktop } from './desk.fixture.ts';

it('shows the importance that `nightshift importance` says, or why there is none', async () => {
  const { ask, store, idle } = await desktop();
  const plan = { targets: ['edge-2mib'], strategy: 'random' };
  await ask('POST', '/v1/plans', {
    plan: { ...plan, studies: [{ kernel: 'gelu', shapes: ['65536'] }], budget: { trials: 40 } },
  });
  await idle();
  const [{ study }] = await store.studies();
  const found = await importanceInStudy(study, store);
  if (!isKnown(found)) throw new Error(found.why);
  const page = await ask('GET', `/dashboard/data/importance/${study.id}`);
  expect(page).toMatchObject({
    status: 200,
    body: {
      shares: importanceRows(found),
      ranked: found.parameters.map(({ name }) => name),
      note: fitSentence(found),
    },
  });
  await ask('POST', '/v1/plans', {
    plan: { ...plan, studies: [{ kernel: 'relu', shapes: ['65536'] }], budget: { trials: 4 } },
  });
  await idle();
  const [short] = await store.studies({ kernelName: 'relu' });
  const other = await ask('GET', `/dashboard/data/importance/${short.study.id}`);
  expect(await ask('GET', '/dashboard/data/importance/nope')).toMatchObject({ status: 404 });
  expect(other.body).toMatchObject({
    shares: [],
    note: expect.stringContaining('too few to tell what matters'),
  });
});
