import { describe, expect, it } from 'vitest';
import { IN_MEMORY, openStore } from '../../store/open-store.ts';
import type { Store } from '../../store/store.ts';
import { storeError } from '../../store/store-error.ts';
import { systemClock } from '../../tuner/clock.ts';
import { type Plan, planSchema } from '../ask/plan.ts';
import { type Desktop, desktop, silentLog, workerStore } from '../http/desk.fixture.ts';
import { Daemon } from './daemon.ts';
import type { DaemonEvent } from './event-hub.ts';
import { readTask } from './planned-task.ts';
import { ResolvedStudies } from './resolved-studies.ts';
import { studyQuestions } from './study-questions.ts';
import type { StudyWorker } from './study-thread.ts';
import { Submissions } from './submissions.ts';

const TARGET = 'edge-2mib';
function planOf(plan: object): Plan {
  return planSchema.parse({ targets: [TARGET], strategy: 'random', ...plan });
}

const small = planOf({ studies: [{ kernel: 'gelu', shapes: ['4096'] }], budget: { trials: 40 } });
const long = planOf({ studies: [{ kernel: 'gelu', shapes: ['4096'] }], done: { gain: 0.01, trials: 1e6 } });

const submit = ({ daemon }: Desktop, plan: Plan) => daemon.submit(plan);

const workerOn = (store: Store, workOn: StudyWorker['workOn']): StudyWorker => ({
  ...studyQuestions(store, new ResolvedStudies(workerStore(store))),
  has: () => true,
  workOn,
});

function memory(): Promise<Store> {
  return openStore(IN_MEMORY, { mode: 'write', clock: systemClock, writer: { role: 'test' } });
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 2));
}

async function endOf(desk: Desktop): Promise<unknown> {
  await desk.idle();
  const [plan] = await desk.store.plans();
  return plan.studies.map(({ stoppedBy }) => stoppedBy);
}

describe('a plan', () => {
  it('is completed, reported and ended', async () => {
    const desk = await desktop();
    const events: DaemonEvent[] = [];
    desk.daemon.events.listen(({ event }) => events.push(event));
    const { id, studies } = await submit(desk, small);
    expect(await endOf(desk)).toEqual(['trials']);
    const [{ study, settled, best }] = await desk.store.studies();
    expect({ state: study.state, settled, basis: best?.basis }).toEqual({
      state: 'done',
      settled: 40,
      basis: 'comparison',
    });
    expect(desk.finished).toMatchObject([{ id, studies: [{ state: 'ended' }] }]);
    expect(events.at(0)).toMatchObject({ kind: 'study', study: studies[0].studyId, state: 'open' });
    expect(events).toContainEqual({ kind: 'plan', plan: id, state: 'submitted' });
    expect(events).toContainEqual({ kind: 'ended', study: study.id, plan: id, stoppedBy: 'trials' });
  });

  it('verifies what it found where it asks for it', async () => {
    const desk = await desktop();
    const events: DaemonEvent[] = [];
    desk.daemon.events.listen(({ event }) => events.push(event));
    const plan = planOf({
      studies: [{ kernel: 'gelu', shapes: ['4096'], verify: { by: 0.01 } }],
      budget: { trials: 40 },
    });
    const { id, studies } = await submit(desk, plan);
    const [{ studyId }] = studies;
    expect(await endOf(desk)).toEqual(['trials']);
    const [{ claims, place }] = await desk.store.verifications(studyId);
    expect({ claims, place }).toEqual({ claims: [{ by: 0.01, verdict: 'faster' }], place: 0 });
    expect(events).toContainEqual(
      expect.objectContaining({ kind: 'verification', study: studyId, by: 0.01, verdict: 'faster' }),
    );
    const { body } = await desk.ask('GET', `/v1/plans/${id}`);
    expect(body).toMatchObject({ studies: [{ verification: { by: 0.01, verdict: 'faster' } }] });
    expect(await desk.store.problems()).toEqual([]);
  });

  it('verifies after a restart what a visit found before, without another visit', async () => {
    const store = await memory();
    const first = await desktop({ store });
    const asked = { ...small, verify: true };
    const { id, studies } = await submit(first, asked);
    await until(async () => (await store.plannedEnd(id, studies[0].studyId)) !== undefined);
    await first.daemon.close();
    const second = await desktop({ store });
    expect(await endOf(second)).toEqual(['trials']);
    expect(await store.visits(studies[0].studyId)).toHaveLength(1);
    expect(await store.verifications(studies[0].studyId)).toHaveLength(1);
  });

  it('merges entries of the same study, and adds up their calls', async () => {
    const desk = await desktop();
    const entry = { kernel: 'gelu', shapes: ['4096'] };
    const { studies } = await submit(
      desk,
      planOf({ studies: [entry, { ...entry, calls: 5 }], budget: { trials: 8 } }),
    );
    expect(studies).toMatchObject([{ task: { calls: 6 } }]);
    await desk.idle();
  });

  it('ends when there are no more gains', async () => {
    const desk = await desktop();
    await submit(desk, planOf({ studies: [{ kernel: 'gelu' }], done: { gain: 0.5, trials: 64 } }));
    expect(await endOf(desk)).toEqual(['stalled']);
  });

  it('ends at its time of day, also if that passed while the daemon was off', async () => {
    const store = await memory();
    let now = Date.parse('2026-11-23T23:00:00Z');
    const clock = { now: () => now, elapsed: systemClock.elapsed };
    const sleeping = await Daemon.start({
      store,
      clock,
      log: silentLog,
      toolVersion: 'test',
      threads: () => [workerOn(store, () => new Promise(() => {}))],
      finished: () => {},
      lost: () => {},
    });
    const plan = planOf({ studies: [{ kernel: 'gelu' }], budget: { until: '07:00' } });
    await sleeping.submit(plan);
    now = Date.parse('2026-11-24T09:30:00Z');
    const desk = await desktop({ store, clock });
    expect(await endOf(desk)).toEqual(['deadline']);
  });

  it('keeps its working time when the wall clock changes', async () => {
    let calls = 0;
    const day = 24 * 3600_000;
    const clock = { now: () => 1e12 + (calls++ % 3) * day - day, elapsed: systemClock.elapsed };
    const desk = await desktop({ clock });
    await submit(desk, { ...small, budget: { trials: 40, for: '1h' }, total: { for: '1h' } });
    expect(await endOf(desk)).toEqual(['trials']);
    const [{ study, settled }] = await desk.store.studies();
    expect(settled).toBe(40);
    const [{ activeMs }] = await desk.store.visits(study.id);
    expect(activeMs).toBeLessThan(3600_000);
    expect(await desk.store.problems()).toEqual([]);
  });

  it('ends with its findings when its total is spent', async () => {
    const desk = await desktop();
    const plan = planOf({
      studies: [{ kernel: 'gelu' }, { kernel: 'softmax' }],
      total: { trials: 300 },
      done: { gain: 0.01, trials: 1e6 },
    });
    await submit(desk, plan);
    expect(await endOf(desk)).toEqual(['total', 'total']);
    const studies = await desk.store.studies();
    const trials = studies.reduce((sum, { settled }) => sum + settled, 0);
    expect(trials).toBeGreaterThanOrEqual(300);
    expect(trials).toBeLessThan(300 + 2 * 32);
    for (const { best, settled } of studies) expect(best?.basis).toBe(settled > 0 ? 'comparison' : undefined);
  });

  it('submitted twice is one plan until it has ended, and then another', async () => {
    const desk = await desktop();
    const submissions = new Submissions(desk.daemon);
    const [first, second] = await Promise.all([submissions.submit(small), submissions.submit(small)]);
    expect([first.isNew, second.isNew]).toEqual([true, false]);
    expect(second.record.id).toBe(first.record.id);
    expect(await endOf(desk)).toEqual(['trials']);
    const third = await submissions.submit(small);
    expect(third.isNew).toBe(true);
    expect(third.record.id).not.toBe(first.record.id);
  });

  it('with studies of another plan runs after it, and no configuration is tried again', async () => {
    const desk = await desktop();
    await submit(desk, small);
    await submit(desk, { ...small, budget: { trials: 40, for: '1h' } });
    expect(await endOf(desk)).toEqual(['trials']);
    const [{ study, settled }] = await desk.store.studies();
    expect(settled).toBe(80);
    expect((await desk.store.visits(study.id)).map(({ trialsAtStart }) => trialsAtStart)).toEqual([0, 40]);
    const seen = new Set<string>();
    for await (const { configuration } of desk.store.trials(study.id))
      seen.add(JSON.stringify(configuration));
    expect(seen.size).toBe(80);
  });
});

describe('a user', () => {
  const begun = async (): Promise<Desktop & { id: string }> => {
    const desk = await desktop();
    const { studies } = await submit(desk, long);
    await until(async () => (await desk.store.counts(studies[0].studyId)).settled > 0);
    return { ...desk, id: studies[0].studyId };
  };

  it('pauses a study, which stays paused, also after a restart, until it is resumed', async () => {
    const { daemon, store, id } = await begun();
    await daemon.act('pause', [id]);
    await until(async () => {
      const { settled } = await store.counts(id);
      await new Promise((resolve) => setTimeout(resolve, 20));
      return settled === (await store.counts(id)).settled;
    });
    const { settled } = await store.counts(id);
    await daemon.close();
    const later = await desktop({ store });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await store.counts(id)).settled).toBe(settled);
    expect((await store.study(id))?.state).toBe('paused');
    await later.daemon.act('resume', [id]);
    await until(async () => (await store.counts(id)).settled > settled);
    await later.daemon.act('cancel', [id]);
  });

  it('stops a study, which ends with its comparison', async () => {
    const desk = await begun();
    await desk.daemon.act('stop', [desk.id]);
    expect(await endOf(desk)).toEqual(['stopped']);
    expect((await desk.store.findings(desk.id))?.recommended).not.toBeNull();
    expect(await desk.store.visits(desk.id)).toMatchObject([{ state: 'ended', stoppedBy: 'stopped' }]);
    expect((await desk.store.study(desk.id))?.state).toBe('done');
  });

  it('cancels a study, which ends without a comparison', async () => {
    const desk = await begun();
    await desk.daemon.act('cancel', [desk.id]);
    expect(await endOf(desk)).toEqual(['cancelled']);
    expect(await desk.store.findings(desk.id)).toBeUndefined();
    expect(await desk.store.visits(desk.id)).toMatchObject([{ state: 'ended', stoppedBy: 'cancelled' }]);
    expect((await desk.store.study(desk.id))?.state).toBe('cancelled');
  });
});

describe('a failure', () => {
  it('by a kill between the end of a visit and its record is completed without another visit', async () => {
    const store = await memory();
    const desk = await desktop({ store });
    const { id, studies } = await submit(desk, small);
    await desk.idle();
    await desk.daemon.close();
    const [{ studyId, task }] = studies;
    const later = await store.savePlan({
      id: `${id}x`,
      document: JSON.parse(JSON.stringify(small)),
      studies: [{ studyId, task }],
    });
    await store.beginPlanned(later.id, studyId);
    const surroundings = { toolVersion: 'test', environment: {} };
    const visit = await store.startVisit({ studyId, budget: { trials: 1 }, ...surroundings });
    await store.endVisit(visit.id, { stoppedBy: 'trials', activeMs: 1 });
    const { length } = await store.visits(studyId);
    expect(await endOf(await desktop({ store }))).toEqual(['trials']);
    expect(await store.visits(studyId)).toHaveLength(length);
    expect((await store.plans()).map(({ endedAt }) => endedAt)).not.toContain(null);
  });

  it('of one study ends this study only, after some tries, with the reason', async () => {
    let tries = 0;
    const broken = (store: Store): Pick<StudyWorker, 'workOn'> => ({
      workOn: async ({ task }) => {
        if (task.spec.kernel.name === 'softmax') {
          tries++;
          throw new Error('the backend is gone');
        }
        await store.startVisit({
          studyId: task.studyId,
          budget: task.budget,
          toolVersion: '1',
          environment: {},
        });
        return 'trials';
      },
    });
    const desk = await desktop({ slices: broken });
    await submit(
      desk,
      planOf({ studies: [{ kernel: 'softmax' }, { kernel: 'gelu' }], budget: { trials: 8 } }),
    );
    expect(await endOf(desk)).toEqual(['failed: the backend is gone', 'trials']);
    expect(tries).toBe(3);
  });

  it.each(['corrupt', 'read-only', 'io'] as const)(
    'of the store (%s) ends the daemon, and the next one continues the plan',
    async (kind) => {
      const store = await memory();
      const lost: string[] = [];
      const daemon = await Daemon.start({
        store,
        clock: systemClock,
        log: silentLog,
        toolVersion: 'test',
        threads: () => [workerOn(store, () => Promise.reject(storeError(kind, 'here')))],
        finished: () => {},
        lost: (error) => lost.push(error.kind),
      });
      await daemon.submit(small);
      await until(() => lost.length > 0);
      await daemon.close();
      expect(lost).toEqual([kind]);
      expect(await endOf(await desktop({ store }))).toEqual(['trials']);
    },
  );

  it('by a full disk makes the daemon wait for room', async () => {
    const store = await memory();
    let isFull = true;
    const lost: string[] = [];
    const daemon = await Daemon.start({
      store,
      clock: systemClock,
      log: silentLog,
      toolVersion: 'test',
      roomMs: 5,
      threads: () => [
        workerOn(store, async () => (isFull ? Promise.reject(storeError('full', 'here')) : 'trials')),
      ],
      finished: () => {},
      lost: ({ kind }) => lost.push(kind),
    });
    const { studies } = await daemon.submit(small);
    const [{ studyId }] = studies;
    await until(() => daemon.active === 0);
    expect(daemon.live.of(studyId)?.trouble).toMatch(/disk of here is full/);
    await daemon.act('pause', [studyId]);
    isFull = false;
    await until(() => daemon.active === 1);
    expect((await store.study(studyId))?.state).toBe('paused');
    await daemon.act('resume', [studyId]);
    await until(async () => (await store.plans({ active: true })).length === 0);
    await daemon.close();
    await store.close();
    expect(lost).toEqual([]);
  });

  it('by a full disk at the end of a study delays the record of the end until there is room', async () => {
    const store = await memory();
    let refusals = 2;
    const endPlanned: typeof store.endPlanned = async (...words) => {
      if (refusals-- > 0) throw storeError('full', 'here');
      return store.endPlanned(...words);
    };
    const full = { ...store, endPlanned };
    const daemon = await Daemon.start({
      store: full,
      clock: systemClock,
      log: silentLog,
      toolVersion: 'test',
      roomMs: 5,
      threads: () => [workerOn(store, async () => 'trials')],
      finished: () => {},
      lost: () => {},
    });
    await daemon.submit(small);
    await until(async () => (await store.plans({ active: true })).length === 0);
    await daemon.close();
    await store.close();
    expect(refusals).toBeLessThan(0);
  });

  it('by a changed target ends the study and says why', async () => {
    const store = await memory();
    const idle: Pick<StudyWorker, 'workOn'> = {
      workOn: (_, signal) =>
        new Promise((resolve) => signal.addEventListener('abort', () => resolve('interrupted'))),
    };
    const first = await desktop({ store, slices: () => idle });
    const { id, studies } = await submit(first, small);
    const [{ studyId, task }] = studies;
    const changed = {
      ...task,
      spec: { ...readTask(studies[0]).spec, target: { kind: 'named', name: 'hexagon-v75' } },
    };
    await store.savePlan({
      id: `${id}x`,
      document: JSON.parse(JSON.stringify(small)),
      studies: [{ studyId, task: changed }],
    });
    await store.endPlan(id);
    const desk = await desktop({ store });
    await desk.idle();
    const plans = await store.plans();
    expect(plans.at(-1)?.studies[0].stoppedBy).toMatch(/^failed: gelu on hexagon-v75 has changed/);
  });
});
