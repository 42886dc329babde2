import { started, VariantRunner } from '../../../programs/variant-runner.ts';
import type { RunnerSetup } from './messages.ts';
import type { Placement } from './pool.ts';
import { RunnerProcess } from './process.ts';

const WHAT = 'WebAssembly';

export type Runner = VariantRunner<Placement>;

/** A runner of WebAssembly variants. A question that takes longer than `patienceMs` ends its process. */
export function wasmRunner(flags: readonly string[], setup: RunnerSetup, patienceMs: number): Runner {
  return new VariantRunner(() => RunnerProcess.start(flags, setup), WHAT, patienceMs);
}

/** A process without data, to ask the engine. Throws BackendGone where none starts. */
export function startRunner(flags: readonly string[]): Promise<RunnerProcess> {
  return started(() => RunnerProcess.start(flags), WHAT);
}
