import { describe, expect, it } from 'vitest';
import { studySpecSchema } from '../ask/study-spec.ts';
import type { SliceEnd, StudyTask } from './messages.ts';
import { type Assignment, Scheduler } from './scheduler.ts';
import { afterSlice, claim, NO_YIELD } from './share.ts';
import type { FleetWorker, StudyWorker } from './study-thread.ts';

type Log = { study: string; kind: 'begin' | 'end' }[];

const opensNothing: Pick<FleetWorker, 'open' | 'has' | 'spread'> = {
  spread: async (spec) => [spec],
  open: () => Promise.reject(new Error('not here')),
  has: () => false,
};

const tick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));

/** Slices that take a few ticks and end when they are asked to; after `length` slices a study is done. */
function fakeThread(log: Log, length: number, counts: Map<string, number>): FleetWorker {
  return {
    ...opensNothing,
    async workOn({ task: { studyId }, conclude }, signal): Promise<SliceEnd> {
      log.push({ study: studyId, kind: 'begin' });
      for (let i = 0; i < 3 && !signal.aborted; i++) await tick();
      log.push({ study: studyId, kind: 'end' });
      if (conclude) return 'concluded';
      const count = (counts.get(studyId) ?? 0) + 1;
      counts.set(studyId, count);
      return count >= length ? 'trials' : 'interrupted';
    },
  };
}

function assignment(studyId: string, kind: 'simulator' | 'wasm' = 'simulator', priority = 0): Assignment {
  const target = { kind: 'named', name: 'edge-2mib' } as const;
  const spec = studySpecSchema.parse({ kernel: { kind: 'named', name: 'gelu' }, target });
  const task: StudyTask = { studyId, kind, spec, budget: {} };
  return { task, priority, bestUs: Number.POSITIVE_INFINITY };
}

function setUp(threads = 2, length = 3) {
  const log: Log = [];
  const counts = new Map<string, number>();
  const ended: string[] = [];
  const reasons: string[] = [];
  const failed: string[] = [];
  const makers = Array.from({ length: threads }, () => fakeThread(log, length, counts));
  const scheduler = new Scheduler(makers, {
    ended: ({ task }, why) => {
      ended.push(task.studyId);
      reasons.push(why);
    },
    failed: ({ task }) => failed.push(task.studyId),
  });
  const drained = async (): Promise<void> => {
    for (let i = 0; i < 2000 && scheduler.active > 0; i++) await tick();
  };
  return { scheduler, log, counts, ended, reasons, failed, drained };
}

describe('the scheduler', () => {
  it('completes all studies, in parallel', async () => {
    const { scheduler, log, ended, drained } = setUp();
    for (const name of ['a', 'b', 'c']) scheduler.assign(assignment(name));
    await drained();
    expect(ended.sort()).toEqual(['a', 'b', 'c']);
    expect(log.slice(0, 2).map(({ kind }) => kind)).toEqual(['begin', 'begin']);
  });

  it('lets studies of the fleet wait for their devices while one measures alone on this machine', async () => {
    const log: Log = [];
    const [here, away] = [fakeThread(log, 3, new Map()), fakeThread(log, 3, new Map())];
    let ended = 0;
    const scheduler = new Scheduler([here], { ended: () => ended++, failed: () => {} }, [away]);
    const alone = assignment('alone', 'wasm');
    const { spec } = alone.task;
    const ofFleet = { ...spec, target: { kind: 'device', device: 'board-*' } } as const;
    scheduler.assign(alone);
    scheduler.assign({ ...alone, task: { ...alone.task, studyId: 'far', kind: 'device', spec: ofFleet } });
    for (let i = 0; i < 2000 && scheduler.active > 0; i++) await tick();
    expect(ended).toBe(2);
    expect(log.slice(0, 2).map(({ kind }) => kind)).toEqual(['begin', 'begin']);
    await scheduler.stop();
  });

  it('visits a study on the thread that opened it, as its space is there', async () => {
    const visits: string[] = [];
    const worker = (name: string): StudyWorker => {
      const opened = new Set<string>();
      return {
        open: async (spec) => {
          opened.add(spec.kernel.name);
          return { studyId: spec.kernel.name, spec, usualBudget: {} };
        },
        has: (studyId) => opened.has(studyId),
        workOn: async ({ task: { studyId } }) => {
          visits.push(`${studyId} on ${name}${opened.has(studyId) ? '' : ', built again'}`);
          await tick();
          return 'trials';
        },
      };
    };
    const scheduler = new Scheduler(['0', '1', '2'].map(worker), { ended: () => {}, failed: () => {} });
    const names = ['a', 'b', 'c'];
    for (const name of names) {
      const kernel = { kind: 'named', name } as const;
      await scheduler.open(studySpecSchema.parse({ kernel, target: { kind: 'named', name: 'wasm' } }), '1');
    }
    for (const name of ['b', 'c', 'a']) scheduler.assign(assignment(name, 'wasm'));
    for (let i = 0; i < 1000 && scheduler.active > 0; i++) await tick();
    expect(visits.sort()).toEqual(['a on 0', 'b on 1', 'c on 2']);
  });

  it('runs nothing beside a real backend', async () => {
    const { scheduler, log, ended, drained } = setUp();
    for (const name of ['a', 'b', 'c']) scheduler.assign(assignment(name));
    await tick();
    scheduler.assign(assignment('device', 'wasm'));
    await drained();
    expect(ended).toHaveLength(4);
    const open = new Set<string>();
    for (const { study, kind } of log) {
      if (kind === 'end') open.delete(study);
      else {
        if (study === 'device') expect([...open]).toEqual([]);
        else expect(open.has('device')).toBe(false);
        open.add(study);
      }
    }
  });

  it('lets a simulator study run in turn with a real backend', async () => {
    const worked: string[] = [];
    const begun: string[] = [];
    /** A slice that is interrupted at once has no result. */
    const thread: StudyWorker = {
      ...opensNothing,
      async workOn({ task: { studyId } }, signal): Promise<SliceEnd> {
        begun.push(studyId);
        for (let i = 0; i < 10 && !signal.aborted; i++) await tick();
        if (!signal.aborted) worked.push(studyId);
        return studyId === 'simulated' && !signal.aborted ? 'trials' : 'interrupted';
      },
    };
    const scheduler = new Scheduler([thread], { ended: () => {}, failed: () => {} });
    scheduler.assign(assignment('device', 'wasm'));
    scheduler.assign(assignment('simulated'));
    for (let i = 0; i < 1000 && !worked.includes('simulated'); i++) await tick();
    await scheduler.stop();
    expect(begun.filter((name) => name === 'simulated').length).toBeLessThan(3);
    expect(worked).toContain('simulated');
  });

  it('gives a held study no slices until it is released', async () => {
    const { scheduler, counts, ended, drained } = setUp(1);
    scheduler.assign(assignment('a'));
    expect(scheduler.hold('a')).toBe(true);
    for (let i = 0; i < 20; i++) await tick();
    expect(counts.get('a') ?? 0).toBeLessThanOrEqual(1);
    scheduler.release('a');
    await drained();
    expect(ended).toEqual(['a']);
  });

  it('never runs two slices of a study at once, in any order of hold, release and assign', async () => {
    const { scheduler, log, ended, drained } = setUp(3, 20);
    scheduler.assign(assignment('a'));
    for (let i = 0; i < 6; i++) {
      await tick();
      scheduler.hold('a');
      scheduler.release('a');
    }
    await scheduler.drop('a');
    scheduler.assign(assignment('a'));
    await drained();
    expect(ended).toEqual(['a']);
    expect(log.map(({ kind }) => kind)).toEqual(log.map((_, place) => (place % 2 === 0 ? 'begin' : 'end')));
  });

  it('concludes a study in one last slice, also a held one', async () => {
    const { scheduler, ended, reasons, drained } = setUp(2, 1000);
    scheduler.assign(assignment('a'));
    scheduler.assign(assignment('b'), true);
    await tick();
    expect(scheduler.conclude('a', 'stopped')).toBe(true);
    expect(scheduler.conclude('b', 'total')).toBe(true);
    expect(scheduler.conclude('c', 'stopped')).toBe(false);
    await drained();
    expect(ended.sort()).toEqual(['a', 'b']);
    expect(reasons.sort()).toEqual(['stopped', 'total']);
  });

  it('prefers the higher priority', async () => {
    const { scheduler, log, drained } = setUp(1, 2);
    scheduler.assign(assignment('first'));
    scheduler.assign(assignment('low', 'simulator', 0));
    scheduler.assign(assignment('high', 'simulator', 1));
    await drained();
    const begun = log.filter(({ kind }) => kind === 'begin').map(({ study }) => study);
    expect(begun.indexOf('high')).toBeLessThan(begun.indexOf('low'));
  });

  it('lets a lower priority wait even for its first slice', async () => {
    const { scheduler, log, drained } = setUp(1, 4);
    for (const [name, priority] of [
      ['first', 0],
      ['low', 0],
      ['high', 1],
    ] as const)
      scheduler.assign(assignment(name, 'simulator', priority));
    await drained();
    const begun = log.filter(({ kind }) => kind === 'begin').map(({ study }) => study);
    expect(begun.lastIndexOf('high')).toBeLessThan(begun.indexOf('low'));
  });

  it('interrupts the long slice of a single study when others are released', async () => {
    const begun: string[] = [];
    const untilAsked: StudyWorker = {
      ...opensNothing,
      workOn: ({ task: { studyId }, sliceMs }, signal) =>
        new Promise((resolve) => {
          begun.push(studyId);
          const end = (): void => resolve(studyId === 'waiting' ? 'trials' : 'interrupted');
          const timer = setTimeout(end, sliceMs / 100);
          signal.addEventListener('abort', () => {
            clearTimeout(timer);
            end();
          });
        }),
    };
    const scheduler = new Scheduler([untilAsked], { ended: () => {}, failed: () => {} });
    scheduler.assign(assignment('waiting'), true);
    scheduler.assign(assignment('alone'));
    await tick();
    expect(begun).toEqual(['alone']);
    scheduler.release('waiting');
    for (let i = 0; i < 100 && scheduler.has('waiting'); i++) await tick();
    expect(scheduler.has('waiting')).toBe(false);
    await scheduler.stop();
  });

  it('stops after every slice has settled, and starts no others', async () => {
    const { scheduler, log } = setUp(2, 1000);
    for (const name of ['a', 'b', 'c']) scheduler.assign(assignment(name));
    await tick();
    await scheduler.stop();
    const length = log.length;
    expect(log.filter(({ kind }) => kind === 'begin')).toHaveLength(length / 2);
    for (let i = 0; i < 10; i++) await tick();
    expect(log).toHaveLength(length);
  });

  it('reports a failed slice and continues with the others', async () => {
    const broken: StudyWorker = {
      ...opensNothing,
      workOn: async ({ task: { studyId } }) => {
        if (studyId === 'bad') throw new Error('lost');
        return 'trials';
      },
    };
    const [ended, failed]: [string[], string[]] = [[], []];
    const scheduler = new Scheduler([broken], {
      ended: ({ task }) => ended.push(task.studyId),
      failed: ({ task }, error) => failed.push(`${task.studyId}: ${error.message}`),
    });
    for (const name of ['bad', 'good']) scheduler.assign(assignment(name));
    for (let i = 0; i < 100 && scheduler.active > 0; i++) await tick();
    expect([ended, failed]).toEqual([['good'], ['bad: lost']]);
  });
});

describe('the share', () => {
  it('goes to the study that still improves, and starves none', () => {
    const improving = afterSlice(afterSlice(NO_YIELD, 100, 90), 90, 60);
    const stalled = afterSlice(afterSlice(NO_YIELD, 100, 100), 100, 100);
    expect(claim(improving, 4)).toBeGreaterThan(claim(stalled, 4));
    expect(claim(stalled, 1e6)).toBeGreaterThan(claim({ slices: 1000, meanGain: 0.05 }, 1e6));
    expect(claim(NO_YIELD, 10)).toBeGreaterThan(claim(improving, 10));
    const none = Number.POSITIVE_INFINITY;
    expect(claim(afterSlice(NO_YIELD, none, none), 4)).toBeLessThan(claim(afterSlice(NO_YIELD, none, 90), 4));
  });
});
