import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { z } from 'zod';
import { openStore } from '../../store/open-store.ts';
import type { SettledTrial } from '../../store/trial.ts';
import { DaemonProcess, testFolder } from '../daemon/daemon-process.ts';
import { freePort } from '../daemon/free-port.ts';
import { type Board, nightshiftProcess, type Running, startRedis, until } from './fleet-processes.fixture.ts';

const LISTEN = ['--listen', '127.0.0.1:0'];
export const TRIALS = 24;
export const planOf = (device: string, study: object = { kernel: 'my-kernel' }, trials = TRIALS) => ({
  targets: [{ device }],
  strategy: 'random',
  studies: [study],
  budget: { trials },
});
const submitted = z.object({ plan: z.string() });
const summary = z.object({
  state: z.string(),
  studies: z.array(z.object({ study: z.string(), trials: z.number() })),
});

/** A Redis, and the store of a daemon that is not started yet. */
export type FleetUnderTest = Readonly<{
  folder: string;
  port: number;
  url: string;
  redis: Running;
  store: string;
}>;

export async function fleet(words: readonly string[] = []): Promise<FleetUnderTest> {
  const port = await freePort();
  const folder = testFolder();
  const redis = await startRedis(port, words);
  return { folder, port, url: `redis://127.0.0.1:${port}`, redis, store: join(folder, 'n.db') };
}

export const daemonOf = ({ store, url }: FleetUnderTest): Promise<DaemonProcess> =>
  DaemonProcess.start(store, [...LISTEN, '--fleet', url]);

/** Names are the host's: those of other tests are others. */
export const named = (name: string): string => `${name}-${process.pid}`;

export async function workerOf(
  url: string,
  device: string,
  { words, env }: Pick<Board, 'words' | 'env'>,
): Promise<Running> {
  const worker = nightshiftProcess(['worker', '--fleet', url, '--device', device, ...words], env);
  await worker.says('is ready');
  return worker;
}

export async function submit(daemon: DaemonProcess, plan: object): Promise<string> {
  const { status, body } = await daemon.post('/v1/plans', { plan });
  if (status >= 400) throw new Error(JSON.stringify(body));
  return submitted.parse(body).plan;
}

/** What `submit --dry-run` says of a plan. */
export async function planned({ folder, store }: FleetUnderTest, plan: object): Promise<unknown> {
  const file = join(folder, 'plan.json');
  writeFileSync(file, JSON.stringify(plan));
  const dry = nightshiftProcess([
    'submit',
    file,
    '--dry-run',
    '--store',
    store,
    '--format',
    'json',
    '--quiet',
  ]);
  expect(await dry.ended).toBe(0);
  return z
    .object({ planned: z.unknown() })
    .parse(JSON.parse(dry.said.slice(0, dry.said.lastIndexOf('}') + 1))).planned;
}

export async function look(daemon: DaemonProcess, plan: string) {
  return summary.parse((await daemon.get(`/v1/plans/${plan}`)).body);
}

export const settled = async (daemon: DaemonProcess, plan: string): Promise<number> =>
  (await look(daemon, plan)).studies[0].trials;

/** The comparison that follows takes longer than the search, and is no other work. */
export const searched = (daemon: DaemonProcess, plan: string): Promise<void> =>
  until(async () => (await settled(daemon, plan)) >= TRIALS);

export const endOf = (daemon: DaemonProcess, plan: string): Promise<void> =>
  until(async () => (await look(daemon, plan)).state === 'ended');

export async function trialsIn(store: string): Promise<readonly SettledTrial[]> {
  const opened = await openStore(store, { mode: 'read', clock: Date });
  const [{ study }] = await opened.studies();
  const trials: SettledTrial[] = [];
  for await (const trial of opened.trials(study.id)) trials.push(trial);
  await opened.close();
  return trials;
}

/** Every trial once, each with the time that the device gives its configuration. */
export async function expectSound({ store }: FleetUnderTest, count = TRIALS): Promise<void> {
  const trials = await trialsIn(store);
  expect(trials.map(({ number }) => number)).toEqual(Array.from({ length: count }, (_, i) => i));
  const keys = trials.map(({ configuration }) => JSON.stringify(configuration));
  expect(new Set(keys).size).toBe(count);
  for (const trial of trials) {
    const { tile, unroll } = trial.configuration;
    expect(trial).toMatchObject({ state: 'timed' });
    if (trial.state === 'timed') expect(trial.samplesUs).toContain(100 + Number(tile) * 10 + Number(unroll));
  }
}
