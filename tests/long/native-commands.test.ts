import { spawn } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { studyDocumentSchema } from '../../src/documents/findings.ts';
import { hasCompiler } from '../../src/targets/native/machine-here.fixture.ts';
import { ended, start, temporaryFolder } from '../cli/command-line.fixture.ts';

const folder = temporaryFolder();
afterAll(folder.remove);
const env = { ...process.env, XDG_CACHE_HOME: join(folder.path, 'cache') };

const run = (line: string, change: Readonly<Record<string, string>> = {}) =>
  ended(start(line.split(' '), { cwd: folder.path, env: { ...env, ...change } }));

/** Whether a process runs; a zombie does not. */
function isRunning(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')[0] !== 'Z';
  } catch {
    return false;
  }
}

describe.skipIf(!hasCompiler)('--target native', { timeout: 120_000 }, () => {
  it('tunes for this machine, and best answers from what was measured', async () => {
    const tuned = await run('tune gelu --shape 4096 --target native --trials 8 --quiet --format json');
    expect({ code: tuned.code, stderr: tuned.stderr }).toEqual({ code: 0, stderr: '' });
    const { trials, winner, ...study } = studyDocumentSchema.parse(JSON.parse(tuned.stdout));
    expect(trials.invalid).toMatchObject({ runtime: 0, compile: 0, correctness: 0, timeout: 0 });
    expect(study.default?.provenance).toEqual({ how: 'observed', from: 'native' });
    expect(winner).not.toBeNull();
    const best = await run('best gelu --shape 4096 --target native');
    expect(best.code).toBe(0);
    expect(best.stdout).toMatch(/µs.*measured in native code.*as fast as the default/);
  });

  it('hands over as C what it tuned, and sees in CI whether that is up to date', async () => {
    const line = 'export --format c-source -o kernels';
    const exported = await run(line);
    expect({ code: exported.code, stderr: exported.stderr }).toEqual({ code: 0, stderr: '' });
    expect(exported.stdout).toContain('kernels/gelu_f32_4096.c written');
    expect((await run(`${line} --check`)).code).toBe(0);
    const header = join(folder.path, 'kernels/gelu_f32.h');
    writeFileSync(header, readFileSync(header, 'utf8').replaceAll('4096', '4097'));
    const { code, stdout } = await run(`${line} --check`);
    expect({ code, stdout }).toEqual({ code: 1, stdout: expect.stringMatching(/gelu_f32\.h different/) });
  });

  it('gives a compiler as long as --timeout says, and goes on', async () => {
    const compiler = join(folder.path, 'slow-cc');
    writeFileSync(compiler, SLOW);
    chmodSync(compiler, 0o755);
    const line = 'tune relu --shape 64 --target native --trials 2 --timeout 1s --quiet --format json';
    const { code, stdout, stderr } = await run(line, { CC: compiler });
    expect({ code, stderr }).toEqual({ code: 6, stderr: expect.stringMatching(/took longer than 1 s/) });
    expect(studyDocumentSchema.parse(JSON.parse(stdout)).trials).toMatchObject({
      timed: 0,
      invalid: { disturbed: 2 },
    });
  });

  it('ends its runner soon after nightshift was killed, even if a variant and its helper never return', async () => {
    const script = `
      const { nativeBackend } = await import('${moduleOf('backend')}');
      const { nativeHost } = await import('${moduleOf('host')}');
      const { libraryKernel } = await import('${new URL('../../dist/src/kernels/library.js', import.meta.url).href}');
      const { NativeProcess } = await import('${moduleOf('runner/process')}');
      const { spawnSync } = await import('node:child_process');
      const { readdirSync } = await import('node:fs');
      const folder = ${JSON.stringify(join(folder.path, 'compiled'))};
      const host = await nativeHost();
      await (await nativeBackend({ kernel: libraryKernel('relu', [64]), host, folder })).close();
      const program = folder + '/' + readdirSync(folder)[0];
      const endless = '{ for (;;) __asm__ volatile(""); }';
      const source = 'void run(int a, int b, char *c, char *const *d) ' + endless + 'void run_help(char *c) ' + endless;
      const path = folder + '/endless.so';
      spawnSync('cc', ['-shared', '-fPIC', '-x', 'c', '-o', path, '-'], { input: source });
      const runner = await NativeProcess.start(program, { threads: 2, contents: [], expected: [] });
      const how = { threads: 1, helped: true, pinned: false, touched: false };
      const placement = { id: 1, path, work: 1, grain: 1, chunk: 0, scratchBytes: 4096, ...how };
      const loaded = await runner.ask({ kind: 'load', placement }, 60000);
      if (loaded.kind !== 'done') throw new Error(JSON.stringify(loaded));
      void runner.ask({ kind: 'sample', id: 1 }, 60000);
      console.log(runner.processId);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { env });
    const end = ended(child);
    const pid = await new Promise<number>((resolve, reject) => {
      child.stdout.once('data', (text) => resolve(Number(String(text))));
      void end.then(({ stderr }) => reject(new Error(stderr)));
    });
    expect(isRunning(pid)).toBe(true);
    child.kill('SIGKILL');
    await end;
    await expect.poll(() => isRunning(pid), { timeout: 20_000 }).toBe(false);
  });
});

it('says in one sentence that there is no compiler', async () => {
  const { code, stdout, stderr } = await run('tune gelu --target native --trials 8', { CC: '/no/such/cc' });
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^.*needs a C compiler, and '\/no\/such\/cc' is none.*\n?.*$/);
});

it.each([
  ['tune gelu --timeout 9s --trials 1', /timeout: target 'hexagon-v75' compiles nothing/],
  ['tune gelu --target native --timeout soon --trials 1', /--timeout: 'soon' is not a duration/],
])('refuses a limit that makes no sense: %s', async (line, message) => {
  const { code, stderr } = await run(line);
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(message) });
});

/** Compiles the runner, but no variant in a minute. */
const SLOW = `#!/bin/sh
case " $* " in *' -shared '*) exec sleep 60 ;; esac
exec cc "$@"
`;

function moduleOf(name: string): string {
  return new URL(`../../dist/src/targets/native/${name}.js`, import.meta.url).href;
}
