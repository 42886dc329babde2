import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../tuner/clock.ts';
import { endMarked } from './end-all.ts';
import { Keeper } from './keeper.ts';
import { KeeperProcess } from './keeper-process.ts';
import { ENCLOSURES, type EnclosureKind } from './messages.ts';
import { Permit } from './permit.ts';
import { carriesMark, livingProcesses } from './processes.ts';

const folder = mkdtempSync(join(tmpdir(), 'nightshift-keeper-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const never = new AbortController().signal;
let files = 0;
const freshFile = (): string => join(folder, `life-${files++}`);

/** Appends to "$0" every 0.1 s for ten seconds. */
const BEAT = 'for i in $(seq 100); do printf . >> "$0"; sleep 0.1; done';
/** The ways in which a child can outlive its program; each child appends to its own file. */
const FLIGHTS = [
  'sh -c "$1" "$0.background" &',
  'timeout 20 sh -c "$1" "$0.group" &',
  'setsid sh -c "$1" "$0.session" &',
  '(trap "" TERM HUP; setsid nohup sh -c "$1" "$0.orphan" > /dev/null 2>&1 &)',
];
const NAMES = ['background', 'group', 'session', 'orphan'];
/** A program that starts all of them, waits until each runs, and then runs the command `then`. */
const fleeing = (file: string, then: string): readonly string[] => {
  const wait = NAMES.map((name) => `[ -e "$0.${name}" ]`).join(' && ');
  return [
    'bash',
    '-c',
    [...FLIGHTS, `until ${wait}; do sleep 0.01; done`, 'touch "$0"', then].join('\n'),
    file,
    BEAT,
  ];
};

async function allAreStill(file: string): Promise<boolean> {
  const sizes = () => NAMES.map((name) => statSync(`${file}.${name}`).size).join();
  const before = sizes();
  await pause(350);
  return sizes() === before;
}

async function untilThere(file: string): Promise<void> {
  await expect.poll(() => existsSync(file)).toBe(true);
}

const allowed = new Map<EnclosureKind, boolean>();
for (const enclosure of ENCLOSURES) {
  const keeper = await KeeperProcess.start({ enclosure, mark: `probe ${process.pid}`, kept: [] });
  allowed.set(enclosure, keeper !== undefined);
  await keeper?.close();
}

describe.each(ENCLOSURES)('a keeper with %s', (enclosure) => {
  const isMissing = allowed.get(enclosure) === false;
  let keeper: KeeperProcess | undefined;
  afterEach(() => keeper?.close());
  const start = async (permit?: Permit) => {
    const mark = `keeper.test ${process.pid} ${enclosure}`;
    keeper = await KeeperProcess.start({ enclosure, mark, kept: [] }, permit);
    if (keeper === undefined) throw new Error('no keeper');
    return keeper;
  };

  it.skipIf(isMissing)('ends the children that a program left running', async () => {
    const file = freshFile();
    const { execution, leftBehind } = await (await start()).execute(fleeing(file, 'echo 7'), 60_000, never);
    expect(execution).toMatchObject({ state: 'exited', code: 0, output: '7\n' });
    expect(leftBehind).toContain('sh');
    expect(await allAreStill(file)).toBe(true);
  });

  it.skipIf(isMissing)('ends a program and all its children at its time-out', async () => {
    const file = freshFile();
    const { execution } = await (await start()).execute(fleeing(file, 'sleep 30'), 3_000, never);
    expect(execution).toEqual({ state: 'timeout' });
    expect(await allAreStill(file)).toBe(true);
  });

  it.skipIf(isMissing)('ends them when the program is aborted', async () => {
    const file = freshFile();
    const abort = new AbortController();
    const ended = (await start()).execute(fleeing(file, 'sleep 30'), 60_000, abort.signal);
    await untilThere(file);
    abort.abort();
    expect((await ended).execution).toEqual({ state: 'aborted' });
    expect(await allAreStill(file)).toBe(true);
  });

  it.skipIf(isMissing)(
    'ends them once its permit is over, and starts none until it is extended',
    async () => {
      const file = freshFile();
      const clock = systemClock;
      const permit = new Permit(clock);
      let told = 0;
      permit.whenOver = () => void told++;
      permit.extend(clock.elapsed() + 1500);
      const { execution } = await (await start(permit)).execute(fleeing(file, 'sleep 30'), 60_000, never);
      expect(execution).toEqual({ state: 'aborted' });
      expect(told).toBe(1);
      expect(await allAreStill(file)).toBe(true);
      const refused = await keeper?.execute(['true'], 60_000, never);
      expect(refused?.execution).toEqual({ state: 'aborted' });
      permit.extend(clock.elapsed() + 60_000);
      expect((await keeper?.execute(['true'], 60_000, never))?.execution).toMatchObject({ state: 'exited' });
    },
  );

  it.skipIf(isMissing)('ends them when it is closed', async () => {
    const file = freshFile();
    const ended = (await start()).execute(fleeing(file, 'sleep 30'), 60_000, never);
    await untilThere(file);
    await keeper?.close();
    expect((await ended).execution).toMatchObject({ state: 'lost' });
    expect(await allAreStill(file)).toBe(true);
  });

  it.skipIf(isMissing)('leaves a program its user, files, folder, exit code, signals and /proc', async () => {
    const keeper = await start();
    const look = 'id -u; stat -c %u /etc/passwd; pwd; basename "$(readlink /proc/$$/exe)"';
    const seen = await keeper.execute(['bash', '-c', `${look}; exit 41`], 60_000, never);
    const user = process.getuid?.();
    const output = `${user}\n0\n${process.cwd()}\nbash\n`;
    expect(seen.execution).toMatchObject({ state: 'exited', code: 41, output });
    const killed = await keeper.execute(['bash', '-c', 'kill -SEGV $$'], 60_000, never);
    expect(killed.execution).toMatchObject({ state: 'killed', signal: 'SIGSEGV' });
  });
});

describe('a keeper', () => {
  it('is started again if the system ends it, and then ends the processes that the first one left', async () => {
    const keeper = new Keeper({ mark: `keeper.test ${process.pid} again`, kept: [] });
    const file = freshFile();
    const lost = keeper.execute(fleeing(file, 'sleep 30'), 60_000, never);
    await untilThere(file);
    if (keeper.processId !== undefined) process.kill(keeper.processId, 'SIGKILL');
    expect(await lost).toMatchObject({ state: 'lost', complaint: expect.stringContaining('SIGKILL') });
    expect(await keeper.execute(['echo', '5'], 60_000, never)).toMatchObject({ output: '5\n' });
    expect(await allAreStill(file)).toBe(true);
    await keeper.close();
  });

  it('keeps named processes running, and ends them at a start that does not name them', async () => {
    const mark = `keeper.test ${process.pid} kept`;
    const named = (pid: string, name: string): string => `[ "$(cat /proc/${pid}/comm)" = ${name} ]`;
    const program = [
      'cp "$(command -v sleep)" "$0"',
      'setsid "$0" 60 & first=$!',
      'setsid sleep 60 & second=$!',
      `until ${named('$first', 'kept-server')} && ${named('$second', 'sleep')}; do sleep 0.01; done`,
      'echo 1',
    ].join('\n');
    const keeper = new Keeper({ mark, kept: ['kept-server'] });
    await keeper.execute(['bash', '-c', program, join(folder, 'kept-server')], 60_000, never);
    expect(keeper.leftBehind).toEqual(['sleep']);
    await keeper.close();
    const alive = () => livingProcesses().filter((one) => carriesMark(one, mark));
    expect(alive().map(({ name }) => name)).toEqual(['kept-server']);
    expect(await endMarked(mark, ['kept-server'])).toEqual([]);
    expect(await endMarked(mark, [])).toEqual(['kept-server']);
    expect(alive()).toEqual([]);
  });

  it('finds the processes with a mark only', () => {
    const own = livingProcesses().find(({ pid }) => pid === process.pid);
    expect(own?.startedAt).toBe(
      Number(readFileSync('/proc/self/stat', 'utf8').split(') ')[1].split(' ')[19]),
    );
    expect(own && carriesMark(own, 'keeper.test')).toBe(false);
  });
});
