import { type ChildProcess, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StudyDocument, studyDocumentSchema } from '../../src/documents/findings.ts';
import { knownOr } from '../../tuner/attribution/gain.ts';
import { ended, start, temporaryFolder } from '../cli/command-line.fixture.ts';
import { inProcess } from '../cli/in-process.fixture.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

/** A program whose time falls with t; the variables in the file beside it select a failure. */
const PROGRAM = `#!/bin/bash
. "\${0%/*}/variables"
echo "$1" >> "$RUNS"
n=0
while read -r run; do [ "$run" = "$1" ] && n=$((n + 1)); done < "$RUNS"
[ -n "$LOST" ] && [ "$1" = "$LOST" ] && exit 0
if [ -n "$FAILING" ] && [ "$1" = "$FAILING" ] && [ "$n" -ge "\${FROM:-1}" ] && [ "$n" -le "\${TO:-1000}" ]; then
  case "$HOW" in
    exit) echo "driver too old" >&2; exit 3 ;;
    hang) sleep 60 ;;
    silent) exit 0 ;;
  esac
fi
[ -n "$SLOW" ] && sleep "$SLOW"
[ -n "$FLEE" ] && { setsid bash -c "$BEAT" "$FLEE" & timeout 60 bash -c "$BEAT" "$FLEE.group" & sleep 60; }
echo $(( 100 - 10 * $1 )).5
`;
const BEAT = 'for i in $(seq 300); do printf . >> "$0"; sleep 0.1; done';

const spaceOf = (values: number) => ({
  name: 'mini',
  parameters: [{ name: 't', values: Array.from({ length: values }, (_, n) => n + 1) }],
});

beforeAll(() => {
  writeFileSync(join(folder.path, 'mini.json'), JSON.stringify(spaceOf(4)));
  writeFileSync(join(folder.path, 'large.json'), JSON.stringify(spaceOf(400)));
});

type Variables = Readonly<Record<string, string>>;
let places = 0;

/** A new folder for the store and the program's files. */
function place() {
  const path = join(folder.path, `place-${places++}`);
  mkdirSync(path);
  const runs = join(path, 'runs');
  writeFileSync(runs, '');
  const store = { NIGHTSHIFT_STORE: join(path, 'nightshift.db') };
  const ownProgram = join(path, 'program.sh');
  writeFileSync(ownProgram, PROGRAM, { mode: 0o755 });
  const words = (variables: Variables, more: string, program = `${ownProgram} {t}`, space = 'mini') => {
    const lines = Object.entries({ BEAT, RUNS: runs, ...variables }).map(
      ([name, value]) => `${name}='${value}'`,
    );
    writeFileSync(join(path, 'variables'), lines.join('\n'));
    const line = `tune --space ${folder.path}/${space}.json --target command --format json --quiet ${more}`;
    return `${line} -- ${program}`.split(' ').filter(Boolean);
  };
  /** Starts the real command, to be killed. */
  const begin = (variables: Variables, more: string, program?: string): ChildProcess =>
    start(words(variables, more, program), { cwd: path, env: store });
  const tune = async (variables: Variables, more: string, program?: string, space?: string) => {
    const { code, stdout, stderr } = await inProcess(words(variables, more, program, space), store);
    return {
      code,
      stderr,
      document: stdout === '' ? undefined : studyDocumentSchema.parse(JSON.parse(stdout)),
    };
  };
  return {
    path,
    ownProgram,
    begin,
    tune,
    ran: () => readFileSync(runs, 'utf8').trim().split('\n').map(Number),
  };
}

function warningsOf(document: StudyDocument | undefined): string {
  return document?.warnings.join('\n') ?? '';
}

describe('a default that stops working', { concurrent: true }, () => {
  it.each(['exit', 'hang', 'silent'])('by %s fails no other configuration, and is a note', async (HOW) => {
    const { tune } = place();
    const failing = { HOW, FAILING: '1', FROM: '10', TO: '10' };
    const words = `${HOW === 'hang' ? '--timeout 2s ' : ''}--trials 4`;
    const once = await tune(failing, words);
    expect({ code: once.code, stderr: once.stderr }).toEqual({ code: 0, stderr: '' });
    expect(once.document?.trials.timed).toBe(4);
    expect(warningsOf(once.document)).toContain('The default failed');
    expect(knownOr(once.document?.gainOverDefault)?.low).toBeTypeOf('number');
    const later = await tune({ ...failing, TO: '1000' }, words);
    expect({ code: later.code, stderr: later.stderr }).toEqual({ code: 0, stderr: '' });
    expect(warningsOf(later.document)).toContain('The default did not work in the final comparison');
    expect(later.document?.best?.configuration).toEqual({ t: 4 });
    expect(later.document?.gainOverDefault).toMatchObject({ unknown: 'disturbed' });
  });

  it('from its first run on does not prevent timing the others', async () => {
    const { code, document } = await place().tune({ HOW: 'exit', FAILING: '1' }, '--trials 4');
    expect(code).toBe(0);
    expect(document?.trials).toMatchObject({ timed: 3, invalid: { runtime: 1 } });
    expect(document?.default).toBeNull();
    expect(document?.best?.configuration).toEqual({ t: 4 });
  });
});

describe('the clock of a study', { concurrent: true }, () => {
  it('is the output in both visits, even if the first run printed nothing', async () => {
    const { tune } = place();
    const first = await tune({ LOST: '1' }, '--trials 3');
    expect(first.document?.trials).toMatchObject({ timed: 2, invalid: { runtime: 1 } });
    const second = await tune({ LOST: '1' }, '--trials 3');
    expect(second.document?.trials).toMatchObject({ timed: 3, invalid: { runtime: 1 } });
    expect(second.document?.best?.timeUs).toBeLessThan(100);
    expect(warningsOf(second.document)).not.toContain('from start to end');
  });

  it('is the duration of a program that never prints a time, and says so', async () => {
    const { tune } = place();
    for (const visit of [1, 2]) {
      const { document } = await tune({}, `--trials ${visit}`, 'true {t}');
      expect(warningsOf(document)).toContain('Times are the program’s duration from start to end');
    }
  });
});

describe('the time budget', () => {
  it('is kept if runs are slow, and a note says what was left out', async () => {
    const { tune, ran } = place();
    // On a busy machine it takes seconds until the first run begins.
    const { code, document } = await tune({ SLOW: '3' }, '--for 12s');
    expect(code).toBe(0);
    expect(ran().length).toBeLessThanOrEqual(4);
    expect(warningsOf(document)).toMatch(
      /no time (?:left )?for a final comparison|nothing to compare it with/,
    );
    if (document?.trials.timed === 1)
      expect(document.gainOverDefault).toMatchObject({ unknown: 'not tried' });
  });

  it('ends a run that exceeds it', async () => {
    const { code, document, stderr } = await place().tune({ SLOW: '50' }, '--for 2s');
    expect({ code, timed: document?.trials.timed }).toEqual({ code: 6, timed: 0 });
    expect(stderr).toContain('the time was over before');
  });
});

describe('a study without any time', () => {
  it.each([
    ['a missing program', './no-such-program {t}', 'could not be started'],
    ['a program that always fails', 'false {t}', 'exit code 1'],
  ])('%s ends the visit after a few trials, with exit code 6', async (_, program, why) => {
    const { tune } = place();
    const { code, stderr, document } = await tune({}, '--trials 300', program, 'large');
    expect(code).toBe(6);
    expect(stderr).toContain(why);
    expect(document).toMatchObject({ stoppedBy: 'failing', winner: null, trials: { timed: 0 } });
    const tried = Object.values(document?.trials.invalid ?? {}).reduce((sum, count) => sum + count, 0);
    expect(tried).toBeLessThan(15);
  });
});

/** Whether the file has stopped growing. */
async function untilStill(...files: readonly string[]): Promise<void> {
  const sizes = () => files.map((file) => statSync(file).size).join();
  for (let before = ''; before !== sizes(); await pause(350)) before = sizes();
}

/** Waits until the file has grown. */
async function untilAlive(file: string): Promise<void> {
  const before = statSync(file).size;
  while (statSync(file).size === before) await pause(20);
}

async function untilThere(...files: readonly string[]): Promise<void> {
  while (!files.every((file) => existsSync(file))) await pause(20);
}

function childrenOf(parent: number | undefined): readonly number[] {
  const numbers = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return numbers.map(Number).filter((pid) => {
    try {
      return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')[1]) === parent;
    } catch {
      return false;
    }
  });
}

describe('a process that a program started in its own session and group', {
  concurrent: true,
}, () => {
  /** Starts a visit and waits until its program has started such a process. */
  async function fleeing(more = '', program?: string, isCheck = false) {
    const at = place();
    const life = join(at.path, 'life');
    const child = at.begin({ FLEE: life }, isCheck ? `${more} --check ${at.ownProgram}` : more, program);
    const end = ended(child);
    await untilThere(life, `${life}.group`);
    return { ...at, life, child, end };
  }

  it('ends at the time-out of a program or a check', async () => {
    const { life, end } = await fleeing('--timeout 3s --trials 1');
    expect((await end).code).toBe(6);
    await untilStill(life, `${life}.group`);
    const checked = await fleeing('--timeout 3s --trials 1', 'echo 5 {t}', true);
    await checked.end;
    await untilStill(checked.life, `${checked.life}.group`);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'ends at %s, and the visit ends in good order',
    async (signal) => {
      const { life, child, end } = await fleeing();
      child.kill(signal);
      const { stdout, stderr } = await end;
      expect(studyDocumentSchema.parse(JSON.parse(stdout)).stoppedBy).toBe('interrupted');
      expect(stderr).toContain('Stopping');
      await untilStill(life, `${life}.group`);
    },
  );

  it('ends at a second Ctrl-C', async () => {
    const { life, child, end } = await fleeing();
    child.kill('SIGINT');
    child.kill('SIGTERM');
    await end;
    await untilStill(life, `${life}.group`);
  });

  it('ends at kill -9', async () => {
    const { life, child, end } = await fleeing();
    child.kill('SIGKILL');
    await end;
    await untilStill(life, `${life}.group`);
  });

  it('ends at the next start if the keeper was killed too', async () => {
    const { life, child, end, tune } = await fleeing('--keep-running nothing-of-this-name');
    const keepers = childrenOf(child.pid);
    // Stop the keeper, so that it cannot react to the end of its parent.
    for (const pid of keepers) process.kill(pid, 'SIGSTOP');
    child.kill('SIGKILL');
    await end;
    for (const pid of keepers) process.kill(pid, 'SIGKILL');
    await untilAlive(life);
    await tune({}, '--trials 1');
    await untilStill(life, `${life}.group`);
  });
});

describe('--keep-running', () => {
  it('keeps named processes running, which otherwise end with a note', async () => {
    const { path, tune } = place();
    const name = `server-${process.pid}`;
    const server = join(path, name);
    // ps lists zombies with Z.
    const runs = () =>
      /^[^Z]/m.test(spawnSync('ps', ['-C', name, '-o', 'stat='], { encoding: 'utf8' }).stdout);
    spawnSync('cp', [spawnSync('which', ['sleep'], { encoding: 'utf8' }).stdout.trim(), server]);
    const script = `#!/bin/bash
runs() { ps -C ${name} -o stat= | grep -qv Z; }
runs || { setsid ${server} 300 < /dev/null > /dev/null 2>&1 & }
until runs; do sleep 0.01; done
echo 5
`;
    writeFileSync(join(path, 'served.sh'), script, { mode: 0o755 });
    const { document } = await tune({}, '--trials 1', `${path}/served.sh {t}`);
    expect(warningsOf(document)).toContain(name);
    expect(runs()).toBe(false);
    await tune({}, `--trials 1 --keep-running ${name} --seed 2`, `${path}/served.sh {t}`);
    expect(runs()).toBe(true);
    await tune({}, '--trials 1 --seed 3', 'true {t}');
    expect(runs()).toBe(false);
  });
});
