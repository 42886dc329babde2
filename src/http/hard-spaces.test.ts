import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readSpaceFile } from '../../search-space/space-file.ts';
import { desktop } from './desk.fixture.ts';

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1);
const parametersOf = (count: number, values: unknown) =>
  Array.from({ length: count }, (_, i) => ({ name: `p${i}`, values }));
const joined = (count: number, sign: string) =>
  upTo(count)
    .map((i) => `p${i - 1}`)
    .join(sign);
const study = (parameters: readonly object[], constraints: readonly string[] = []) => ({
  kernel: { name: 'mine' },
  target: { name: 'board' },
  space: { parameters, constraints },
  strategy: 'random',
});
const tooHard = { parameters: parametersOf(2, 'range(10000)'), constraints: ['p0 < p1'] };
const opened = z.object({ id: z.string() });
const trials = z.object({ trials: z.array(z.object({ configuration: z.record(z.string(), z.number()) })) });

describe('a study with a hard space', () => {
  it.each([
    ['a sum of 32 parameters', study(parametersOf(32, upTo(8)), [`${joined(32, ' + ')} == 45`])],
    ['100,000 values', study(parametersOf(1, upTo(100_000)))],
    ['a remainder of a product', study(parametersOf(3, upTo(1000)), ['p0 * p1 * p2 % 1009 == 1'])],
  ])('is opened, asked and told: %s', async (_, body) => {
    const { ask } = await desktop();
    const answer = await ask('POST', '/v1/studies', body);
    expect(answer.status).toBe(201);
    const { id } = opened.parse(answer.body);
    const given = trials.parse((await ask('POST', `/v1/studies/${id}/ask`, { count: 2 })).body).trials;
    expect(given).toHaveLength(2);
    const results = given.map(({ configuration }) => ({ configuration, timeUs: 5 }));
    expect(await ask('POST', `/v1/studies/${id}/tell`, { results })).toMatchObject({
      status: 200,
      body: { settled: [0, 1], repeated: 0 },
    });
  });

  it('is refused within the limits of requests where it was stored by somebody else', async () => {
    const { ask, store } = await desktop();
    const { parameters, constraints } = readSpaceFile(tooHard);
    const other = study(parametersOf(1, [1]));
    const small = opened.parse((await ask('POST', '/v1/studies', other)).body);
    const known = await store.study(small.id);
    if (known === undefined) throw new Error('the study was not kept');
    const configuration = { p0: 1, p1: 2 };
    // As an import leaves it: the command line counts more than the daemon.
    const { id } = await store.openStudy({
      ...known,
      spaceHash: 'hard',
      space: { parameters, constraints },
      defaultConfiguration: configuration,
    });
    const results = [{ configuration, timeUs: 5 }];
    for (const [question, body] of [
      ['ask', { count: 1 }],
      ['tell', { results }],
      ['predict', { configurations: [configuration] }],
    ] as const) {
      const answer = await ask('POST', `/v1/studies/${id}/${question}`, body);
      expect([question, answer.status, JSON.stringify(answer.body)]).toEqual([
        question,
        400,
        expect.stringContaining("too hard to count: 'p0 < p1' on p1, p0 took more than 256 MiB"),
      ]);
    }
    expect(await store.counts(id)).toMatchObject({ settled: 0, running: 0 });
  });

  it('is refused where a plan forbids more than is read of it', async () => {
    const { ask, store } = await desktop();
    const forbid = Array.from({ length: 21 }, (_, i) => `tile ${' '.repeat(9900)}== ${i}`);
    const entry = { kernel: 'gelu', targets: ['edge-2mib'], forbid };
    const answer = await ask('POST', '/v1/plans', { plan: { studies: [entry] } });
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body)).toContain('characters in all; at most 200,000 are read');
    expect(await store.studies()).toEqual([]);
  });

  it.each([
    ['takes too much', { ...study([]), space: tooHard }, "'p0 < p1' on p1, p0 took more than 256 MiB"],
    [
      'has too many values',
      study(parametersOf(1, upTo(100_001))),
      'has 100,001 values; at most 100,000 are read',
    ],
    ['is no space', { ...study([]), space: undefined }, 'space: is missing'],
    ['is a text', { ...study([]), space: 'x' }, 'space: must be an object, got'],
    ['is empty', study(parametersOf(2, [1]), ['p0 > p1']), "'p0 > p1' leaves nothing"],
    [
      'has another default',
      { ...study(parametersOf(1, [1])), default: { p0: 2 } },
      'default: p0 cannot be 2, only 1',
    ],
  ])('is refused where it %s', async (_, body, message) => {
    const { ask, store } = await desktop();
    const answer = await ask('POST', '/v1/studies', body);
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'bad-input' } } });
    expect(JSON.stringify(answer.body)).toContain(message);
    expect(await store.studies()).toEqual([]);
    expect(await store.kernels()).toEqual([]);
  });
});
