import { CodeGraph } from '../../../generator/code-graph.ts';
import { HANDSHAKE_BYTES } from '../../../generator/handshake.ts';
import { Lanes } from '../../../generator/lanes.ts';
import { addConstant, type MemoryRegion } from '../../../generator/memory-access.ts';
import { STORAGE } from '../../../generator/storage.ts';
import { addressParameter, type Sharing, shareCode, sharingOf } from '../../../generator/variant.ts';
import type { Kernel } from '../../../kernels/ir.ts';
import { unsupported } from '../../../lowering/expressions/unsupported.ts';
import { lower } from '../../../lowering/lower.ts';
import { schedule } from '../../../lowering/schedule.ts';
import { WASM_POLICY } from '../policy.ts';
import type { WasmSchedule } from './schedule.ts';
import { stagingCode } from './staging-code.ts';
import { addressOf, functionText, moduleText } from './wat.ts';
import { WAT } from './wat-language.ts';

/**
 * A variant as WebAssembly text, and what its runner needs to know to call it: `run(begin, end, …)` does
 * the units of work from begin to before end.
 */
export type Generated = Sharing &
  Readonly<{
    text: string;
    /** Scratch bytes that each thread needs. */
    scratchBytes: number;
  }>;

/** Threads share elements in whole cache lines and whole blocks of every width (96 is the least common multiple of 24 and 32). */
const ELEMENT_GRAIN = 192;

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
  const lanes = new Lanes(new CodeGraph(WAT), how.fma);
  const scratch = addConstant(lanes, addressParameter(lanes, 'scratch'), HANDSHAKE_BYTES);
  shareCode(scheduled, {
    lanes,
    regions: operandRegions(kernel, lanes),
    scratch,
    overlaps: false,
    pipelined: false,
  });
  const names = ['begin', 'end', 'scratch', ...kernel.operands.map(({ name }) => addressOf(name))];
  const body = lanes.graph.render();
  const sharing = sharingOf(lower(kernel, WASM_POLICY), scheduled.panels, ELEMENT_GRAIN);
  const scratchBytes = HANDSHAKE_BYTES + scheduled.scratchBytes;
  if (scheduled.slots.length === 0) {
    return { text: moduleText(pages, [functionText('run', names, body)]), ...sharing, scratchBytes };
  }
  const { functions, imports } = stagingCode(scheduled, how, names);
  const text = moduleText(pages, [functionText('tile', names, body), ...functions], imports);
  return { text, ...sharing, scratchBytes };
}

function operandRegions(kernel: Kernel, lanes: Lanes): ReadonlyMap<string, MemoryRegion> {
  return new Map(
    kernel.operands.map(({ name, dtype, role }) => {
      const base = addressParameter(lanes, addressOf(name));
      return [name, { name, dtype, base, constant: role === 'input' }];
    }),
  );
}
