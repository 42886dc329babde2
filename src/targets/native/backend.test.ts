import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Configuration } from '../../../search-space/parameter.ts';
import { backendConformance } from '../../../tuner/backend.conformance.ts';
import { CompiledFiles } from '../../c/compiled-files.ts';
import { findCompiler } from '../../c/compiler.ts';
import { libraryKernel } from '../../kernels/library.ts';
import { type NativeBackend, nativeBackend } from './backend.ts';
import { compiledFolder, hasCompiler, hostHere, prepared } from './machine-here.fixture.ts';

const folder = compiledFolder();
const signal = new AbortController().signal;
const proposal = (configuration: Configuration) => ({ configuration, subset: 'vec', origin: 'test' });

describe.skipIf(!hasCompiler)('with a C compiler', () => {
  backendConformance({
    name: 'native',
    open: async () =>
      nativeBackend({ kernel: libraryKernel('gelu', [3001]), host: await hostHere(4), folder }),
    good: [
      { lanes: 4, threads: 1 },
      { lanes: 4, unroll: 2, threads: 2, chunking: 'static' },
    ],
    bad: { lanes: 4, unroll: 2, threads: 64, chunking: 'static' },
  });

  describe('threads, prefetching, streaming and copied tiles', () => {
    let backend: NativeBackend;
    beforeAll(async () => {
      backend = await nativeBackend({
        kernel: libraryKernel('softmax', [203, 64]),
        host: await hostHere(4),
        folder,
      });
    });
    afterAll(() => backend.close());

    it('give the bits of the same code in place on one thread', async () => {
      const result = async (configuration: Configuration) =>
        backend.result(await prepared(backend, configuration), 'out');
      const first = await result({ lanes: 4 });
      expect(first).toBeInstanceOf(Uint8Array);
      for (const change of [
        { threads: 3 },
        { threads: 2, chunking: 'dynamic-8' },
        { threads: 4, chunking: 'dynamic-32', prefetch: 512, streaming: true },
        { tile: 16, buffers: 2, staged: 'in', streaming: true },
        { tile: 16, helper: true },
        { tile: 15, helper: true, buffers: 2, threads: 2, chunking: 'dynamic-8' },
        { threads: 2, firstTouch: true },
      ]) {
        expect(await result({ lanes: 4, ...change }), JSON.stringify(change)).toEqual(first);
      }
    });

    it('are timed in a process of their own on request, and so are the limits of the machine', async () => {
      const variant = await prepared(backend, { lanes: 4 });
      const session = await backend.session([variant], signal, { fresh: true });
      expect(['timed', 'dropped']).toContain((await session.sample(variant)).state);
      expect(session.environment()).toMatchObject({ freshProcess: true, checked: 'whole' });
      await session.close();
      const { multiplyAddGflops, copyGBs } = await backend.limits();
      expect(multiplyAddGflops).toBeGreaterThan(0);
      expect(copyGBs).toBeGreaterThan(0);
    });
  });

  it.each(['softmax', 'online-softmax', 'rms-norm', 'layer-norm'])(
    'a pipeline of rows gives the bits of %s without one, in shares of any size',
    async (name) => {
      const kernel = libraryKernel(name, [7, 64]);
      const backend = await nativeBackend({ kernel, host: await hostHere(3), folder });
      const result = async (configuration: Configuration) =>
        backend.result(await prepared(backend, configuration), 'out');
      const [scalar, wide] = [{ lanes: 1 }, { lanes: 4, unroll: 3 }];
      for (const [one, changes] of [
        [scalar, [{}]],
        [wide, [{}, { threads: 3, tile: 2, buffers: 2 }]],
      ] as const) {
        const bits = await result(one);
        expect(bits).toBeInstanceOf(Uint8Array);
        for (const change of changes)
          expect(await result({ ...one, ...change, pipelined: true }), JSON.stringify(change)).toEqual(bits);
      }
      await backend.close();
    },
  );

  describe('pinned threads', () => {
    let backend: NativeBackend;
    let processors: number;
    const own = compiledFolder();
    beforeAll(async () => {
      const host = await hostHere(1);
      ({ processors } = host);
      const kernel = libraryKernel('relu', [4096]);
      backend = await nativeBackend({ kernel, host: { ...host, cores: processors + 1 }, folder: own });
    });
    afterAll(() => backend.close());

    const verdict = async (configuration: Configuration) =>
      backend.verify(await prepared(backend, { lanes: 4, ...configuration }));
    /** The processors of each of the runner's threads, as the system writes them. */
    const places = () => {
      const runner = readdirSync('/proc').filter((pid) => {
        try {
          return readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith(own);
        } catch {
          return false;
        }
      });
      const tasks = runner.flatMap((pid) =>
        readdirSync(`/proc/${pid}/task`).map((task) => `${pid}/task/${task}`),
      );
      return tasks.map(
        (task) => /Cpus_allowed_list:\s*(\S+)/.exec(readFileSync(`/proc/${task}/status`, 'utf8'))?.[1] ?? '',
      );
    };

    it('have a processor each, and are free again for what is not pinned', async () => {
      const free = readFileSync('/proc/self/status', 'utf8').match(/Cpus_allowed_list:\s*(\S+)/)?.[1];
      const others = (list: readonly string[]) => list.filter((place) => place !== free);
      expect(await verdict({ threads: processors, pinned: true })).toEqual({ state: 'correct' });
      const bound = others(places());
      // With one processor, being bound to it is no different.
      expect(new Set(bound).size).toBe(processors === 1 ? 0 : processors);
      for (const place of bound) expect(place).toMatch(/^\d+$/);
      expect(await verdict({ threads: processors })).toEqual({ state: 'correct' });
      expect(others(places())).toEqual([]);
    });

    it('are refused where there are fewer processors', async () => {
      expect(await verdict({ threads: processors + 1, pinned: true })).toEqual({
        state: 'invalid',
        reason: 'runtime',
        message: expect.stringContaining('may not use as many processors as it has threads'),
      });
    });
  });

  describe('a compiler or a variant that is not well', () => {
    const own = mkdtempSync(join(tmpdir(), 'nightshift-fake-cc-'));
    const fake = join(own, 'cc');
    let tried = 0;
    let backend: NativeBackend;
    beforeAll(async () => {
      writeFileSync(fake, FAKE);
      chmodSync(fake, 0o755);
      const compiler = await findCompiler([fake]);
      if (compiler === undefined) throw new Error('the script is no compiler');
      const host = { ...(await hostHere(1)), compiler };
      backend = await nativeBackend({
        kernel: libraryKernel('relu', [2000]),
        host,
        folder: join(own, 'compiled'),
        compileMs: 3_000,
      });
    });
    afterAll(async () => {
      await backend.close();
      rmSync(own, { recursive: true, force: true });
    });

    /** What becomes of a trial while the script does as it is told. Each has code of its own. */
    const trial = async (mode: string, configuration: Configuration) => {
      writeFileSync(join(own, 'mode'), mode);
      const made = await backend.prepare(proposal(configuration));
      return made.state === 'invalid' ? made : backend.verify(made.variant);
    };

    it.each<readonly [string, string, string, RegExp]>([
      ['a crash of the compiler', 'crash', 'disturbed', /^the compiler was ended by SIGSEGV$/],
      ['a refusal', '#error of another dialect', 'compile', /^the compiler says: .*another dialect/],
      ['no file', 'silent', 'compile', /^the compiler wrote no file$/],
      ['a file that is no library', 'text', 'compile', /invalid ELF header|file too short/],
      ['an endless compile', 'endless', 'disturbed', /^the compiler took longer than 3 s$/],
      ['a miscompiled variant', code(''), 'correctness', /^element 0 is nan instead of/],
      ['a fault', code('*(volatile int *)8 = 0;'), 'runtime', /SIGSEGV, 3 times in a row$/],
      ['an illegal instruction', code('__builtin_trap();'), 'runtime', /SIGILL, 3 times in a row$/],
      ['a variant that ends the process', code('_exit(0);'), 'runtime', /exit code 0, 3 times in a row$/],
      ['a variant that never ends', code('for (;;) pause();'), 'timeout', /^no answer within 3000 ms$/],
    ])('%s costs one trial and nothing else', async (what, mode, reason, message) => {
      const configuration = { lanes: 4, unroll: 2 + tried++ };
      expect(await trial(mode, configuration), what).toEqual({
        state: 'invalid',
        reason,
        message: expect.stringMatching(message),
      });
      expect(await trial('well', { lanes: 4 })).toEqual({ state: 'correct' });
    });

    it('a full disk is not the fault of a configuration', async () => {
      await expect(trial('no-space', { lanes: 4, unroll: 2 + tried })).rejects.toThrow(
        /^--target native: the disk of .* or of TMPDIR is full: .*No space left/,
      );
      expect(await trial('well', { lanes: 4, unroll: 2 + tried++ })).toEqual({ state: 'correct' });
    });

    it('a compiler that is there no more is not the fault of a configuration', async () => {
      renameSync(fake, `${fake}.away`);
      await expect(trial('well', { lanes: 4, unroll: 2 + tried })).rejects.toThrow(
        /^--target native: the compiler can no longer be started: .*ENOENT/,
      );
      renameSync(`${fake}.away`, fake);
      expect(await trial('well', { lanes: 4, unroll: 2 + tried++ })).toEqual({ state: 'correct' });
    });

    it('leaves no process behind', async () => {
      await backend.close();
      expect(commandLines().filter((line) => line.includes(own) || line.includes(SLEEP))).toEqual([]);
    });
  });
});

describe('the folder of compiled files', () => {
  const own = compiledFolder();

  it('stays within its limit: what was unused for longest goes first', () => {
    const files = new CompiledFiles(own, '--target native');
    const keys = ['a', 'b', 'c'].map((digit) => digit.repeat(32));
    keys.forEach((key, place) => {
      writeFileSync(files.begin(key, '').output, 'x'.repeat(100));
      utimesSync(files.finish(key), place, place);
    });
    // Being asked for is a use.
    files.find(keys[0]);
    files.trim(300);
    const left = readdirSync(own);
    expect(left.toSorted()).toEqual([keys[0], keys[2]]);
  });

  it('removes what a killed process left unfinished, once it is old', () => {
    const files = new CompiledFiles(own, '--target native');
    const { source, output } = files.begin('e'.repeat(32), '');
    const left = [source, output, `${output}.tmp`, output.replace(/\.out$/, '-1a2b3c4d.out.tmp')];
    for (const path of left) writeFileSync(path, '');
    files.removeAbandoned(Date.now());
    expect(left.filter((path) => existsSync(path))).toEqual(left);
    files.removeAbandoned(Date.now() + 2 * 3_600_000);
    expect(left.filter((path) => existsSync(path))).toEqual([]);
  });

  it.each([
    ['cut off', (path: string) => truncateSync(path, 70)],
    ['emptied', (path: string) => truncateSync(path)],
    ['overwritten', (path: string) => writeFileSync(path, 'y', { flag: 'r+' })],
  ])('does not give away a file that was %s', (_, damage) => {
    const files = new CompiledFiles(own, '--target native');
    const key = 'd'.repeat(32);
    const compile = () => {
      writeFileSync(files.begin(key, '').output, 'x'.repeat(100));
      return files.finish(key);
    };
    const path = compile();
    expect(files.find(key)).toBe(path);
    damage(path);
    expect(files.find(key)).toBeUndefined();
    expect(files.find(key) ?? compile()).toBe(path);
    expect(files.find(key)).toBe(path);
  });
});

it.skipIf(!hasCompiler)('says why the runner cannot be run, and what to do', async () => {
  const own = mkdtempSync(join(tmpdir(), 'nightshift-no-program-'));
  const host = await hostHere(1);
  const compiler = { ...host.compiler, words: [...host.compiler.words, '-c'] };
  const opened = nativeBackend({
    kernel: libraryKernel('relu', [8]),
    host: { ...host, compiler },
    folder: own,
  });
  await expect(opened).rejects.toThrow(/must not be executed: .*XDG_CACHE_HOME names/);
  rmSync(own, { recursive: true, force: true });
});

it.skipIf(!hasCompiler).each([
  ['/tmp/two\nlines', /XDG_CACHE_HOME: has a line feed/],
  ['/proc/nope', /cannot write \/proc\/nope\/.*ENOENT.*XDG_CACHE_HOME names another folder/],
])('refuses a cache folder that it cannot use, %j', async (folder, message) => {
  vi.stubEnv('XDG_CACHE_HOME', folder);
  const opened = nativeBackend({ kernel: libraryKernel('relu', [8]), host: await hostHere(1) });
  await expect(opened).rejects.toThrow(message);
  vi.unstubAllEnvs();
});

/** Seconds that no other program sleeps. */
const SLEEP = '617.25';

/** A compiler that does as the file beside it says, but for the runner, and else compiles what that file has. */
const FAKE = `#!/bin/sh
for word; do
  test "$before" = -o && output=$word
  before=$word
done
case " $* " in *' -shared '*) mode=$(cat "\${0%/*}/mode") ;; *) mode=well ;; esac
case $mode in
  well) exec cc "$@" ;;
  crash) kill -SEGV $$ ;;
  endless) sleep ${SLEEP} ;;
  silent) ;;
  no-space)
    echo '/usr/bin/ld: final link failed: No space left on device' >&2
    echo 'collect2: error: ld returned 1 exit status' >&2
    exit 1 ;;
  text) echo text > "$output" ;;
  *) printf '%s\\n' "$mode" | exec cc -shared -fPIC -x c -o "$output" - ;;
esac
`;

/** A variant with this body. */
function code(body: string): string {
  return `#include <unistd.h>
void run(int begin, int end, char *scratch, char *const *at) { ${body} }`;
}

function commandLines(): readonly string[] {
  return readdirSync('/proc').flatMap((name) => {
    try {
      return /^\d+$/.test(name) ? [readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ')] : [];
    } catch {
      return [];
    }
  });
}
