import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { testFolder } from '../daemon/daemon-process.ts';
import { NODE_FLAGS } from '../node-flags.ts';
import { type Board, boards as boardsOf, executions, hasRedis, Running } from './fleet-processes.fixture.ts';
import {
  daemonOf,
  expectSound,
  fleet,
  named,
  planOf,
  searched,
  submit,
  workerOf,
} from './fleet-under-test.fixture.ts';

const own = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

type Edit = Readonly<{ file: string; from: RegExp; to: string }>;

/** The program of another version: a copy of this one with some of its text changed. */
function otherVersion(version: string, edits: readonly Edit[]): string {
  const folder = testFolder();
  cpSync(own('dist'), join(folder, 'dist'), { recursive: true });
  symlinkSync(own('node_modules'), join(folder, 'node_modules'));
  const manifest = readFileSync(own('package.json'), 'utf8');
  writeFileSync(
    join(folder, 'package.json'),
    manifest.replace(/"version": "[^"]+"/, `"version": "${version}"`),
  );
  for (const { file, from, to } of edits) {
    const path = join(folder, 'dist/src', file);
    const text = readFileSync(path, 'utf8');
    if (!from.test(text)) throw new Error(`${file} has no ${from}`);
    writeFileSync(path, text.replace(from, to));
  }
  return join(folder, 'dist/src/cli/main.js');
}

async function workerOfVersion(
  program: string,
  url: string,
  device: string,
  { words, env }: Board,
): Promise<Running> {
  const asked = ['worker', '--fleet', url, '--device', device, ...words];
  const worker = new Running(process.execPath, [...NODE_FLAGS, program, ...asked], env);
  await worker.says('is ready');
  return worker;
}

const OTHER_JOBS: readonly Edit[] = [
  { file: 'fleet/messages.js', from: /round: z\.int\(\)/, to: 'turn: z.int()' },
];
const OTHER_ANSWERS: readonly Edit[] = [
  { file: 'fleet/bench.js', from: /lease, measured: await/, to: 'lease, results: await' },
  { file: 'fleet/worker.js', from: /answer\.measured\.length/, to: 'answer.results.length' },
];
const OTHER_CLAIMS: readonly Edit[] = [
  { file: 'fleet/worker.js', from: /host: hostname\(\),/, to: 'host: hostname(), colour: "blue",' },
];

describe.skipIf(!hasRedis)('workers of other versions (needs redis-server)', { timeout: 120_000 }, () => {
  it('measure where they are understood, and are set aside with the reason where not', async () => {
    const all = await fleet();
    const devices = ['j1', 'j2', 'j3', 'j4', 'j5'].map(named);
    const boards = boardsOf(all.folder, devices, 0.05);
    const programs = [
      otherVersion('0.0.1', []),
      otherVersion('0.0.2', OTHER_JOBS),
      otherVersion('0.0.3', OTHER_ANSWERS),
      otherVersion('0.0.4', OTHER_CLAIMS),
    ];
    for (const [i, program] of programs.entries())
      await workerOfVersion(program, all.url, devices[i], boards[i]);
    await workerOf(all.url, devices[4], boards[4]);
    const daemon = await daemonOf(all);
    const plan = await submit(daemon, planOf('j*'));
    await searched(daemon, plan);
    await expectSound(all);
    for (const { log } of boards) expect(executions(log).overlaps).toBe(0);
    expect(executions(boards[0].log).begun).toBeGreaterThan(0);
    expect(executions(boards[1].log).begun).toBe(0);
    expect(await daemon.get('/v1/devices')).toMatchObject({
      body: {
        devices: [
          { version: '0.0.1', isPresent: true, setAside: null },
          { version: '0.0.2', setAside: expect.stringMatching(/refuses: the worker cannot read the job/) },
          {
            version: '0.0.3',
            setAside: expect.stringMatching(/refuses: the daemon cannot read its answer/),
          },
          { version: null, isPresent: false, setAside: expect.stringMatching(/of another version/) },
          { setAside: null },
        ],
      },
    });
  });

  it('keep their claim from one of this version', async () => {
    const all = await fleet();
    const device = named('l1');
    const [board] = boardsOf(all.folder, [device], 0.05);
    await workerOfVersion(otherVersion('0.0.4', OTHER_CLAIMS), all.url, device, board);
    const env = { ...board.env, TMPDIR: testFolder() };
    await expect(workerOf(all.url, device, { ...board, env })).rejects.toThrow(/claimed by another worker/);
  });
});
