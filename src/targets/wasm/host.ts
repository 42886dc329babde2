import { createHash } from 'node:crypto';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { hasRelaxedSimd } from './runner/features.ts';
import { RunnerProcess } from './runner/process.ts';

/** This machine's WASM engine: what variants run on. */
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

/** TurboFan from the first call: Liftoff's code is two to three times slower and ranks differently. */
const FLAGS = ['--no-liftoff'];
/** Node 20 has relaxed SIMD behind a flag that later versions do not know. */
const RELAXED_FLAG = '--experimental-wasm-relaxed-simd';

/** Starts a runner once to see what the engine can do. Throws RunnerLost where none starts. */
export async function wasmHost(): Promise<WasmHost> {
  const flags = hasRelaxedSimd() || !isNode20() ? FLAGS : [...FLAGS, RELAXED_FLAG];
  const runner = await RunnerProcess.start(flags);
  const { node, v8, relaxedSimd } = runner.hello;
  await runner.close();
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

function isNode20(): boolean {
  return process.versions.node.startsWith('20.');
}

/** Changes whenever times may: engine, flags, processor, cores, what this backend generates. */
function fingerprintOf({ node, v8, flags, cpu, cores }: Omit<WasmHost, 'fingerprint'>): string {
  const text = JSON.stringify([GENERATOR_REVISION, node, v8, flags, cpu, cores]);
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** Raised when the same configuration becomes other code. */
export const GENERATOR_REVISION = 3;
