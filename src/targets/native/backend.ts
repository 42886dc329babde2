import { accessSync, constants, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Configuration } from '../../../search-space/parameter.ts';
import { BackendGone } from '../../../tuner/backend.ts';
import { Compilation, type SourceUnit } from '../../c/compilation.ts';
import { compiledFolderOf } from '../../c/compiled-files.ts';
import { referenceCheckOf } from '../../checking/expected.ts';
import { VariantBackend } from '../../checking/variant-backend.ts';
import type { Kernel } from '../../kernels/ir.ts';
import { totalPoints } from '../../kernels/lookup.ts';
import { lower } from '../../lowering/lower.ts';
import { VariantRunner } from '../../programs/variant-runner.ts';
import { COMMON_FLAGS, scheduleFlags, VARIANT_FLAGS } from './flags.ts';
import { type GeneratedC, generateC } from './generator/generate.ts';
import type { NativeSchedule } from './generator/schedule.ts';
import type { NativeHost } from './host.ts';
import { NATIVE_POLICY } from './policy.ts';
import { type NativePlacement, NativeProcess } from './runner/process.ts';
import { chunkOf, nativeScheduleOf } from './schedule-of.ts';

/** What a backend runs on and how. */
type NativeOptions = Readonly<{
  kernel: Kernel;
  host: Pick<NativeHost, 'cores' | 'compiler' | 'fingerprint'>;
  /** The folder of compiled files; the user's cache where it is not given. */
  folder?: string;
  /** What a compiler may take for a variant. */
  compileMs?: number;
  seed?: number;
}>;

/** No compiler that is well takes so long for a variant, or for the runner. */
const COMPILE_MS = 60_000;
/** Proposals made without learning from each other, so that they are compiled at once: one a core, but not more. */
const MOST_AHEAD = 8;

export type NativeBackend = VariantBackend<NativePlacement>;

/**
 * Compiles variants for this machine and times them in a process of their own. Throws BackendGone where the
 * runner cannot be compiled.
 */
export async function nativeBackend(options: NativeOptions): Promise<NativeBackend> {
  const { kernel, host, folder = compiledFolderOf('native'), compileMs = COMPILE_MS, seed = 1 } = options;
  const { cores, compiler, fingerprint } = host;
  const atOnce = Math.min(MOST_AHEAD, cores);
  const plan = {
    compiler,
    machine: fingerprint,
    option: '--target native',
    folder,
    atOnce,
    timeoutMs: compileMs,
  };
  const compilation = new Compilation(plan);
  const program = await runnerProgram(compilation);
  const { contents, expected, checked } = referenceCheckOf(lower(kernel, NATIVE_POLICY), seed);
  const start = () => NativeProcess.start(program, { threads: cores, contents, expected });
  const runner = new VariantRunner<NativePlacement>(start, 'native', patience(kernel));
  const maker = { ...makerOf(kernel, compilation), batchSize: atOnce, around: { checked } };
  return new VariantBackend(kernel, maker, runner);
}

function makerOf(kernel: Kernel, compilation: Compilation) {
  const unitOf = (configuration: Configuration) => {
    const how = nativeScheduleOf(configuration);
    const generated = generateC(kernel, how);
    return { generated, unit: { source: generated.source, flags: flagsOf(how) } };
  };
  return {
    provenance: 'native' as const,
    async make(configuration: Configuration, id: number, signal: AbortSignal) {
      const { generated, unit } = unitOf(configuration);
      const compiled = await compilation.compiled(unit, signal);
      if (typeof compiled !== 'string') return compiled;
      return { id, path: compiled, ...placementOf(configuration, generated) };
    },
    async prefetch(configurations: readonly Configuration[], signal: AbortSignal): Promise<void> {
      await Promise.all(
        configurations.map((configuration) => compilation.compiled(unitOf(configuration).unit, signal)),
      );
    },
    plainOf,
    threadsOf: ({ threads, helped }: NativePlacement) => threads * (helped ? 2 : 1),
    limitsCode: async () => new Uint8Array(),
    close: () => compilation.close(),
  };
}

/** How a variant is run. */
function placementOf(
  configuration: Configuration,
  { work, grain, scratchBytes, helped }: GeneratedC,
): Omit<NativePlacement, 'id' | 'path'> {
  const { threads, pinned, firstTouch } = configuration;
  return {
    work,
    grain,
    scratchBytes,
    helped,
    threads: typeof threads === 'number' ? threads : 1,
    pinned: pinned === true,
    touched: firstTouch === true,
    chunk: chunkOf(configuration, work, grain),
  };
}

/**
 * The same on one thread, in place, without a pipeline, prefetching and streaming: none of them changes a bit. Threads' shares
 * and tiles are whole blocks, so each element is computed by the same code. What a compiler fuses, it may fuse
 * otherwise in another source, so there only threads are compared. Undefined for what is that itself.
 */
function plainOf(configuration: Configuration): Configuration | undefined {
  const { threads = 1, chunking, pinned, firstTouch, helper = false, ...one } = configuration;
  const { pipelined = false, prefetch = 0, streaming = false, tile = 0, buffers, staged, ...code } = one;
  const isAlone = threads === 1 && helper === false;
  if (one.fma === true) return isAlone ? undefined : one;
  const isPlain = pipelined === false && prefetch === 0 && streaming === false && tile === 0;
  return isAlone && isPlain ? undefined : code;
}

function flagsOf(how: NativeSchedule): readonly string[] {
  return [...VARIANT_FLAGS, ...scheduleFlags(how), '-fPIC', '-shared'];
}

/** The runner, compiled. Throws BackendGone, and then closes the compilation. */
async function runnerProgram(compilation: Compilation): Promise<string> {
  try {
    const program = await compilation.compiled(runnerUnit(), new AbortController().signal, COMPILE_MS);
    if (typeof program !== 'string')
      throw new BackendGone(`the program that runs native code cannot be compiled: ${program.message}`);
    if (!isExecutable(program)) {
      const hint = 'XDG_CACHE_HOME names a folder of another disk';
      throw new BackendGone(`${program} must not be executed: its disk or its compiler forbids it (${hint})`);
    }
    return program;
  } catch (error) {
    await compilation.close();
    throw error;
  }
}

function isExecutable(program: string): boolean {
  try {
    accessSync(program, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The runner's source, with the files that it includes written out. */
function runnerUnit(): SourceUnit {
  const text = (name: string): string =>
    readFileSync(fileURLToPath(new URL(`./runner/${name}`, import.meta.url)), 'utf8');
  const written = (name: string): string =>
    text(name).replaceAll(/^#include "([\w./]+\.h)"$/gm, (_, included: string) => written(included));
  return { source: written('runner.c'), flags: [...COMMON_FLAGS, '-pthread', '-ldl'] };
}

/** Milliseconds that no working variant needs: 3 s, and 200 ns a point of every stage. */
function patience(kernel: Kernel): number {
  return 3000 + totalPoints(kernel) * 200e-6;
}
