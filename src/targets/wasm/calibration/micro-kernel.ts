import type { Operand } from '../../../kernels/ir.ts';
import type { StagedOperand } from '../generator/staged-operands.ts';
import { stagingCode } from '../generator/staging-code.ts';
import {
  ACCESS_OPERATIONS,
  accessText,
  type ChainStep,
  chainOperations,
  chainsText,
  PIECES,
  waitingText,
} from './arithmetic-code.ts';
import { copyText, OPERANDS, readText, stagedText } from './memory-code.ts';

/** A piece of code that shows one figure of a machine. */
export type MicroKernel = Readonly<{
  name: string;
  functions: readonly string[];
  /** Lines to share out, where it has any. */
  work: number;
  threads: number;
  dma: boolean;
  /** What one call does: operations, bytes, tiles or calls. */
  amount: number;
}>;

export const LINE_BYTES = 64;
/** Bytes of a tile that copies to and from the scratchpad are measured with. */
const TILE_BYTES = 16 * 1024;
const SWEPT_BYTES = 32 * 2 ** 20;
const ALONE = { work: 1, threads: 1, dma: false } as const;

export function chains(name: string, steps: readonly ChainStep[]): MicroKernel {
  return { ...ALONE, name, functions: [chainsText(steps, OPERANDS)], amount: chainOperations(steps.length) };
}

export function accesses(name: string, what: 'load' | 'store'): MicroKernel {
  return { ...ALONE, name, functions: [accessText(what, OPERANDS)], amount: ACCESS_OPERATIONS };
}

export function waiting(name: string): MicroKernel {
  return { ...ALONE, name, functions: [waitingText(OPERANDS)], amount: PIECES };
}

/** Reads and writes so many bytes: half of them an array that is copied to another one. */
export function stream(name: string, bytes: number, threads: number): MicroKernel {
  const sweeps = sweepsOf(bytes);
  const work = bytes / 2 / LINE_BYTES;
  return { name, functions: copyText(sweeps), work, threads, dma: false, amount: sweeps * bytes };
}

/** Small arrays are gone over again, so that what a call costs and what lay in the caches before hardly count. */
function sweepsOf(bytes: number): number {
  return Math.max(1, Math.round(SWEPT_BYTES / bytes));
}

/** The same by way of the scratchpad: one half brought, one half taken away. */
export function throughScratchpad(
  name: string,
  engine: 'memory' | 'simd',
  bytes: number,
  threads: number,
): MicroKernel {
  return {
    ...stream(name, bytes, threads),
    functions: stagedText(engine, TILE_BYTES / LINE_BYTES, sweepsOf(bytes)),
  };
}

export function call(name: string, threads: number): MicroKernel {
  return { name, functions: copyText(1), work: 0, threads, dma: false, amount: 1 };
}

/** Tiles that are copied in and read; `dma`: by two threads that wait for each other. */
export function tilesRead(name: string, kind: 'copy' | 'dma', tileBytes: number, bytes: number): MicroKernel {
  const staging = { kind, tile: tileBytes / LINE_BYTES, buffers: 1, engine: 'simd', scope: 'in' } as const;
  const names = ['begin', 'end', 'scratch', ...OPERANDS];
  const { functions } = stagingCode(staging, [LINES], names, SCRATCH_START);
  const work = bytes / LINE_BYTES;
  const amount = bytes / tileBytes;
  return { name, functions: [readText(), ...functions], work, threads: 1, dma: kind === 'dma', amount };
}

/** Where tiles begin behind the hand-shakes. */
const SCRATCH_START = 512;
const OPERAND: Operand = { name: 'a', role: 'input', dtype: 'f32', elements: 2 ** 20 };
const STRIDE = LINE_BYTES / 4;
/** The first array in lines, as staging sees it. */
const LINES: StagedOperand = {
  operand: OPERAND,
  place: 0,
  stride: STRIDE,
  least: 0,
  span: STRIDE,
  loops: [],
  reads: true,
  writes: false,
};
