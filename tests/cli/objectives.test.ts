import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { studyTimelines } from '../../src/dashboard/timelines-page.ts';
import { bestDocumentSchema } from '../../src/documents/best.ts';
import { exportDocumentSchema } from '../../src/documents/export.ts';
import { studyDocumentSchema } from '../../src/documents/findings.ts';
import { trialsDocumentSchema } from '../../src/documents/lists.ts';
import { lockDocumentSchema } from '../../src/documents/lock.ts';
import { drawnCalls } from '../../src/report/timeline/stored.ts';
import { openStore } from '../../store/open-store.ts';
import { systemClock } from '../../tuner/clock.ts';
import { temporaryFolder } from './command-line.fixture.ts';
import { inProcess } from './in-process.fixture.ts';

const folder = temporaryFolder();
afterAll(folder.remove);
const at = (name: string): string => join(folder.path, name);

/** Runs these words with a store of this name. */
const nightshift = (store: string, ...words: readonly string[]) =>
  inProcess(words, { NIGHTSHIFT_STORE: at(store) });

/** Slow and frugal, fast and hungry, dominated; what is measured once is not a number. */
const SCRIPT = `#!/bin/sh
while read -r line; do case "$line" in
  *1*) echo '{"timeUs": 9000, "energyJ": 1, "gain": -3}' ;;
  *2*) echo '{"timeUs": 3000, "energyJ": 4, "hits": NaN}' ;;
  *3*) echo '{"timeUs": 9500, "energyJ": 5, "hits": 12}' ;;
esac; done
`;

beforeAll(() => {
  writeFileSync(at('mine.json'), JSON.stringify({ parameters: [{ name: 'n', values: [3, 1, 2] }] }));
  writeFileSync(at('measure.sh'), SCRIPT);
  chmodSync(at('measure.sh'), 0o755);
});

const listed = z.looseObject({
  trials: z.array(
    z.looseObject({
      configuration: z.record(z.string(), z.unknown()),
      reason: z.string().optional(),
      metrics: z.record(z.string(), z.number()).optional(),
    }),
  ),
});
const trialsOf = (json: string) => listed.parse(trialsDocumentSchema.parse(JSON.parse(json))).trials;

const tune = (store: string, ...words: readonly string[]) =>
  nightshift(
    store,
    ...[
      'tune',
      '--space',
      at('mine.json'),
      '--target',
      'command:board',
      '--quiet',
      '--serve',
      '--trials',
      '3',
    ],
    ...[...words, '--format', 'json', '--', at('measure.sh')],
  );

it('seeks the Pareto optima of what a program reports; metrics are listed, drawn, exported and imported', async () => {
  const { stdout } = await tune('front.db', '--objective', 'energyJ,time');
  const { study, front, warnings } = studyDocumentSchema.parse(JSON.parse(stdout));
  expect(study.objective).toBe('time,energyJ');
  expect(front?.members.map(({ configuration }) => configuration)).toEqual([{ n: 2 }, { n: 1 }]);
  expect(front?.default?.configuration).toEqual({ n: 3 });
  expect(warnings.join()).toMatch(/not kept: .*gain is -3/);
  await nightshift('front.db', 'report', '--html', at('report.html'));
  expect(readFileSync(at('report.html'), 'utf8')).toContain('2 Pareto optima of time and energyJ');
  const list = await nightshift('front.db', 'trials', '--format', 'csv');
  expect(list.stdout.split('\n')[0]).toContain('time_us,energyJ,hits,subset');
  await nightshift('front.db', 'export', '--format', 't4', '--out', at('t4'));
  const [file] = readdirSync(at('t4'));
  expect(readFileSync(join(at('t4'), file), 'utf8')).toMatch(/"objectives": \[\s*"time",\s*"energyJ"\s*\]/);
  expect((await nightshift('again.db', 'import', join(at('t4'), file))).code).toBe(0);
  const again = trialsOf((await nightshift('again.db', 'trials', '--format', 'json')).stdout);
  expect(again.find(({ configuration }) => configuration.n === 3)?.metrics).toEqual({ energyJ: 5, hits: 12 });
});

it('is answered and exported by what was sought', async () => {
  await tune('sought.db', '--objective', 'energyJ');
  await tune('sought.db');
  const best = async (...words: readonly string[]) => {
    const answer = await nightshift('sought.db', 'best', 'mine', '--format', 'json', ...words);
    return answer.code === 0 ? bestDocumentSchema.parse(JSON.parse(answer.stdout)) : answer;
  };
  expect(await best()).toMatchObject({ configuration: { n: 2 }, metrics: { energyJ: 4 } });
  const frugal = { objective: 'energyJ', metrics: { energyJ: 1 } };
  expect(await best('--objective', 'energyJ')).toMatchObject({ configuration: { n: 1 }, ...frugal });
  expect(await best('--limit', 'energyJ <= 2')).toMatchObject({
    code: 6,
    stderr: expect.stringContaining('no study of mine there seeks time where energyJ<=2'),
  });
  expect(await best('--objective', 'energyJ', '--robust')).toMatchObject({ code: 2 });
  const alone = ['export', '--format', 'json,lock,env', '--out', at('tuned')];
  for (const [asked, found] of [
    [['--objective', 'energyJ'], frugal],
    [[], { metrics: { energyJ: 4 } }],
  ] as const) {
    await nightshift('sought.db', ...alone, ...asked);
    const read = (name: string) => readFileSync(join(at('tuned'), name), 'utf8');
    const document = exportDocumentSchema.parse(JSON.parse(read('board.json')));
    expect(document.kernels[0].shapes[0]).toMatchObject(found);
    expect(lockDocumentSchema.parse(JSON.parse(read('nightshift.lock.json'))).entries[0]).toMatchObject(
      found,
    );
    expect(read('board.env').includes('sought for energyJ; energyJ 1;')).toBe(asked.length > 0);
  }
  const t4 = at('t4-frugal');
  await nightshift('sought.db', 'export', '--format', 't4', '--out', t4, '--objective', 'energyJ');
  expect(
    readdirSync(t4).map((name) =>
      /"objectives": \[\s*"energyJ"\s*\]/.test(readFileSync(join(t4, name), 'utf8')),
    ),
  ).toEqual([true]);
  expect(await nightshift('sought.db', ...alone, '--limit', 'energyJ <= 2')).toMatchObject({
    code: 6,
    stderr: expect.stringContaining('any kernel sought for time where energyJ<=2'),
  });
});

it('shows the metric of a limit beside it, and tells in a comparison what each side was tuned for', async () => {
  await tune('both.db', '--limit', 'energyJ <= 4.5');
  const { stdout: found } = await nightshift('both.db', 'best', 'mine');
  expect(found).toContain('energyJ 4, for energyJ<=4.5');
  await tune('both.db');
  const { stdout: list } = await nightshift('both.db', 'studies', '--format', 'json');
  const asked = z.looseObject({ id: z.string(), objective: z.string().optional() });
  const { studies } = z.looseObject({ studies: z.array(asked) }).parse(JSON.parse(list));
  const limited = studies.find(({ objective }) => objective !== undefined)?.id ?? '';
  const free = studies.find(({ objective }) => objective === undefined)?.id ?? '';
  const { stdout } = await nightshift('both.db', 'compare', limited, free);
  expect(stdout).toContain(', before: it was tuned for time where energyJ<=4.5.');
  expect(stdout).not.toContain('after: it was tuned');
});

describe('the simulator', () => {
  const line = ['tune', 'softmax', '--shape', '64x256', '--trials', '40', '--quiet'];

  it('has metrics of its own, and names them where another is asked for', async () => {
    const { stdout } = await nightshift('npu.db', ...line, '--objective', 'time,scratchpadBytes');
    expect(stdout).toMatch(/Pareto optim.* of time and scratchpadBytes, simulated/);
    expect(stdout).toMatch(/, for time,scratchpadBytes\n/);
    const { stdout: found } = await nightshift(
      'npu.db',
      'best',
      'softmax',
      '--shape',
      '64x256',
      '--format',
      'json',
    );
    const { objective, front, configuration } = bestDocumentSchema.parse(JSON.parse(found));
    expect(objective).toBe('time,scratchpadBytes');
    expect(front?.members[0].configuration).toEqual(configuration);
    const plain = await nightshift('npu.db', ...line);
    expect(plain.code).toBe(0);
    const { stdout: fastest } = await nightshift(
      'npu.db',
      'best',
      'softmax',
      '--shape',
      '64x256',
      '--format',
      'json',
    );
    expect(bestDocumentSchema.parse(JSON.parse(fastest)).timeUs).toBeLessThanOrEqual(
      front?.members[0].timeUs ?? 0,
    );
  });

  it.each([
    [
      ['--objective', 'energyJ'],
      /objective: target 'hexagon-v75' reports no energyJ.*time, scratchpadBytes, threads/,
    ],
    [['--limit', 'energyJ <= 2'], /limit: target 'hexagon-v75' reports no energyJ/],
    [['--limit', 'threads = 2'], /limit: 'threads = 2' is no limit/],
    [['--objective', 'time,threads', '--strategy', 'annealing'], /strategy: 'annealing' seeks one objective/],
    [['--target', 'wasm', '--objective', 'threads'], /target 'wasm' reports no threads.*it reports time/],
  ])('refuses %j', async (words, message) => {
    const { code, stderr } = await nightshift('refused.db', ...line, ...words);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  it('keeps a limit in every configuration that it recommends', async () => {
    const asked = ['--limit', 'scratchpadBytes <= 40000', '--format', 'json'];
    const { stdout } = await nightshift('limited.db', ...line, ...asked);
    const { best } = studyDocumentSchema.parse(JSON.parse(stdout));
    const list = await nightshift('limited.db', 'trials', '--format', 'json');
    const trials = trialsOf(list.stdout);
    const known = trials.find(
      ({ configuration }) => JSON.stringify(configuration) === JSON.stringify(best?.configuration),
    );
    expect(known?.metrics?.scratchpadBytes ?? 0).toBeLessThanOrEqual(40_000);
    expect(
      trials.some(
        ({ reason, metrics }) => reason === 'constraints' && (metrics?.scratchpadBytes ?? 0) > 40_000,
      ),
    ).toBe(true);
  });

  it('has one reason why a gain over a default over a limit is unknown', async () => {
    const asked = ['silu-mul', '--shape', '65536', '--target', 'edge-2mib', '--format', 'json'];
    const few = ['--trials', '24', '--strategy', 'random', '--seed', '3', '--quiet'];
    const over = { unknown: 'not applicable', why: 'the default is over a limit' };
    const tuned = await nightshift(
      'over.db',
      'tune',
      ...asked,
      ...few,
      '--limit',
      'scratchpadBytes <= 262144',
    );
    const { study, gainOverDefault, best } = studyDocumentSchema.parse(JSON.parse(tuned.stdout));
    expect(best).not.toBeNull();
    expect(gainOverDefault).toEqual(over);
    const found = await nightshift('over.db', 'best', ...asked);
    expect(bestDocumentSchema.parse(JSON.parse(found.stdout)).gainOverDefault).toEqual(over);

    const store = await openStore(at('over.db'), { mode: 'read', clock: systemClock });
    const drawn = await studyTimelines(study.id, store, async (first, second) => drawnCalls(first, second));
    await store.close();
    expect(drawn?.sentence).toMatch(/ default that is over a limit \(/);
  });
});
