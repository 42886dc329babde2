import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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

type Plan = Readonly<{ boards: number; sleepS: number; studies: number; trials: number }>;

/** Seconds that a plan takes with so many boards, each of which sleeps for a sample: workers, daemon and programs are real. */
export async function planTime(processes: Processes, plan: Plan): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'nightshift-bench-'));
  try {
    const url = await processes.redis();
    const words = boardWords(folder, plan.sleepS);
    const names = Array.from({ length: plan.boards }, (_, i) => `bench-${process.pid}-${plan.boards}-${i}`);
    await Promise.all(
      names.map((device) =>
        processes.nightshift(['worker', '--fleet', url, '--device', device, ...words], 'is ready'),
      ),
    );
    const store = join(folder, 'n.db');
    await processes.nightshift(
      ['daemon', '--store', store, '--listen', '127.0.0.1:0', '--fleet', url],
      'listening',
    );
    const daemon = daemonOf(store, undefined);
    if (daemon === undefined) throw new Error('no daemon');
    const began = performance.now();
    const studies = Array.from({ length: plan.studies }, (_, i) => ({
      kernel: 'my-kernel',
      ...(i > 0 && { fix: { depth: i } }),
    }));
    const document = {
      targets: [{ device: `bench-${process.pid}-*` }],
      studies,
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

function boardWords(folder: string, sleepS: number): readonly string[] {
  mkdirSync(folder, { recursive: true });
  const script = join(folder, 'measure.sh');
  const space = join(folder, 'space.json');
  const values = [1, 2, 3, 4, 5, 6, 7, 8];
  const parameters = ['tile', 'unroll', 'depth'].map((name) => ({ name, values }));
  writeFileSync(space, JSON.stringify({ name: 'my-kernel', parameters }));
  writeFileSync(script, `#!/bin/sh\nsleep ${sleepS}\necho $(( 100 + ($1 - 5) * ($1 - 5) * 10 + $2 + $3 ))\n`);
  chmodSync(script, 0o755);
  return ['--target', 'command', '--space', space, '--', script, '{tile}', '{unroll}', '{depth}'];
}
