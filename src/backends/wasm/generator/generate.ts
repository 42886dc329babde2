import type { Kernel } from '../../../kernels/ir.ts';
import { Graph, type Variable } from './graph.ts';
import { Lanes } from './lanes.ts';
import type { Block } from './loop.ts';
import type { Region } from './memory-access.ts';
import type { Node } from './node.ts';
import { planOf } from './plan.ts';
import { type Readable, readableLoads } from './readable.ts';
import { rowsCode } from './rows.ts';
import type { Schedule } from './schedule.ts';
import { STORAGE } from './storage.ts';
import { unsupported } from './unsupported.ts';
import { functionText, moduleText } from './wat.ts';

/** A variant as WebAssembly text, and what its runner must give it. */
export type Generated = Readonly<{
  text: string;
  /** Things to share out: `run` does those from its first argument to before its second. */
  work: number;
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
  const plan = planOf(kernel);
  const graph = new Graph();
  const lanes = new Lanes(graph, schedule.fma);
  const regions = operandRegions(kernel, lanes);
  const ground = {
    lanes,
    plan,
    regions,
    scratch: parameterNode(lanes, 'scratch'),
    block: blockOf(schedule),
    readable: readableLoads(plan.kernel) satisfies Readable,
  };
  rowsCode(ground, parameter('begin'), parameter('end'));
  const names = ['begin', 'end', 'scratch', ...kernel.operands.map(({ name }) => `at_${name}`)];
  const text = moduleText(pages, [functionText('run', names, graph.render())]);
  return { text, work: plan.work, scratchBytes: plan.keptBytes };
}

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
