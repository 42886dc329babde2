import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { refuseNarrowLimit } from './address-space.ts';
import { hasRelaxedSimd } from './runner/features.ts';
import { startRunner } from './runner/runner.ts';

/** The WASM engine of this machine, on which variants run. */
export type WasmHost = Readonly<{
  node: string;
  v8: string;
  /** Flags of the processes in which variants run. */
  flags: readonly string[];
  cpu: string;
  /** Threads that variants may take. */
  cores: number;
  memoryBytes: number;
  /** Whether multiply-adds that round once exist. */
  relaxedSimd: boolean;
  fingerprint: string;
}>;

/** TurboFan from the first call: the code of Liftoff is two to three times slower and ranks variants differently. */
const FLAGS = ['--no-liftoff'];
/** Node 20 has relaxed SIMD behind a flag that later versions do not know. */
const RELAXED_FLAG = '--experimental-wasm-relaxed-simd';

type Hello = Awaited<ReturnType<typeof startRunner>>['hello'];

/** What the engine said, which stays the same until its file is another one, as after an upgrade. */
let known: Readonly<{ file: string; hello: Hello }> | undefined;

/** Starts a runner to ask what the engine can do, once for each engine. Throws BackendGone where none can work here. */
export async function wasmHost(): Promise<WasmHost> {
  const flags = hasRelaxedSimd() || !isNode20() ? FLAGS : [...FLAGS, RELAXED_FLAG];
  refuseNarrowLimit();
  const { node, v8, relaxedSimd } = await helloOf(flags);
  const about = {
    node,
    v8,
    flags,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    relaxedSimd,
  };
  return Object.freeze({ ...about, fingerprint: fingerprintOf(about) });
}

async function helloOf(flags: readonly string[]): Promise<Hello> {
  const stat = statSync(process.execPath, { throwIfNoEntry: false });
  const file = `${stat?.ino} ${stat?.mtimeMs}`;
  if (known?.file === file) return known.hello;
  const runner = await startRunner(flags);
  await runner.close();
  known = { file, hello: runner.hello };
  return runner.hello;
}

function isNode20(): boolean {
  return process.versions.node.startsWith('20.');
}

/** Changes whenever times may: engine, flags, processor, cores, what this backend generates. */
function fingerprintOf({ node, v8, flags, cpu, cores }: Omit<WasmHost, 'fingerprint'>): string {
  const text = JSON.stringify([GENERATOR_REVISION, node, v8, flags, cpu, cores]);
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** Raised when code for the same configuration changes. */
export const GENERATOR_REVISION = 4;
