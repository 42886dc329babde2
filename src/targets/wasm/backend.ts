import { loadavg } from 'node:os';
import { InputError } from '../../../search-space/input-error.ts';
import type { Configuration } from '../../../search-space/parameter.ts';
import type { Proposal } from '../../../store/trial.ts';
import type {
  Backend,
  Failure,
  Prepared,
  Provenance,
  Sample,
  TimingSession,
  Variant,
  Verdict,
} from '../../../tuner/backend.ts';
import type { Kernel } from '../../kernels/ir.ts';
import { totalPoints } from '../../kernels/lookup.ts';
import { type CallWork, callWork } from './call-work.ts';
import { type ReferenceCheck, referenceCheckOf } from './checking/expected.ts';
import { PlainBits } from './checking/plain-bits.ts';
import { assembleWat } from './generator/assemble.ts';
import { generate } from './generator/generate.ts';
import { limitsText } from './generator/limits-code.ts';
import { describeModelledDma, type ModelledDma } from './generator/modelled-dma.ts';
import { scratchNeeded } from './generator/scratch.ts';
import { operandBytes, planMemory } from './runner/memory-plan.ts';
import type { RunnerSetup } from './runner/messages.ts';
import { type Placement, threadsOf } from './runner/pool.ts';
import { type Fate, Runner } from './runner/runner.ts';
import { placementOf, scheduleOf } from './schedule-of.ts';

/** What a backend runs on and how. */
type WasmOptions = Readonly<{
  kernel: Kernel;
  /** The engine's flags and cores, as the host says. */
  flags: readonly string[];
  cores: number;
  /** Whether the engine has multiply-adds that round once. */
  relaxedSimd: boolean;
  /** The DMA engine to act out, where it is not this machine's own copying. */
  modelledDma?: ModelledDma;
  /** Where the data lies before a call: where the last call left it, or out of the caches. */
  temperature?: 'warm' | 'cold';
  seed?: number;
}>;

/** A sample in which a thread waited longer than this share for a core says nothing. */
const MOST_WAITED = 0.03;
/** Waiting beyond this share cannot be taken off: what is left of such a sample is mostly error. */
const MOST_CORRECTED = 0.5;
/** Disturbed samples on several threads are taken again so often, all of them so long, before they are given up. */
const LEAST_ATTEMPTS = 3;
const PATIENCE_US = 10_000;
/** Elements in the smallest tiles of the space. */
const SMALLEST_TILE = 1024;
/** Bytes that cold runs go round over: several times the last cache. */
const COLD_BYTES = 256 * 2 ** 20;

/**
 * Times variants as WebAssembly on this machine. Throws InputError for a kernel with operands that
 * have no representation, or too much data for a 32-bit memory.
 */
export async function wasmBackend(options: WasmOptions): Promise<WasmBackend> {
  const { kernel, cores, flags, temperature = 'warm', seed = 1 } = options;
  const bytes = operandBytes(kernel);
  const copies = temperature === 'warm' ? 1 : Math.max(2, Math.ceil(COLD_BYTES / bytes));
  // First, because the reference of what does not fit would take minutes.
  const memory = planMemory(kernel, cores, scratchNeeded(kernel), copies);
  const check = referenceCheckOf(kernel, seed);
  const setup: RunnerSetup = {
    pages: memory.pages,
    scratch: [...memory.addresses.scratch],
    operands: memory.addresses.operands.map((list) => [...list]),
    workers: cores - 1,
    contents: check.contents,
    expected: [...check.expected],
  };
  const modelledMs = slowestTransfers(options, bytes);
  const runner = new Runner(flags, setup, patience(kernel) + 10 * modelledMs);
  return new WasmBackend({ ...options, temperature }, check, setup, runner, memory.scratchBytes);
}

/** Milliseconds that a modelled DMA takes at most for a call: all bytes, in the smallest tiles. */
function slowestTransfers({ kernel, modelledDma }: WasmOptions, bytes: number): number {
  if (modelledDma === undefined) return 0;
  const elements = kernel.operands.reduce((sum, operand) => sum + operand.elements, 0);
  const tiles = 2 + (2 * elements) / SMALLEST_TILE;
  return bytes / (modelledDma.gigabytesPerSecond * 1e6) + (tiles * modelledDma.latencyUs) / 1000;
}

/** Milliseconds that no working variant needs: 3 s, and 200 ns a point of every stage. */
function patience(kernel: Kernel): number {
  return 3000 + totalPoints(kernel) * 200e-6;
}

export class WasmBackend implements Backend {
  readonly provenance: Provenance;
  readonly timing = Object.freeze({ kind: 'noisy' } as const);
  readonly batchSize = 1;
  private prepared = 0;
  private hasLimits = false;
  private readonly plain = new PlainBits((configuration) => this.digest(configuration));

  constructor(
    private readonly options: WasmOptions & Required<Pick<WasmOptions, 'temperature'>>,
    private readonly check: ReferenceCheck,
    private readonly setup: RunnerSetup,
    private readonly runner: Runner,
    private readonly scratchBytes: number,
  ) {
    this.provenance = options.modelledDma === undefined ? 'wasm' : 'wasm-modelled';
  }

  async prepare({ configuration }: Proposal): Promise<Prepared> {
    try {
      const { kernel, modelledDma } = this.options;
      const generated = generate(kernel, scheduleOf(configuration, modelledDma), this.setup.pages);
      if (generated.scratchBytes > this.scratchBytes) {
        throw new InputError(
          'tile',
          `needs ${generated.scratchBytes} bytes of scratchpad`,
          `at most ${this.scratchBytes}`,
        );
      }
      const bytes = Uint8Array.from(await assembleWat(generated.text));
      const handle = placementOf(configuration, generated, bytes, ++this.prepared);
      return { state: 'ready', variant: { configuration, handle } };
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      return { state: 'invalid', reason: 'compile', message: error.message };
    }
  }

  /** Correct are results within the tolerance, and with the bits that no schedule may change. */
  async verify(variant: Variant): Promise<Verdict> {
    const plain = await this.plain.of(variant.configuration);
    const answer = await this.runner.ask(handleOf(variant), 'verify');
    if (answer.kind === 'invalid') return answer.failure;
    if (answer.kind === 'wrong') return incorrect(answer.message);
    if (answer.kind !== 'right') throw new Error(`the runner answers '${answer.kind}' to a check`);
    return plain === undefined || plain === answer.digest
      ? { state: 'correct' }
      : incorrect('its bits are not those of the same code in place on one thread');
  }

  private async digest(configuration: Configuration): Promise<number | undefined> {
    const prepared = await this.prepare({ configuration, subset: 'plain', origin: 'check' });
    if (prepared.state === 'invalid') return undefined;
    const answer = await this.runner.ask(handleOf(prepared.variant), 'verify');
    return answer.kind === 'right' ? answer.digest : undefined;
  }

  /** An operand's bytes after a call on fresh data, for exact comparisons; a failure where it fails. */
  async result(variant: Variant, operand: string): Promise<Uint8Array | Failure> {
    const verdict = await this.verify(variant);
    if (verdict.state === 'invalid') return verdict;
    return this.runner.read(this.options.kernel.operands.findIndex(({ name }) => name === operand));
  }

  /** Warm together in the long-lived runner, or in a process of their own where `fresh`. */
  async session(
    variants: readonly Variant[],
    _signal: AbortSignal,
    { fresh = false }: Readonly<{ fresh?: boolean }> = {},
  ): Promise<WasmSession> {
    const runner = fresh ? this.runner.another() : this.runner;
    try {
      return await this.open(runner, fresh, variants);
    } catch (error) {
      if (fresh) await runner.close();
      throw error;
    }
  }

  private async open(runner: Runner, fresh: boolean, variants: readonly Variant[]): Promise<WasmSession> {
    for (const variant of variants) await runner.ask(handleOf(variant), 'load');
    // A process of its own is for results that count, so they get the machine's limits beside them, measured once.
    const limits = fresh && !this.hasLimits ? await runner.limits(await this.limitsModule()) : undefined;
    this.hasLimits ||= limits !== undefined;
    const { temperature, modelledDma } = this.options;
    return new WasmSession(runner, fresh, callWork(this.options.kernel), {
      temperature,
      ...(modelledDma !== undefined && { modelledDma: describeModelledDma(modelledDma) }),
      checked: this.check.checked,
      load: loadavg()[0],
      ...limits,
    });
  }

  private async limitsModule(): Promise<Uint8Array<ArrayBuffer>> {
    return Uint8Array.from(await assembleWat(limitsText(this.options.relaxedSimd)));
  }

  close(): Promise<void> {
    return this.runner.close();
  }
}

function incorrect(message: string): Failure {
  return { state: 'invalid', reason: 'correctness', message };
}

type TimeAnswer = Extract<Fate, { kind: 'time' }>;

export class WasmSession implements TimingSession {
  private taken = 0;
  private clean = 0;
  /** Samples that count although a thread waited: its waiting is taken off. */
  private corrected = 0;
  /** The shortest time of a clean sample times its threads, microseconds. */
  private shortest = Number.POSITIVE_INFINITY;

  /** `work` of a call is compared with the machine's limits. */
  constructor(
    private readonly runner: Pick<Runner, 'ask' | 'close'>,
    private readonly owned: boolean,
    private readonly work: CallWork,
    private readonly around: Readonly<Record<string, string | number | boolean>>,
  ) {}

  /**
   * Tries a few times: on a busy machine a sample is seldom undisturbed. If none is, what one thread
   * waited for a core is taken off its calmest sample, unless it waited for most of it; for several threads
   * nothing can be said.
   */
  async sample(variant: Variant): Promise<Sample> {
    const placement = handleOf(variant);
    let spentUs = 0;
    let calmest: TimeAnswer | undefined;
    const least = threadsOf(placement) > 1 ? LEAST_ATTEMPTS : 1;
    for (let attempt = 0; attempt < least || spentUs < PATIENCE_US; attempt++) {
      const answer = await this.runner.ask(placement, 'sample');
      if (answer.kind === 'invalid') return answer.failure;
      if (answer.kind !== 'time') throw new Error(`the runner answers '${answer.kind}' to a sample`);
      this.taken++;
      spentUs += answer.timeUs * answer.calls;
      if (calmest === undefined || answer.waited < calmest.waited) calmest = answer;
      if (answer.waited > MOST_WAITED) continue;
      this.clean++;
      this.shortest = Math.min(this.shortest, answer.timeUs * threadsOf(placement));
      return { state: 'timed', timeUs: answer.timeUs };
    }
    if (calmest === undefined || calmest.waited > MOST_CORRECTED || threadsOf(placement) > 1)
      return { state: 'dropped' };
    this.corrected++;
    return { state: 'timed', timeUs: calmest.timeUs * (1 - calmest.waited) };
  }

  environment(): Readonly<Record<string, string | number | boolean>> {
    const share = this.taken === 0 ? 1 : this.clean / this.taken;
    return {
      ...this.around,
      freshProcess: this.owned,
      samples: this.taken,
      cleanShare: share,
      corrected: this.corrected,
      ...this.reached(),
    };
  }

  /** The most that a thread of a clean sample did of what the limits say. */
  private reached(): Readonly<Record<string, number>> {
    if (!Number.isFinite(this.shortest)) return {};
    const { multiplyAdds, streamed } = this.work;
    const speed = streamed && streamed.bytes / 1000 / this.shortest;
    return {
      ...(multiplyAdds > 0 && { reachedGflops: (2 * multiplyAdds) / 1000 / this.shortest }),
      ...(speed !== undefined &&
        (streamed?.like === 'copy' ? { reachedCopyGBs: speed } : { reachedTriadGBs: speed })),
    };
  }

  async close(): Promise<void> {
    if (this.owned) await this.runner.close();
  }
}

/** The handle is this backend's own: nobody else makes WASM variants. */
function handleOf({ handle }: Variant): Placement {
  if (!isPlacement(handle)) throw new TypeError('this variant was not prepared by the wasm backend');
  return handle;
}

function isPlacement(handle: unknown): handle is Placement {
  return typeof handle === 'object' && handle !== null && 'bytes' in handle && 'grain' in handle;
}
