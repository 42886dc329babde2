import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { randomFor } from '../../search-space/random.ts';
import { openStore } from '../../store/open-store.ts';
import { DaemonProcess, pause, testFolder } from '../daemon/daemon-process.ts';

const TRIALS = 64;
const plan = {
  seed: 5,
  targets: ['hexagon-v75', 'edge-2mib'],
  studies: [
    { kernel: 'gelu', shapes: ['65536', '2^20'] },
    { kernel: 'softmax', shapes: ['256x512'] },
    { kernel: 'vector-add', shapes: ['64x16384'] },
  ],
  budget: { trials: TRIALS },
};
const STUDIES = 8;
const KILLS = 3;

const studies = z.array(z.object({ id: z.string(), trials: z.number() }));
const plans = z.array(z.object({ id: z.string(), state: z.string() }));

async function settled(daemon: DaemonProcess): Promise<number> {
  const { body } = await daemon.get('/v1/studies');
  return studies.parse(body).reduce((sum, { trials }) => sum + trials, 0);
}

async function untilEnded(daemon: DaemonProcess): Promise<void> {
  for (;;) {
    const { body } = await daemon.get('/v1/plans');
    const [{ state }] = plans.parse(body);
    if (state === 'ended') return;
    await pause(50);
  }
}

/** The results that must not depend on kills. */
async function outcome(file: string): Promise<unknown> {
  const store = await openStore(file, { mode: 'read', clock: Date });
  const all = await store.studies();
  const rows = await Promise.all(
    all.map(async ({ study, kernel, target, best }) => {
      const { settled, running, abandoned } = await store.counts(study.id);
      const log = [];
      for await (const { number, configuration, ...trial } of store.trials(study.id))
        log.push({ number, configuration, timeUs: trial.state === 'timed' ? trial.timeUs : null });
      const visits = await store.visits(study.id);
      return {
        question: `${kernel.name} ${kernel.shape} ${target.name}`,
        best: { configuration: best?.configuration, timeUs: best?.timeUs, basis: best?.basis },
        counts: { settled, running, abandoned },
        state: study.state,
        visits: visits.map((visit) => (visit.state === 'ended' ? visit.stoppedBy : 'open')),
        log,
      };
    }),
  );
  expect(await store.problems()).toEqual([]);
  const [record] = await store.plans();
  await store.close();
  const ends = record.studies.map(({ state, stoppedBy }) => ({ state, stoppedBy }));
  return { ends, rows: rows.sort((a, b) => (a.question < b.question ? -1 : 1)) };
}

describe('a daemon that is killed', () => {
  it('ends with the bests and trials of an undisturbed one', async () => {
    const folder = testFolder();
    const quiet = await DaemonProcess.start(join(folder, 'quiet.db'));
    expect((await quiet.post('/v1/plans', { plan })).status).toBe(201);
    await untilEnded(quiet);
    expect(await quiet.end('SIGTERM')).toBe(0);

    const seed = Math.floor(Date.now() / 1000);
    const random = randomFor('survival', seed);
    const file = join(folder, 'killed.db');
    let daemon = await DaemonProcess.start(file);
    expect((await daemon.post('/v1/plans', { plan })).status).toBe(201);
    const moments = Array.from({ length: KILLS }, () => random() * 0.9 * STUDIES * TRIALS).sort(
      (a, b) => a - b,
    );
    for (const moment of moments) {
      while ((await settled(daemon)) < moment) await pause(15);
      await pause(random() * 60);
      expect(await daemon.end('SIGKILL')).toBe('SIGKILL');
      daemon = await DaemonProcess.start(file);
    }
    await untilEnded(daemon);
    expect(await daemon.end('SIGTERM')).toBe(0);

    const undisturbed = await outcome(join(folder, 'quiet.db'));
    expect(await outcome(file), `kills at moments of seed ${seed}`).toEqual(undisturbed);
    expect(undisturbed).toMatchObject({
      rows: Array.from({ length: STUDIES }, () => ({
        counts: { settled: TRIALS, running: 0, abandoned: 0 },
        state: 'done',
        visits: ['trials'],
        best: { basis: 'comparison' },
      })),
    });
  }, 300_000);
});
