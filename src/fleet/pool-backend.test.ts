import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Store } from '../../store/store.ts';
import { searchStudy, visitStudy } from '../../tuner/study.ts';
import { memory, world } from '../../tuner/visit.fixture.ts';
import { countSubspaces } from '../ask/count-subspaces.ts';
import { openStudy } from '../ask/open-study.ts';
import { resolveStudy } from '../ask/resolve-study.ts';
import { type StudySpec, studySpecSchema } from '../ask/study-spec.ts';
import { Bench } from './bench.ts';
import type { Fleet, UnleasedJob } from './fleet.ts';
import { fits } from './meant-devices.ts';
import { type Answer, answerSchema, type DeviceJob, deviceJobSchema } from './messages.ts';
import { poolBackend } from './pool-backend.ts';

const spec: StudySpec = studySpecSchema.parse({
  kernel: { kind: 'named', name: 'gelu' },
  shape: '4096',
  target: { kind: 'named', name: 'edge-2mib' },
  strategy: 'evolutionary',
});
const pool = { pattern: '*', fingerprint: 'any' };
const overWire = <T>(schema: { parse(data: unknown): T }, data: unknown): T =>
  schema.parse(JSON.parse(JSON.stringify(data)));

/** Workers in this process, which answer in an order that `delays` decide; `ids` are those of the jobs. */
function fleetOf(
  workers: number,
  delays: readonly number[],
  ids: string[] = [],
): Pick<Fleet, 'ask' | 'count'> {
  const benches = Array.from({ length: workers }, () => ({
    bench: new Bench(resolveStudy),
    turn: Promise.resolve(),
  }));
  let asked = 0;
  return {
    count: () => workers,
    ask: async (work: UnleasedJob, _, signal) => {
      ids.push(work.id);
      const lease = ++asked;
      const job: DeviceJob = overWire(deviceJobSchema, { ...work, lease });
      const worker = benches[lease % workers];
      const mine = worker.turn.then(async () => {
        for (let i = 0; i < delays[lease % delays.length]; i++) await new Promise(setImmediate);
        return overWire(answerSchema, await worker.bench.answer(job, signal));
      });
      worker.turn = mine.then(() => undefined);
      return mine;
    },
  };
}

async function findings(fleet: Pick<Fleet, 'ask' | 'count'>, store: Store, trials = 48): Promise<string> {
  const resolved = await resolveStudy(spec);
  const study = await openStudy(await countSubspaces(resolved), store, 'test');
  const { id, target } = resolved;
  const opened = { rounds: 3, batchSize: 32 };
  const backend = poolBackend({
    fleet,
    pool,
    owner: 'test',
    id,
    spec,
    space: study.space,
    kind: target.kind,
    opened,
  });
  return JSON.stringify(await visitStudy(study, { trials }, world(store, backend)));
}

describe('a pool of devices', () => {
  it('finds the same, to the byte, whatever the number of workers and the order of their answers', async () => {
    const alone = await findings(fleetOf(1, [0]), await memory());
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(2, 8, 64),
        fc.array(fc.nat(5), { minLength: 1, maxLength: 7 }),
        async (workers, delays) => {
          expect(await findings(fleetOf(workers, delays), await memory())).toBe(alone);
        },
      ),
      { numRuns: 4 },
    );
  });

  it('asks for each sample under an id of its own, which is the same after a restart', async () => {
    const ids: string[] = [];
    await findings(fleetOf(2, [0], ids), await memory());
    expect(new Set(ids).size).toBe(ids.length);
    const anew: string[] = [];
    await findings(fleetOf(2, [1, 0], anew), await memory());
    expect(anew[0]).toBe(ids[0]);
    const again: string[] = [];
    const store = await memory();
    await findings(fleetOf(2, [0], again), store, 32);
    const before = new Set(again);
    again.length = 0;
    await findings(fleetOf(2, [0], again), store, 40);
    expect(again.filter((id) => before.has(id))).toEqual([]);
  });
});

describe('a pool whose times vary', () => {
  /** A device that keeps its answers, as Redis does; executions by the ids of their jobs. */
  function keeping(executions: string[]): Pick<Fleet, 'ask' | 'count'> {
    const kept = new Map<string, Promise<Answer>>();
    const measure = async ({
      id,
      samples = [],
    }: Extract<UnleasedJob, { kind: 'measure' }>): Promise<Answer> => {
      await new Promise(setImmediate);
      executions.push(id);
      const measured = samples.map(({ configuration }) => ({
        state: 'timed' as const,
        timeUs: 100 + JSON.stringify(configuration).length,
      }));
      return { kind: 'measured', id, lease: 1, measured };
    };
    return {
      count: () => 4,
      ask: async (work, _, signal) => {
        if (work.kind !== 'measure') throw new Error('asked for no sample');
        const answer = kept.get(work.id) ?? measure(work);
        kept.set(work.id, answer);
        const found = await answer;
        return signal.aborted ? undefined : found;
      },
    };
  }

  it('finds samples of a wave that was cut again, and measures none of them twice', async () => {
    const resolved = await resolveStudy(spec);
    const store = await memory();
    const study = await openStudy(await countSubspaces(resolved), store, 'test');
    const executions: string[] = [];
    const fleet = keeping(executions);
    const trials = 40;
    const opened = { rounds: null, batchSize: 1 };
    const { id, target } = resolved;
    const common = { fleet, pool, owner: 'test', id, spec, space: study.space, kind: target.kind, opened };
    let cuts = 0;
    for (let settled = 0; settled < trials; ) {
      const cut = new AbortController();
      const began = executions.length;
      const pace = setInterval(() => {
        if (executions.length > began + 12) cut.abort();
      }, 0);
      await searchStudy(study, { trials }, world(store, poolBackend(common), { signal: cut.signal }));
      clearInterval(pace);
      if (cut.signal.aborted) cuts++;
      ({ settled } = await store.counts(study.id));
    }
    expect(cuts).toBeGreaterThan(1);
    expect(executions.length).toBeGreaterThanOrEqual(trials);
    expect(new Set(executions).size).toBe(executions.length);
  });
});

describe('a bench', () => {
  const { signal } = new AbortController();
  const job = async (change: object = {}): Promise<DeviceJob> => {
    const { id, study } = await resolveStudy(spec);
    const samples = [{ configuration: study.default, round: 0 }];
    return deviceJobSchema.parse({ kind: 'measure', id: 'j', lease: 7, study: id, spec, samples, ...change });
  };

  it('answers a job that is handed out again with what it measured, under the new lease', async () => {
    let studies = 0;
    const bench = new Bench((asked) => {
      studies++;
      return resolveStudy(asked);
    });
    const first = await bench.answer(await job(), signal);
    const other = { ...spec, seed: 2 };
    expect(await bench.answer(await job({ lease: 8, spec: other }), signal)).toEqual({ ...first, lease: 8 });
    expect(first).toMatchObject({ kind: 'measured', measured: [{ state: 'timed' }] });
    expect(studies).toBe(1);
  });

  it('refuses a study that is another one here, and keeps no refusal', async () => {
    const bench = new Bench(resolveStudy);
    expect(await bench.answer(await job({ study: 'another' }), signal)).toMatchObject({
      kind: 'refused',
      message: expect.stringMatching(/one version/),
    });
    expect(await bench.answer(await job(), signal)).toMatchObject({ kind: 'measured' });
  });

  it('has no result once its signal has aborted', async () => {
    const bench = new Bench(resolveStudy);
    await expect(bench.answer(await job(), AbortSignal.abort())).rejects.toThrow(/abort/i);
  });

  it('measures nothing outside of the space', async () => {
    const bench = new Bench(resolveStudy);
    const samples = [{ configuration: { tile: 'rm -rf /' }, round: 0 }];
    expect(await bench.answer(await job({ samples }), signal)).toMatchObject({
      measured: [{ state: 'unready', reason: 'constraints' }],
    });
  });
});

it.each([
  ['board-*', 'board-1', true],
  ['board-*', 'aboard-1', false],
  ['board.1', 'board-1', false],
  ['*', 'pi', true],
  ['b*1', 'board-1', true],
])('%s fits %s: %s', (pattern, name, answer) => {
  expect(fits(pattern, name)).toBe(answer);
});
