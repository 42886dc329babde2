import { expect, it } from 'vitest';
import { z } from 'zod';
import { isKnown, unknown } from '../../tuner/attribution/gain.ts';
import { importanceInStudy } from '../answers/importance.ts';
import { whyOf } from '../answers/why/why.ts';
import { planSummary } from '../daemon/plan-summary.ts';
import { parseFindings } from '../documents/findings.ts';
import { whyFigures } from '../report/story/figures-of.ts';
import { inlineSvg } from '../report/svg/figure.ts';
import { fitSentence, importanceRows, smallSentence } from '../report/words/importance.ts';
import { whySentences } from '../report/words/why.ts';
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
      note: [smallSentence(found), fitSentence(found)].filter((text) => text !== '').join(' '),
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

it('says of a study what the list, the plan and the timelines show', async () => {
  const { ask, store, idle } = await desktop();
  const plan = { targets: ['edge-2mib'], strategy: 'random', budget: { trials: 60 } };
  await ask('POST', '/v1/plans', {
    plan: { ...plan, studies: [{ kernel: 'gelu', shapes: ['65536'], calls: 3 }] },
  });
  await idle();
  const [{ study, best }] = await store.studies();
  const data = (path: string) => ask('GET', `/dashboard/data/${path}`);

  const [listed] = z.array(z.looseObject({})).parse((await data('listed')).body);
  const [fastest] = await store.fastest(study.id, 1);
  expect(listed).toMatchObject({ fastestUs: fastest.timeUs, comparedUs: best?.timeUs, trials: 60 });
  expect((await data(`listed/${study.id}`)).body).toEqual(listed);

  const later = await data(`studies/${study.id}/trials?from=58`);
  expect(later.body).toMatchObject({ settled: 60, isCut: false, trials: [{ number: 58 }, { number: 59 }] });

  const [{ id }] = await store.plans();
  const wholes = z.array(z.looseObject({ order: z.array(z.string()), svg: z.string() }));
  const [plain] = wholes.parse((await data(`wholes/${id}`)).body);
  const [coloured] = wholes.parse((await data(`wholes/${id}?coloured=true`)).body);
  for (const { order, svg } of [plain, coloured]) {
    expect(order).toEqual([study.id]);
    expect(svg).toContain(`href="#/study/${study.id}"`);
  }
  expect(plain.svg).not.toContain('part-compute');
  expect(coloured.svg).toContain('part-compute');
  expect((await ask('GET', `/v1/plans/${id}`)).body).toMatchObject({
    studies: [{ calls: 3, from: 'simulator' }],
    sums: [{ comparedUs: expect.closeTo(3 * (best?.timeUs ?? 0), 6) }],
  });

  const { sentence, svg } = z
    .object({ sentence: z.string(), svg: z.string() })
    .parse((await data(`timelines/${study.id}`)).body);
  expect(sentence).toMatch(/^use takes .* as fast as default .* less for /);
  expect(svg.match(/<g class="call"/g)).toHaveLength(2);

  const moved = await data(`what-if/${study.id}?changes=dmaGBps%3D1&flips=true`);
  const comparison = await store.comparison((await store.findings(study.id))?.comparisonId ?? -1);
  const { candidates } = z
    .looseObject({ candidates: z.array(z.object({ todayUs: z.number() })) })
    .parse(moved.body);
  const simulated = candidates.map(({ todayUs }) => todayUs.toPrecision(9));
  expect(comparison?.variants.length).toBeGreaterThan(3);
  for (const timeUs of comparison?.roundsUs[0] ?? []) expect(simulated).toContain(timeUs?.toPrecision(9));
  expect(moved.body).toMatchObject({
    flips: [expect.stringContaining('dmaGBps='), expect.stringContaining('With dmaGBps=1 the best takes ')],
  });
  const refused = await data(`what-if/${study.id}?changes=speed%3D1`);
  expect(refused).toMatchObject({
    status: 400,
    body: { error: { message: expect.stringContaining("'speed'") } },
  });
});

it('leaves a study whose gain is unknown out of a plan’s sum', async () => {
  const { ask, store, idle } = await desktop();
  const studies = [
    { kernel: 'gelu', shapes: ['65536'], calls: 3 },
    { kernel: 'relu', shapes: ['65536'] },
  ];
  const plan = { targets: ['edge-2mib'], strategy: 'random', budget: { trials: 60 }, studies };
  await ask('POST', '/v1/plans', { plan });
  await idle();
  const [{ id }] = await store.plans();
  const record = await store.plan(id);
  const [{ study }] = await store.studies({ kernelName: 'relu' });
  const found = await store.findings(study.id);
  if (record === undefined || found?.document == null) throw new Error('the plan found nothing');
  const noise = unknown('disturbed', '1 of 9 rounds clean');
  const disturbed = { ...found, document: { ...found.document, gainOverDefault: noise } };
  const noisy: typeof store = {
    ...store,
    findings: async (of) => (of === study.id ? disturbed : store.findings(of)),
  };
  const { studies: planned } = await planSummary(record, noisy);
  const gainOf = (kernel: string) => planned.find((each) => each.kernel === kernel)?.gainOverDefault;
  expect(gainOf('relu')).toMatchObject({ unknown: expect.any(String) });
  expect(gainOf('gelu')).toMatchObject({ value: expect.any(Number), low: expect.any(Number) });
  expect((await planSummary(record, store)).sums).toMatchObject([{ studies: 2 }]);
  expect((await planSummary(record, noisy)).sums).toMatchObject([{ studies: 1 }]);
});

it('says why two studies have no ratio as `nightshift compare` does, and has none elsewhere', async () => {
  const { ask, store, idle } = await desktop();
  const studies = ['gelu', 'relu'].map((kernel) => ({ kernel, shapes: ['65536'] }));
  const targets = ['edge-2mib', 'hexagon-v75'];
  await ask('POST', '/v1/plans', {
    plan: { targets, strategy: 'random', budget: { trials: 2 }, studies },
  });
  await idle();
  const all = await store.studies();
  const idOf = (name: string, on: string) =>
    all.find(({ kernel, target }) => kernel.name === name && target.name === on)?.study.id;
  const whyNot = (name: string, on: string) =>
    ask('GET', `/dashboard/data/compare/${idOf('gelu', 'edge-2mib')}/${idOf(name, on)}`);
  const notComparable = 'their times are not comparable';
  const timelines = async (name: string, on: string) =>
    (await ask('GET', `/dashboard/data/timelines/${idOf('gelu', 'edge-2mib')}/${idOf(name, on)}`)).body;
  expect(await timelines('relu', 'edge-2mib')).toEqual({ isNone: true });
  expect(await timelines('gelu', 'hexagon-v75')).toMatchObject({ sentence: null });
  expect((await whyNot('gelu', 'hexagon-v75')).body).toEqual({
    state: 'refused',
    why: `edge-2mib and hexagon-v75 are different targets: ${notComparable}`,
  });
  expect((await whyNot('relu', 'edge-2mib')).body).toEqual({
    state: 'refused',
    why: `gelu 65536 f32 and relu 65536 f32 are different computations: ${notComparable}`,
  });
});

it('shows why a study’s best wins in the figures and words of the report', async () => {
  const { ask, store, idle } = await desktop();
  const studies = [{ kernel: 'gelu', shapes: ['65536'] }];
  await ask('POST', '/v1/plans', {
    plan: { targets: ['edge-2mib'], strategy: 'random', studies, budget: { trials: 40 } },
  });
  await idle();
  const [summary] = await store.studies();
  const { id } = summary.study;
  const findings = parseFindings(await store.findings(id));
  if (findings === undefined) throw new Error('the study has no findings');
  const found = await whyOf(summary, findings, store);
  const { why, roofline } = whyFigures(id, found);
  if (why === undefined || roofline === undefined) throw new Error('nothing to draw');
  expect(await ask('GET', `/dashboard/data/why/${id}`)).toMatchObject({
    status: 200,
    body: { sentences: whySentences(found), figures: { why: inlineSvg(why), roofline: inlineSvg(roofline) } },
  });
  expect(await ask('GET', '/dashboard/data/why/nope')).toMatchObject({ status: 404 });
});
