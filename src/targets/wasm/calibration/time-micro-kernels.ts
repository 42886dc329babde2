import { permutation, randomFor } from '../../../../search-space/random.ts';
import type { Variant } from '../../../../tuner/backend.ts';
import { WasmSession } from '../backend.ts';
import { encode } from '../generator/encode.ts';
import { moduleText, pagesFor } from '../generator/wat.ts';
import { CONTROL_BYTES } from '../runner/control.ts';
import type { Setup } from '../runner/messages.ts';
import { Runner } from '../runner/runner.ts';
import type { MicroKernel } from './micro-kernel.ts';

const ROUNDS = 9;
/** No micro-kernel takes longer. */
const PATIENCE_MS = 10_000;
const SCRATCH_BYTES = 2 ** 20;
/** Both arrays begin on a page, half a page apart: stores never seem to hit loads. */
const SKEW = 2048;

type Engine = Readonly<{ flags: readonly string[]; cores: number }>;

/** ns that each micro-kernel takes for one of what it does; absent where no sample was undisturbed. */
export type Timings = ReadonlyMap<string, number>;

/**
 * Times micro-kernels in interleaved rounds in a process of their own, on two arrays of so many bytes:
 * the lower quartile of each. Throws RunnerLost where no process starts.
 */
export async function timeMicroKernels(
  micros: readonly MicroKernel[],
  arrayBytes: number,
  engine: Engine,
): Promise<Timings> {
  const { session, variants } = await openMicroKernels(micros, arrayBytes, engine);
  try {
    const samples = micros.map((): number[] => []);
    for (let round = 0; round < ROUNDS; round++) {
      for (const place of permutation(randomFor('micro-kernels', round), micros.length)) {
        const sample = await session.sample(variants[place]);
        if (sample.state === 'invalid') throw new Error(`${micros[place].name}: ${sample.message}`);
        if (sample.state === 'timed') samples[place].push(sample.timeUs);
      }
    }
    return new Map(
      micros.flatMap(({ name, amount }, place) => {
        const us = lowerQuartile(samples[place]);
        return us === undefined ? [] : [[name, (us * 1000) / amount] as const];
      }),
    );
  } finally {
    await session.close();
  }
}

/** Micro-kernels that can be sampled, in a process of their own. */
export async function openMicroKernels(
  micros: readonly MicroKernel[],
  arrayBytes: number,
  { flags, cores }: Engine,
): Promise<Readonly<{ session: WasmSession; variants: readonly Variant[] }>> {
  const setup = setupFor(arrayBytes, cores);
  const variants = await Promise.all(micros.map((micro, id) => variantOf(micro, id, setup.pages)));
  return { session: new WasmSession(new Runner(flags, setup, PATIENCE_MS), true, {}), variants };
}

function setupFor(arrayBytes: number, cores: number): Setup {
  const scratch = Array.from({ length: cores }, (_, thread) => CONTROL_BYTES + thread * SCRATCH_BYTES);
  const a = CONTROL_BYTES + cores * SCRATCH_BYTES;
  const b = a + arrayBytes + SKEW;
  const content = { bytes: arrayBytes, block: new Uint8Array(4096).fill(1), written: false };
  return {
    pages: pagesFor(b + arrayBytes),
    scratch,
    operands: [[a, b]],
    workers: cores - 1,
    contents: [content, content],
    expected: [],
  };
}

async function variantOf({ functions, work, threads, dma }: MicroKernel, id: number, pages: number) {
  const bytes = Uint8Array.from(await encode(moduleText(pages, functions)));
  return { configuration: {}, handle: { id, bytes, work, grain: 1, threads, chunk: 0, dma } };
}

function lowerQuartile(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 4)];
}
