import { InputError } from '../../../search-space/input-error.ts';
import type { Configuration } from '../../../search-space/parameter.ts';
import { referenceCheckOf } from '../../checking/expected.ts';
import { VariantBackend, type VariantMaker } from '../../checking/variant-backend.ts';
import type { Kernel } from '../../kernels/ir.ts';
import { totalPoints } from '../../kernels/lookup.ts';
import { lower } from '../../lowering/lower.ts';
import { assembleWat } from './generator/assemble.ts';
import { generate } from './generator/generate.ts';
import { limitsText } from './generator/limits-code.ts';
import { describeModelledDma, type ModelledDma } from './generator/modelled-dma.ts';
import { scratchNeeded } from './generator/scratch.ts';
import { WASM_POLICY } from './policy.ts';
import { operandBytes, planMemory } from './runner/memory-plan.ts';
import type { RunnerSetup } from './runner/messages.ts';
import { type Placement, threadsOf } from './runner/pool.ts';
import { wasmRunner } from './runner/runner.ts';
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
  const check = referenceCheckOf(lower(kernel, WASM_POLICY), seed);
  const setup: RunnerSetup = {
    pages: memory.pages,
    scratch: [...memory.addresses.scratch],
    operands: memory.addresses.operands.map((list) => [...list]),
    workers: cores - 1,
    contents: check.contents,
    expected: check.expected,
  };
  const modelledMs = slowestTransfers(options, bytes);
  const runner = wasmRunner(flags, setup, patience(kernel) + 10 * modelledMs);
  const maker = makerOf(options, { temperature, checked: check.checked }, memory);
  return new VariantBackend(kernel, maker, runner);
}

export type WasmBackend = VariantBackend<Placement>;

function makerOf(
  { kernel, relaxedSimd, modelledDma }: WasmOptions,
  around: Readonly<Record<string, string>>,
  memory: Readonly<{ pages: number; scratchBytes: number }>,
): VariantMaker<Placement> {
  return {
    provenance: modelledDma === undefined ? 'wasm' : 'wasm-modelled',
    batchSize: 1,
    async make(configuration, id) {
      const generated = generate(kernel, scheduleOf(configuration, modelledDma), memory.pages);
      if (generated.scratchBytes > memory.scratchBytes) {
        const problem = `needs ${generated.scratchBytes} bytes of scratchpad`;
        throw new InputError('tile', problem, `at most ${memory.scratchBytes}`);
      }
      const bytes = Uint8Array.from(await assembleWat(generated.text));
      return placementOf(configuration, generated, bytes, id);
    },
    plainOf,
    threadsOf,
    limitsCode: async () => Uint8Array.from(await assembleWat(limitsText(relaxedSimd))),
    around: {
      ...around,
      ...(modelledDma !== undefined && { modelledDma: describeModelledDma(modelledDma) }),
    },
  };
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

/**
 * The configuration whose bits a variant must have: lanes and unrolling decide the order of sums, all else
 * changes no bit as long as multiply-adds are not fused (the ends of a tile are then computed as its middle is).
 */
function plainOf({ fma, lanes = 1, scalarUnroll = 1 }: Configuration): Configuration | undefined {
  return fma === true ? undefined : { lanes, scalarUnroll };
}
