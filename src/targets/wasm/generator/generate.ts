import { CodeGraph, type Variable } from '../../../generator/code-graph.ts';
import type { CodeNode } from '../../../generator/code-node.ts';
import { ContractionCode } from '../../../generator/contraction-code.ts';
import { Lanes } from '../../../generator/lanes.ts';
import type { RegisterBlock } from '../../../generator/loop.ts';
import { addConstant, type MemoryRegion } from '../../../generator/memory-access.ts';
import { readableLoads } from '../../../generator/readable.ts';
import { rowsCode } from '../../../generator/rows.ts';
import { STORAGE } from '../../../generator/storage.ts';
import type { Kernel } from '../../../kernels/ir.ts';
import { unsupported } from '../../../lowering/expressions/unsupported.ts';
import { lower } from '../../../lowering/lower.ts';
import { type LoweredKernel, rowLoops, unitsOfWork } from '../../../lowering/lowered-kernel.ts';
import { type PanelPlan, panelsInAll } from '../../../lowering/panels.ts';
import { type ScheduledKernel, schedule } from '../../../lowering/schedule.ts';
import { WASM_POLICY } from '../policy.ts';
import { HANDSHAKE_BYTES } from './handshake.ts';
import type { WasmSchedule } from './schedule.ts';
import { stagingCode } from './staging-code.ts';
import { addressOf, functionText, moduleText } from './wat.ts';
import { WAT } from './wat-language.ts';

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
export function generate(kernel: Kernel, how: WasmSchedule, pages: number): Generated {
  for (const { name, dtype } of kernel.operands) {
    if (STORAGE[dtype] === undefined) throw unsupported(`${dtype} operands ('${name}')`);
  }
  const scheduled = schedule(kernel, WASM_POLICY, how.loops);
  const { panels } = scheduled;
  return panels === undefined
    ? generateRows(kernel, scheduled, how, pages)
    : generateContraction(kernel, scheduled, panels, how, pages);
}

function generateRows(
  kernel: Kernel,
  scheduled: ScheduledKernel,
  how: WasmSchedule,
  pages: number,
): Generated {
  const { text, names } = rowsText(kernel, scheduled.lowered, how);
  const whole = lower(kernel, WASM_POLICY);
  const about = { work: unitsOfWork(whole), grain: grainOf(whole) };
  const scratchBytes = HANDSHAKE_BYTES + scheduled.scratchBytes;
  if (how.loops.staging === 'direct') {
    return { text: moduleText(pages, [functionText('run', names, text)]), ...about, scratchBytes };
  }
  const { functions, imports } = stagingCode(scheduled, how, names);
  const module = moduleText(pages, [functionText('tile', names, text), ...functions], imports);
  return { text: module, ...about, scratchBytes };
}

/** The body of a function over rows, and its parameters. */
function rowsText(
  kernel: Kernel,
  lowered: LoweredKernel,
  how: WasmSchedule,
): { text: string; names: readonly string[] } {
  const { lanes, regions, names } = operandsOf(kernel, how);
  const scratch = addConstant(lanes, parameterNode(lanes, 'scratch'), HANDSHAKE_BYTES);
  const readable = readableLoads(lowered.kernel);
  const env = { lanes, lowered, regions, scratch, block: blockOf(how), readable };
  rowsCode(env, parameter('begin'), parameter('end'));
  return { text: lanes.graph.render(), names };
}

function grainOf(lowered: LoweredKernel): number {
  return rowLoops(lowered).length === 0 && lowered.lanesAcross !== undefined ? ELEMENT_GRAIN : 1;
}

function generateContraction(
  kernel: Kernel,
  { lowered, scratchBytes }: ScheduledKernel,
  panels: PanelPlan,
  how: WasmSchedule,
  pages: number,
): Generated {
  const { lanes, regions, names } = operandsOf(kernel, how);
  const readable = readableLoads(lowered.kernel);
  const scratch = addConstant(lanes, parameterNode(lanes, 'scratch'), HANDSHAKE_BYTES);
  const { wide } = blockOf(how);
  const env = { lanes, lowered, contraction: panels.contraction, regions, readable, scratch, wide };
  new ContractionCode(env, panels).rangeCode(parameter('begin'), parameter('end'));
  const text = moduleText(pages, [functionText('run', names, lanes.graph.render())]);
  const work = panelsInAll(lowered, panels.contraction, panels.whole.columns);
  return { text, work, grain: 1, scratchBytes: HANDSHAKE_BYTES + scratchBytes };
}

type Operands = Readonly<{
  lanes: Lanes;
  regions: ReadonlyMap<string, MemoryRegion>;
  names: readonly string[];
}>;

/** A function's parameters: its share of the work, its scratch, and the address of each operand. */
function operandsOf(kernel: Kernel, { fma }: WasmSchedule): Operands {
  const lanes = new Lanes(new CodeGraph(WAT), fma);
  const names = ['begin', 'end', 'scratch', ...kernel.operands.map(({ name }) => addressOf(name))];
  return { lanes, regions: operandRegions(kernel, lanes), names };
}

/** Threads share elements in whole cache lines and whole blocks of every width (96 is the least common multiple of 24 and 32). */
const ELEMENT_GRAIN = 192;

function blockOf({ loops }: WasmSchedule): RegisterBlock {
  return { registers: loops.unroll, wide: loops.vectorBytes > 0 };
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
  return { name, type: 'i32', wide: false };
}

/** Parameters never change, so their values may be shared. */
function parameterNode({ graph }: Lanes, name: string): CodeNode {
  const render = () => graph.language.read(name);
  return graph.pure(`parameter ${name}`, { type: 'address', wide: false, args: [], render, inline: true });
}
