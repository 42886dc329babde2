import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { resolveStudy } from '../../src/ask/resolve-study.ts';
import { connectNow } from '../../src/fleet/connection.ts';
import { Fleet } from '../../src/fleet/fleet.ts';
import { systemClock } from '../../tuner/clock.ts';
import type { Processes } from './processes.ts';
import { SPEC } from './subject.ts';

type Load = Readonly<{ boards: number; sleepMs: number; configurations: number; ofJob: number }>;

/** How long configurations that are ready take through Redis, and how long their devices said that they took. */
export type Handled = Readonly<{ seconds: number; measuredMs: number }>;

/** Hands out configurations, as many jobs at once as the boards have ahead. */
export async function handOut(processes: Processes, load: Load): Promise<Handled> {
  const url = await processes.redis();
  const { boards, sleepMs, configurations, ofJob } = load;
  for (let i = 0; i < boards; i++) await processes.board(url, `board-${i}`, sleepMs, 'slept');
  const fleet = new Fleet(await connectNow({ url }), systemClock);
  while ((await fleet.devices('board-*')).length < boards) await delay(50);
  const [{ presence }] = await fleet.devices('board-*');
  const pool = { pattern: 'board-*', fingerprint: presence.identity.target.fingerprint };
  const {
    id: study,
    study: { space },
  } = await resolveStudy(SPEC);
  const { signal } = new AbortController();
  let next = 0;
  let measuredMs = 0;
  const askOne = async (): Promise<void> => {
    const from = next++ * ofJob;
    const samples = Array.from({ length: ofJob }, (_, i) => ({
      configuration: space.at((from + i) % space.size),
      round: from + i,
    }));
    const [first, ...rest] = samples;
    const work = {
      kind: 'measure',
      id: `job-${from}`,
      study,
      spec: SPEC,
      samples: [first, ...rest],
    } as const;
    const answer = await fleet.ask(work, pool, signal);
    if (answer?.kind !== 'measured') throw new Error(`answered ${JSON.stringify(answer)}`);
    for (const one of answer.measured) if (one.state === 'timed') measuredMs += one.timeUs / 1000;
  };
  // The first job of each board opens the study.
  await Promise.all(Array.from({ length: 2 * boards }, askOne));
  next = 2 * boards;
  measuredMs = 0;
  const began = performance.now();
  const last = next + Math.ceil(configurations / ofJob);
  const line = async (): Promise<void> => {
    while (next < last) await askOne();
  };
  await Promise.all(Array.from({ length: 2 * boards }, line));
  const seconds = (performance.now() - began) / 1000;
  await fleet.close();
  await processes.end();
  return { seconds, measuredMs };
}
