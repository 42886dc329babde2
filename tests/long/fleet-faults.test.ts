import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openStore } from '../../store/open-store.ts';
import type { SettledTrial } from '../../store/trial.ts';
import { DaemonProcess, isBuilt, pause, testFolder } from '../daemon/daemon-process.ts';
import { freePort } from '../daemon/free-port.ts';
import {
  type Board,
  boards as boardsOf,
  certificates,
  cuttable,
  executions,
  hasRedis,
  nightshiftProcess,
  type Running,
  startRedis,
  until,
} from './fleet-processes.fixture.ts';

const LISTEN = ['--listen', '127.0.0.1:0'];
const TRIALS = 24;
const planOf = (device: string, study: object = { kernel: 'my-kernel' }, trials = TRIALS) => ({
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

type Fleet = Readonly<{ folder: string; port: number; url: string; redis: Running; store: string }>;

async function fleet(words: readonly string[] = []): Promise<Fleet> {
  const port = await freePort();
  const folder = testFolder();
  const redis = await startRedis(port, words);
  return { folder, port, url: `redis://127.0.0.1:${port}`, redis, store: join(folder, 'n.db') };
}

const daemonOf = ({ store, url }: Fleet): Promise<DaemonProcess> =>
  DaemonProcess.start(store, [...LISTEN, '--fleet', url]);

/** Names are the host's: those of other tests are others. */
const named = (name: string): string => `${name}-${process.pid}`;

async function workerOf(
  url: string,
  device: string,
  { words, env }: Pick<Board, 'words' | 'env'>,
): Promise<Running> {
  const worker = nightshiftProcess(['worker', '--fleet', url, '--device', device, ...words], env);
  await worker.says('is ready');
  return worker;
}

async function submit(daemon: DaemonProcess, plan: object): Promise<string> {
  const { status, body } = await daemon.post('/v1/plans', { plan });
  if (status >= 400) throw new Error(JSON.stringify(body));
  return submitted.parse(body).plan;
}

/** What `submit --dry-run` says of a plan. */
async function planned({ folder, store }: Fleet, plan: object): Promise<unknown> {
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

async function look(daemon: DaemonProcess, plan: string) {
  return summary.parse((await daemon.get(`/v1/plans/${plan}`)).body);
}

const settled = async (daemon: DaemonProcess, plan: string): Promise<number> =>
  (await look(daemon, plan)).studies[0].trials;

/** The comparison that follows takes longer than the search, and is no other work. */
const searched = (daemon: DaemonProcess, plan: string): Promise<void> =>
  until(async () => (await settled(daemon, plan)) >= TRIALS);

const endOf = (daemon: DaemonProcess, plan: string): Promise<void> =>
  until(async () => (await look(daemon, plan)).state === 'ended');

async function trialsIn(store: string): Promise<readonly SettledTrial[]> {
  const opened = await openStore(store, { mode: 'read', clock: Date });
  const [{ study }] = await opened.studies();
  const trials: SettledTrial[] = [];
  for await (const trial of opened.trials(study.id)) trials.push(trial);
  await opened.close();
  return trials;
}

/** Every trial once, each with the time that the device gives its configuration. */
async function expectSound({ store }: Fleet, count = TRIALS): Promise<void> {
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

describe.skipIf(!isBuilt || !hasRedis)(
  'a fleet (needs `npm run build` and redis-server)',
  { timeout: 120_000 },
  () => {
    it('shares a study among devices, and lists who is there', async () => {
      const all = await fleet();
      const devices = [named('a1'), named('a2')];
      const boards = boardsOf(all.folder, devices, 0.05);
      for (const [i, own] of boards.entries()) await workerOf(all.url, devices[i], own);
      const daemon = await daemonOf(all);
      const plan = await submit(daemon, planOf('a*'));
      await endOf(daemon, plan);
      await expectSound(all);
      for (const { log } of boards) {
        const { begun, overlaps } = executions(log);
        expect(overlaps).toBe(0);
        expect(begun).toBeGreaterThan(TRIALS / 4);
      }
      const listed = nightshiftProcess(['devices', '--fleet', all.url, '--format', 'json']);
      expect(await listed.ended).toBe(0);
      expect(JSON.parse(listed.said)).toMatchObject({
        devices: devices.map((device) => ({ device, isPresent: true, target: 'command', jobsLost: 0 })),
      });
      const asked = nightshiftProcess(['devices', '--store', all.store, '--format', 'json']);
      expect(await asked.ended).toBe(0);
      expect(JSON.parse(asked.said)).toMatchObject({ devices: devices.map((device) => ({ device })) });
      const none = await daemon.post('/v1/plans', { plan: planOf('nobody') });
      expect(none).toMatchObject({
        status: 400,
        body: { error: { message: expect.stringMatching(/no device/) } },
      });
    });

    it('goes on after kill -9 of a worker and of the daemon, and counts nothing twice', async () => {
      const all = await fleet();
      const devices = [named('b1'), named('b2')];
      const boards = boardsOf(all.folder, devices, 0.3);
      const workers = [];
      for (const [i, own] of boards.entries()) workers.push(await workerOf(all.url, devices[i], own));
      let daemon = await daemonOf(all);
      const plan = await submit(daemon, planOf('b*'));
      await until(async () => (await settled(daemon, plan)) >= 4);
      await workers[0].kill();
      await daemon.end('SIGKILL');
      await workerOf(all.url, devices[0], boards[0]);
      daemon = await daemonOf(all);
      await searched(daemon, plan);
      await expectSound(all);
      for (const { log } of boards) expect(executions(log).overlaps).toBe(0);
    });

    it('goes on after kill -9, at any moment, and FLUSHALL of a Redis that keeps nothing', async () => {
      const all = await fleet();
      const device = named('c1');
      const [own] = boardsOf(all.folder, [device], 0.3);
      const { log } = own;
      await workerOf(all.url, device, own);
      const daemon = await daemonOf(all);
      const plan = await submit(daemon, planOf(device));
      await until(async () => executions(log).begun > 3);
      await all.redis.kill();
      await pause(1500);
      const again = await startRedis(all.port);
      await pause(Math.random() * 2000);
      await again.kill();
      await pause(Math.random() * 1000);
      await startRedis(all.port);
      await until(async () => (await settled(daemon, plan)) >= 10);
      execFileSync('redis-cli', ['-p', `${all.port}`, 'FLUSHALL']);
      await searched(daemon, plan);
      await expectSound(all);
      expect(executions(log).overlaps).toBe(0);
    });

    it('finds with a board on which everything fails what the others find, and names that board', async () => {
      const all = await fleet();
      const devices = [named('h1'), named('h2')];
      const [broken, good] = boardsOf(all.folder, devices, 0.05);
      const env = { ...broken.env, BOARD_IS_BROKEN: 'yes' };
      await workerOf(all.url, devices[0], { words: broken.words, env });
      await workerOf(all.url, devices[1], good);
      const daemon = await daemonOf(all);
      const plan = await submit(daemon, planOf('h*'));
      await searched(daemon, plan);
      await expectSound(all);
      expect(executions(broken.log).begun).toBeGreaterThanOrEqual(3);
      expect(await daemon.get('/v1/devices')).toMatchObject({
        body: {
          devices: [{ setAside: expect.stringMatching(/failed 3 times in a row/) }, { setAside: null }],
        },
      });
    });

    it('counts one lost job at most where Redis stands still, and sets the only device not aside', async () => {
      const all = await fleet();
      const device = named('i1');
      const [own] = boardsOf(all.folder, [device], 3);
      await workerOf(all.url, device, own);
      const daemon = await daemonOf(all);
      const plan = await submit(daemon, planOf(device, { kernel: 'my-kernel' }, 4));
      await until(() => executions(own.log).begun > 0);
      all.redis.child.kill('SIGSTOP');
      await pause(8000);
      all.redis.child.kill('SIGCONT');
      await until(async () => (await settled(daemon, plan)) >= 1);
      const read = z.object({ devices: z.array(z.object({ jobsLost: z.number(), setAside: z.null() })) });
      const [{ jobsLost }] = read.parse((await daemon.get('/v1/devices')).body).devices;
      expect(jobsLost).toBeLessThanOrEqual(1);
      expect(executions(own.log).overlaps).toBe(0);
    });

    it('gives the job of a worker that hangs to another, and refuses what the first still says', async () => {
      const all = await fleet();
      const devices = [named('d1'), named('d2')];
      const boards = boardsOf(all.folder, devices, 0.3);
      const hanging = await workerOf(all.url, devices[0], boards[0]);
      await workerOf(all.url, devices[1], boards[1]);
      const daemon = await daemonOf(all);
      const plan = await submit(daemon, planOf('d*'));
      await until(() => executions(boards[0].log).begun > 1);
      hanging.child.kill('SIGSTOP');
      const second = nightshiftProcess([
        'worker',
        '--fleet',
        all.url,
        '--device',
        devices[0],
        ...boards[0].words,
      ]);
      expect(await second.ended).not.toBe(0);
      expect(second.said).toMatch(/has a worker on this host already/);
      await until(async () => (await settled(daemon, plan)) >= 12);
      // What waited for it is not lost.
      expect(await daemon.get('/v1/devices')).toMatchObject({
        body: { devices: devices.map((device, place) => ({ device, jobsLost: place === 0 ? 1 : 0 })) },
      });
      hanging.child.kill('SIGCONT');
      await searched(daemon, plan);
      await expectSound(all);
      for (const { log } of boards) expect(executions(log).overlaps).toBe(0);
    });

    it('ends the program of a worker that is cut off before its claim ends, and goes on afterwards', async () => {
      const all = await fleet();
      const network = await cuttable(all.port);
      const device = named('e1');
      const [own] = boardsOf(all.folder, [device], 8);
      const { log } = own;
      const worker = await workerOf(`redis://127.0.0.1:${network.port}`, device, own);
      const daemon = await daemonOf(all);
      const plan = await submit(daemon, planOf(device, { kernel: 'my-kernel' }, 1));
      await until(() => executions(log).begun > 0);
      network.cut();
      await pause(9000);
      expect(executions(log)).toMatchObject({ begun: 1, ended: 0 });
      network.mend();
      await endOf(daemon, plan);
      expect(executions(log).overlaps).toBe(0);
      await expectSound(all, 1);
      worker.child.kill('SIGTERM');
      expect(await worker.ended).toBe(0);
    });

    it('refuses a name that is claimed elsewhere, and a worker of another program', async () => {
      const all = await fleet();
      const device = named('f1');
      const [{ words, env }] = boardsOf(all.folder, [device], 0.1);
      const claim = {
        instance: 'other',
        host: 'elsewhere',
        version: '0',
        since: 0,
        work: null,
        samples: 0,
        busyMs: 0,
      };
      const target = { name: 'x', kind: 'device', fingerprint: 'x', features: {}, description: {} };
      const presence = JSON.stringify({ ...claim, identity: { target, metrics: null, kernel: null } });
      execFileSync('redis-cli', ['-p', `${all.port}`, 'SET', `nightshift:device:${device}`, presence]);
      const worker = nightshiftProcess(['worker', '--fleet', all.url, '--device', device, ...words], env);
      expect(await worker.ended).not.toBe(0);
      expect(worker.said).toMatch(/claimed by another worker, on elsewhere/);
    });

    it('takes a password, from the environment too, and refuses without', async () => {
      const all = await fleet(['--requirepass', 'a-secret']);
      const asked = ['devices', '--fleet', all.url];
      const refused = nightshiftProcess(asked);
      expect(await refused.ended).toBe(2);
      expect(refused.said).not.toContain('a-secret');
      const allowed = nightshiftProcess(asked, { REDISCLI_AUTH: 'a-secret' });
      expect(await allowed.ended).toBe(0);
      const inAddress = nightshiftProcess(['devices', '--fleet', all.url.replace('//', '//:a-secret@')]);
      expect(await inAddress.ended).toBe(0);
    });

    it('takes TLS with a certificate of an authority that NODE_EXTRA_CA_CERTS names, and no other', async () => {
      const port = await freePort();
      const { authority, words } = certificates(testFolder());
      await startRedis(0, ['--tls-port', `${port}`, '--requirepass', 'a-secret', ...words]);
      const asked = ['devices', '--fleet', `rediss://localhost:${port}`];
      const env = { REDISCLI_AUTH: 'a-secret' };
      const [trusted, unknown] = [
        nightshiftProcess(asked, { ...env, NODE_EXTRA_CA_CERTS: authority }),
        nightshiftProcess(asked, env),
      ];
      expect(await trusted.ended).toBe(0);
      expect(await unknown.ended).toBe(2);
      expect(unknown.said).toMatch(/certificate.*NODE_EXTRA_CA_CERTS/s);
    });

    it('makes a study for each kind of device that a pattern fits', async () => {
      const all = await fleet();
      const targets = ['edge-2mib', 'hexagon-v75'];
      await Promise.all(
        targets.map((target) =>
          workerOf(all.url, named(`k-${target}`), { words: ['--target', target], env: {} }),
        ),
      );
      const daemon = await daemonOf(all);
      const asked = planOf('k-*', { kernel: 'gelu', shapes: ['4096'] }, 8);
      expect(await planned(all, asked)).toMatchObject(
        targets.map((target) => ({ kernel: 'gelu', target, spaceSize: null, budget: { trials: 8 } })),
      );
      const plan = await submit(daemon, asked);
      await endOf(daemon, plan);
      const { studies } = await look(daemon, plan);
      expect(studies.map(({ trials }) => trials)).toEqual([8, 8]);
      const answers = studies.map(({ study }) => daemon.get(`/v1/studies/${study}`));
      const found = (await Promise.all(answers)).map(({ body }) => JSON.stringify(body));
      for (const [i, target] of targets.entries()) expect(found[i]).toContain(`"${target}"`);
    });

    it('finds the same for one, two and eight workers on an exact target', async () => {
      const found: string[] = [];
      for (const workers of [1, 2, 8]) {
        const all = await fleet();
        for (let i = 0; i < workers; i++)
          await workerOf(all.url, named(`g${workers}-${i}`), { words: ['--target', 'edge-2mib'], env: {} });
        const daemon = await daemonOf(all);
        const plan = await submit(daemon, planOf(`g${workers}-*`, { kernel: 'gelu', shapes: ['4096'] }, 40));
        await endOf(daemon, plan);
        const { study } = (await look(daemon, plan)).studies[0];
        found.push(JSON.stringify((await daemon.get(`/v1/studies/${study}`)).body));
        const trials = await trialsIn(all.store);
        found.push(JSON.stringify(trials.map(({ settledAt: _, ...trial }) => trial)));
        expect(await daemon.end('SIGTERM')).toBe(0);
        await all.redis.kill();
      }
      expect(found[3]).toBe(found[1]);
      expect(found[5]).toBe(found[1]);
    });
  },
);
