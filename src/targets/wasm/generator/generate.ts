import type { Kernel } from '../../../kernels/ir.ts';
import { type Contraction, contractionOf } from './contraction.ts';
import { ContractionCode } from './contraction-code.ts';
import { Graph, type Variable } from './graph.ts';
import { HANDSHAKE_BYTES } from './handshake.ts';
import { Lanes } from './lanes.ts';
import { type Block, elementsOf } from './loop.ts';
import { add, type Region } from './memory-access.ts';
import type { Node } from './node.ts';
import { type Plan, planOf } from './plan.ts';
import { readableLoads } from './readable.ts';
import { rowsCode } from './rows.ts';
import type { Schedule } from './schedule.ts';
import { inTiles, stagedOperands } from './staged-operands.ts';
import { stagingCode } from './staging-code.ts';
import { STORAGE } from './storage.ts';
import { unsupported } from './unsupported.ts';
import { functionText, moduleText } from './wat.ts';

/** A variant as WebAssembly text, and what its runner must give it. */
export type Generated = Readonly<{
  text: string;
  /** Things to share out: `run` does those from its first argument to before its second. */
  work: number;
  /** The step that a thread's share is rounded up to. */
  grain: number;
  /** Scratch bytes that each thread needs. */
  scratchBytes: number;
}>;

/**
 * Code for a kernel under a schedule, from its IR alone. Exports
 * `run(begin, end, scratch, ...operands)`: all i32; `scratch` and the operands are addresses.
 * Throws InputError, by name, for what cannot be generated.
 */
export function generate(kernel: Kernel, schedule: Schedule, pages: number): Generated {
  for (const { name, dtype } of kernel.operands) {
    if (STORAGE[dtype] === undefined) throw unsupported(`${dtype} operands ('${name}')`);
  }
  const contraction = contractionOf(kernel);
  return contraction === undefined
    ? generateRows(kernel, schedule, pages)
    : generateContraction(kernel, contraction, schedule, pages);
}

function generateRows(kernel: Kernel, schedule: Schedule, pages: number): Generated {
  const { staging } = schedule;
  const whole = planOf(kernel);
  if (staging.kind === 'direct') {
    const { text, names } = rowsText(kernel, whole, schedule);
    const module = moduleText(pages, [functionText('run', names, text)]);
    return { text: module, work: whole.work, grain: grainOf(whole), scratchBytes: keptEnd(whole) };
  }
  const staged = stagedOperands(whole).filter(({ writes }) => staging.scope === 'inout' || !writes);
  const plan = planOf(inTiles(whole.kernel, staged, staging.tile));
  const { text, names } = rowsText(kernel, plan, schedule);
  const { functions, imports, scratchBytes } = stagingCode(staging, staged, names, keptEnd(plan));
  const module = moduleText(pages, [functionText('tile', names, text), ...functions], imports);
  return { text: module, work: whole.work, grain: grainOf(whole), scratchBytes };
}

/** The code of a function over rows, and its parameters. */
function rowsText(
  kernel: Kernel,
  plan: Plan,
  schedule: Schedule,
): { text: string; names: readonly string[] } {
  const { lanes, regions, names } = operandsOf(kernel, schedule);
  const scratch = add(lanes, parameterNode(lanes, 'scratch'), HANDSHAKE_BYTES);
  const readable = readableLoads(plan.kernel);
  const ground = { lanes, plan, regions, scratch, block: blockOf(schedule), readable };
  rowsCode(ground, parameter('begin'), parameter('end'));
  return { text: lanes.graph.render(), names };
}

function grainOf({ rows, vector }: Plan): number {
  return rows.length === 0 && vector !== undefined ? ELEMENT_GRAIN : 1;
}

/** Scratch bytes before the tiles. */
function keptEnd({ keptBytes }: Plan): number {
  return HANDSHAKE_BYTES + keptBytes;
}

function generateContraction(
  kernel: Kernel,
  contraction: Contraction,
  schedule: Schedule,
  pages: number,
): Generated {
  const { lanes, regions, names } = operandsOf(kernel, schedule);
  const block = blockOf(schedule);
  const depth = contraction.kernel.dimensions.find(
    ({ name }) => name === contraction.product.over[0],
  )!.extent;
  const { rows, panels } = schedule.contraction;
  const readable = readableLoads(contraction.kernel);
  const scratch = add(lanes, parameterNode(lanes, 'scratch'), HANDSHAKE_BYTES);
  const ground = { lanes, contraction, regions, readable, scratch };
  const code = new ContractionCode(ground, { rows, block }, panels);
  code.rangeCode(parameter('begin'), parameter('end'));
  const text = moduleText(pages, [functionText('run', names, lanes.graph.render())]);
  const scratchBytes = HANDSHAKE_BYTES + panels * depth * elementsOf(block) * 4;
  return { text, work: contraction.work(elementsOf(block)), grain: 1, scratchBytes };
}

type Operands = Readonly<{ lanes: Lanes; regions: ReadonlyMap<string, Region>; names: readonly string[] }>;

/** A function's parameters: its share of the work, its scratch, and where each operand lies. */
function operandsOf(kernel: Kernel, { fma }: Schedule): Operands {
  const lanes = new Lanes(new Graph(), fma);
  const names = ['begin', 'end', 'scratch', ...kernel.operands.map(({ name }) => `at_${name}`)];
  return { lanes, regions: operandRegions(kernel, lanes), names };
}

/** Elements are shared out in whole cache lines and whole blocks of the widest kind (96 = lcm of 24 and 32). */
const ELEMENT_GRAIN = 192;

function blockOf({ lanes, scalarUnroll }: Schedule): Block {
  return lanes === 1 ? { registers: scalarUnroll, wide: false } : { registers: lanes / 4, wide: true };
}

function operandRegions(kernel: Kernel, l: Lanes): ReadonlyMap<string, Region> {
  return new Map(
    kernel.operands.map(({ name, dtype, role }) => [
      name,
      { name, dtype, base: parameterNode(l, `at_${name}`), constant: role === 'input' },
    ]),
  );
}

function parameter(name: string): Variable {
  return { name: `$${name}`, type: 'i32', wide: false };
}

/** Parameters never change, so their values may be shared. */
function parameterNode({ graph }: Lanes, name: string): Node {
  const render = () => `(local.get $${name})`;
  return graph.pure(`parameter ${name}`, { type: 'i32', wide: false, args: [], render, inline: true });
}
