import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { daemonOf } from '../../src/http/client.ts';
import type { Processes } from './processes.ts';

const submitted = z.object({ plan: z.string() });
const summary = z.object({
  state: z.string(),
  studies: z.array(z.object({ trials: z.number(), stoppedBy: z.string().nullish() })),
});

type Plan = Readonly<{ boards: number; sleepMs: number; studies: number; trials: number }>;

/** Seconds that a plan takes with so many boards, each of which sleeps for a sample: workers and daemon are real processes. */
export async function planTime(processes: Processes, plan: Plan): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'nightshift-bench-'));
  try {
    const url = await processes.redis();
    const names = Array.from({ length: plan.boards }, (_, i) => `board-${i}`);
    await Promise.all(names.map((device) => processes.board(url, device, plan.sleepMs, 'fixed')));
    const store = join(folder, 'n.db');
    await processes.nightshift(
      ['daemon', '--store', store, '--listen', '127.0.0.1:0', '--fleet', url],
      'listening',
    );
    const daemon = daemonOf(store, undefined);
    if (daemon === undefined) throw new Error('no daemon');
    const began = performance.now();
    const shapes = ['2^20', '2^18', '2^16', '2^14'].slice(0, plan.studies);
    const document = {
      targets: [{ device: 'board-*' }],
      // Its proposals take no time beside a sample's; what those of others take, `ceilings.ts` says.
      strategy: 'evolutionary',
      studies: [{ kernel: 'gelu', shapes }],
      budget: { trials: plan.trials },
      done: null,
    };
    const { plan: id } = submitted.parse(await daemon.post('/v1/plans', { plan: document }));
    for (;;) {
      const seen = summary.parse(await daemon.get(`/v1/plans/${id}`));
      if (seen.state === 'ended') break;
      await delay(20);
    }
    return (performance.now() - began) / 1000;
  } finally {
    await processes.end();
    rmSync(folder, { recursive: true });
  }
}
