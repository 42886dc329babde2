import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { studyDocumentSchema } from '../../src/documents/findings.ts';
import { BINARY, ended, start, temporaryFolder } from '../cli/command-line.fixture.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

/** The runner processes of a process. */
function runnersOf(parent: number | undefined): readonly number[] {
  return readdirSync('/proc').flatMap((name) => {
    try {
      const isRunner = readFileSync(`/proc/${name}/cmdline`, 'utf8').includes('/wasm/runner/child.js');
      const [, of] = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ')[1].split(' ');
      return isRunner && Number(of) === parent ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}

/** Whether a process runs; a zombie does not. */
function isRunning(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')[0] !== 'Z';
  } catch {
    return false;
  }
}

/** Kills `count` different runners of a process, each as soon as it is seen. */
async function endRunners(child: ChildProcess, count: number): Promise<void> {
  const seen = new Set<number>();
  while (seen.size < count && child.exitCode === null) {
    for (const pid of runnersOf(child.pid)) {
      if (seen.has(pid) || seen.size >= count) continue;
      seen.add(pid);
      // Some are killed while they start, others while they work.
      await pause(seen.size % 2 === 0 ? 1500 : 0);
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It ended by itself.
      }
    }
    await pause(20);
  }
}

describe('a runner that the system ends', () => {
  it('fails no configuration, and the visit ends with its comparison', async () => {
    const words = 'tune gelu --shape 4096 --target wasm --trials 12 --quiet --format json';
    const child = start(words.split(' '), { cwd: folder.path });
    const end = ended(child);
    await endRunners(child, 4);
    const { code, stdout, stderr } = await end;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { trials, winner, environment } = studyDocumentSchema.parse(JSON.parse(stdout));
    expect(trials.invalid).toMatchObject({ runtime: 0, compile: 0, correctness: 0, timeout: 0 });
    expect(winner).not.toBeNull();
    expect(environment?.processes).toBeGreaterThanOrEqual(5);
  });

  it('ends soon after nightshift was killed, even if a variant never returns', async () => {
    const runner = new URL('../../dist/src/targets/wasm/runner/process.js', import.meta.url);
    const assemble = new URL('../../dist/src/targets/wasm/generator/assemble.js', import.meta.url);
    const script = `
      const { RunnerProcess } = await import('${runner.href}');
      const { assembleWat } = await import('${assemble.href}');
      const text = '(module (import "env" "memory" (memory 100 100 shared))' +
        '(func (export "run") (param i32 i32 i32 i32 i32) (loop $ever (br $ever))))';
      const bytes = Uint8Array.from(await assembleWat(text));
      const setup = { pages: 100, scratch: [65536], operands: [[131072]], workers: 0, contents: [], expected: [] };
      const runner = await RunnerProcess.start([], setup);
      const placement = { id: 1, bytes, work: 1, grain: 1, threads: 1, chunk: 0, dma: false };
      await runner.ask({ kind: 'load', placement }, 60000);
      void runner.ask({ kind: 'sample', id: 1 }, 60000);
      console.log(runner.processId);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
    const end = ended(child);
    const pid = await new Promise<number>((resolve, reject) => {
      child.stdout.once('data', (text) => resolve(Number(String(text))));
      void end.then(({ stderr }) => reject(new Error(stderr)));
    });
    expect(runnersOf(child.pid)).toEqual([pid]);
    child.kill('SIGKILL');
    await end;
    await expect.poll(() => isRunning(pid)).toBe(false);
  });
});

describe('a shell with a low limit on address space', () => {
  it('gets one sentence with what to do', async () => {
    const limited = `ulimit -v 4000000; exec "$0" "$@"`;
    const words = ['tune', 'gelu', '--target', 'wasm', '--for', '2s'];
    const child = spawn('bash', ['-c', limited, process.execPath, BINARY, ...words], { cwd: folder.path });
    const { code, stdout, stderr } = await ended(child);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(
      /^nightshift: WebAssembly needs [\d.]+ GiB of address space.*`ulimit -v unlimited`\n$/,
    );
  });
});
