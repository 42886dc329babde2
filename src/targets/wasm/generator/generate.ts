import type { Kernel } from '../../../kernels/ir.ts';
import { dimensionExtent } from '../../../kernels/lookup.ts';
import { CodeGraph, type Variable } from './code-graph.ts';
import type { CodeNode } from './code-node.ts';
import { type Contraction, contractionOf } from './contraction.ts';
import { ContractionCode } from './contraction-code.ts';
import { HANDSHAKE_BYTES } from './handshake.ts';
import { Lanes } from './lanes.ts';
import { blockElements, type RegisterBlock } from './loop.ts';
import { type LoopPlan, loopPlanOf } from './loop-plan.ts';
import { addConstant, type MemoryRegion } from './memory-access.ts';
import { readableLoads } from './readable.ts';
import { rowsCode } from './rows.ts';
import type { WasmSchedule } from './schedule.ts';
import { inTiles, stagedOperands } from './staged-operands.ts';
import { stagingCode } from './staging-code.ts';
import { STORAGE } from './storage.ts';
import { unsupported } from './unsupported.ts';
import { addressOf, functionText, moduleText } from './wat.ts';

/** A variant as WebAssembly text, and what its runner needs to know to call it. */
export type Generated = Readonly<{
  text: string;
  /** Units of work that threads share: `run(begin, end, …)` does those from begin to before end. */
  work: number;
  /** A thread's share is rounded up to a multiple of this many units. */
  grain: number;
  /** Scratch bytes that each thread needs. */
  scratchBytes: number;
}>;

/**
 * Generates a kernel's code under a schedule, from its IR alone, for a memory of `pages` pages of 64 KiB.
 * It exports `run(begin, end, scratch, ...operands)`: all are i32, `scratch` and the operands addresses.
 * Throws InputError that names what cannot be generated.
 */
export function generate(kernel: Kernel, schedule: WasmSchedule, pages: number): Generated {
  for (const { name, dtype } of kernel.operands) {
    if (STORAGE[dtype] === undefined) throw unsupported(`${dtype} operands ('${name}')`);
  }
  const contraction = contractionOf(kernel);
  return contraction === undefined
    ? generateRows(kernel, schedule, pages)
    : generateContraction(kernel, contraction, schedule, pages);
}

function generateRows(kernel: Kernel, schedule: WasmSchedule, pages: number): Generated {
  const { staging } = schedule;
  const whole = loopPlanOf(kernel);
  if (staging.kind === 'direct') {
    const { text, names } = rowsText(kernel, whole, schedule);
    const module = moduleText(pages, [functionText('run', names, text)]);
    return { text: module, work: whole.work, grain: grainOf(whole), scratchBytes: keptEnd(whole) };
  }
  const staged = stagedOperands(whole).filter(({ writes }) => staging.scope === 'inout' || !writes);
  const plan = loopPlanOf(inTiles(whole.kernel, staged, staging.tile));
  const { text, names } = rowsText(kernel, plan, schedule);
  const { functions, imports, scratchBytes } = stagingCode(staging, staged, names, keptEnd(plan));
  const module = moduleText(pages, [functionText('tile', names, text), ...functions], imports);
  return { text: module, work: whole.work, grain: grainOf(whole), scratchBytes };
}

/** The body of a function over rows, and its parameters. */
function rowsText(
  kernel: Kernel,
  plan: LoopPlan,
  schedule: WasmSchedule,
): { text: string; names: readonly string[] } {
  const { lanes, regions, names } = operandsOf(kernel, schedule);
  const scratch = addConstant(lanes, parameterNode(lanes, 'scratch'), HANDSHAKE_BYTES);
  const readable = readableLoads(plan.kernel);
  const env = { lanes, plan, regions, scratch, block: blockOf(schedule), readable };
  rowsCode(env, parameter('begin'), parameter('end'));
  return { text: lanes.graph.render(), names };
}

function grainOf({ rows, vector }: LoopPlan): number {
  return rows.length === 0 && vector !== undefined ? ELEMENT_GRAIN : 1;
}

/** Scratch bytes before the tiles. */
function keptEnd({ keptBytes }: LoopPlan): number {
  return HANDSHAKE_BYTES + keptBytes;
}

function generateContraction(
  kernel: Kernel,
  contraction: Contraction,
  schedule: WasmSchedule,
  pages: number,
): Generated {
  const { lanes, regions, names } = operandsOf(kernel, schedule);
  const block = blockOf(schedule);
  const depth = dimensionExtent(contraction.kernel, contraction.product.over[0]);
  const { rows, panels } = schedule.contraction;
  const readable = readableLoads(contraction.kernel);
  const scratch = addConstant(lanes, parameterNode(lanes, 'scratch'), HANDSHAKE_BYTES);
  const env = { lanes, contraction, regions, readable, scratch };
  const code = new ContractionCode(env, { rows, block }, panels);
  code.rangeCode(parameter('begin'), parameter('end'));
  const text = moduleText(pages, [functionText('run', names, lanes.graph.render())]);
  const scratchBytes = HANDSHAKE_BYTES + panels * depth * blockElements(block) * 4;
  return { text, work: contraction.work(blockElements(block)), grain: 1, scratchBytes };
}

type Operands = Readonly<{
  lanes: Lanes;
  regions: ReadonlyMap<string, MemoryRegion>;
  names: readonly string[];
}>;

/** A function's parameters: its share of the work, its scratch, and the address of each operand. */
function operandsOf(kernel: Kernel, { fma }: WasmSchedule): Operands {
  const lanes = new Lanes(new CodeGraph(), fma);
  const names = ['begin', 'end', 'scratch', ...kernel.operands.map(({ name }) => addressOf(name))];
  return { lanes, regions: operandRegions(kernel, lanes), names };
}

/** Threads share elements in whole cache lines and whole blocks of every width (96 is the least common multiple of 24 and 32). */
const ELEMENT_GRAIN = 192;

function blockOf({ lanes, scalarUnroll }: WasmSchedule): RegisterBlock {
  return lanes === 1 ? { registers: scalarUnroll, wide: false } : { registers: lanes / 4, wide: true };
}

function operandRegions(kernel: Kernel, l: Lanes): ReadonlyMap<string, MemoryRegion> {
  return new Map(
    kernel.operands.map(({ name, dtype, role }) => [
      name,
      { name, dtype, base: parameterNode(l, addressOf(name)), constant: role === 'input' },
    ]),
  );
}

function parameter(name: string): Variable {
  return { name: `$${name}`, type: 'i32', wide: false };
}

/** Parameters never change, so their values may be shared. */
function parameterNode({ graph }: Lanes, name: string): CodeNode {
  const render = () => `(local.get $${name})`;
  return graph.pure(`parameter ${name}`, { type: 'i32', wide: false, args: [], render, inline: true });
}
