import { cLanguage } from '../../../c/c-language.ts';
import { LANE_BYTES, LANES_HEADER, LEAST_LANES } from '../../../c/lanes-header.ts';
import { CodeGraph } from '../../../generator/code-graph.ts';
import { HANDSHAKE_BYTES } from '../../../generator/handshake.ts';
import { Lanes } from '../../../generator/lanes.ts';
import type { MemoryRegion } from '../../../generator/memory-access.ts';
import { STORAGE } from '../../../generator/storage.ts';
import { addressParameter, type Sharing, shareCode, sharingOf } from '../../../generator/variant.ts';
import type { Kernel, Operand } from '../../../kernels/ir.ts';
import { unsupported } from '../../../lowering/expressions/unsupported.ts';
import { lower } from '../../../lowering/lower.ts';
import { type Schedule, schedule } from '../../../lowering/schedule.ts';
import { NATIVE_POLICY } from '../policy.ts';
import type { NativeSchedule } from './schedule.ts';
import { STAGING_HEADER, stagedRun } from './staging-code.ts';

/** A variant in C, and what its runner needs to know to call it. */
export type GeneratedC = Sharing &
  Readonly<{
    /** The whole file: the number of lanes, the headers, and the code. */
    source: string;
    lanes: number;
    /** The function `run`, and others called `run_…`, which need LANES and the headers before them. */
    code: string;
    /** Scratch bytes that each computing thread needs. */
    scratchBytes: number;
    /** Whether tiles are copied, which needs staging.h after lanes.h. */
    stages: boolean;
    /** Whether each computing thread has a helper beside it, which runs `run_help`. */
    helped: boolean;
    /** Whether some results are stored past the caches. */
    streams: boolean;
  }>;

/** Threads share elements in whole cache lines, also of bytes. */
const LEAST_GRAIN = 64;

/**
 * Generates a kernel's code under a schedule, from its IR alone: `run(begin, end, scratch, at)` does the
 * units of work from begin to before end; `at` has the address of each operand, a multiple of 4096 bytes, as
 * `scratch` is. Throws InputError that names what cannot be generated.
 */
export function generateC(kernel: Kernel, how: NativeSchedule): GeneratedC {
  for (const { name, dtype } of kernel.operands) {
    if (STORAGE[dtype] === undefined) throw unsupported(`${dtype} operands ('${name}')`);
  }
  const scheduled = schedule(kernel, NATIVE_POLICY, inWholeTiles(kernel, how));
  const count = Math.max(LEAST_LANES, how.loops.vectorBytes / LANE_BYTES);
  const lanes = new Lanes(new CodeGraph(cLanguage(count, !how.autoVector)), how.fma);
  const scratch = addressParameter(lanes, 'scratch');
  const overlaps = mayRepeat(kernel);
  const { pipelined } = how;
  shareCode(scheduled, { lanes, regions: operandRegions(kernel, lanes, how), scratch, overlaps, pipelined });
  const body = lanes.graph.render();
  const streams = /\bstream\(/.test(body);
  const written = streams ? `${body}\nstreamed();` : body;
  const stages = scheduled.slots.length > 0;
  const code = stages
    ? `${functionOf('static void run_tile', kernel.operands, written)}\n${stagedRun(scheduled, kernel.operands.length)}\n`
    : functionOf('void run', kernel.operands, written);
  return {
    source: `#define LANES ${count}\n${LANES_HEADER}\n${stages ? STAGING_HEADER : ''}${code}`,
    lanes: count,
    code,
    ...sharingOf(lower(kernel, NATIVE_POLICY), scheduled.panels, grainOf(how)),
    scratchBytes: scheduled.scratchBytes + (stages ? HANDSHAKE_BYTES : 0),
    stages,
    helped: stages && how.loops.staging === 'dma',
    streams,
  };
}

/**
 * Tiles of whole blocks, so that each element is computed by the same code as without tiles, and results that are
 * stored past the caches are aligned.
 */
function inWholeTiles(kernel: Kernel, how: NativeSchedule): Schedule {
  const { loops } = how;
  if (loops.staging === 'direct') return loops;
  const { grain } = sharingOf(lower(kernel, NATIVE_POLICY), undefined, grainOf(how));
  return { ...loops, sizes: { ...loops.sizes, tile: Math.ceil(loops.sizes.tile / grain) * grain } };
}

/** Whether elements may be computed twice: nothing is read that is written. */
export function mayRepeat({ operands }: Kernel): boolean {
  return operands.every(({ role }) => role !== 'inout');
}

/** Whole cache lines, and whole blocks: the least common multiple. */
function grainOf({ loops }: NativeSchedule): number {
  const block = loops.unroll * Math.max(1, loops.vectorBytes / LANE_BYTES);
  let grain = block;
  while (grain % LEAST_GRAIN !== 0) grain += block;
  return grain;
}

/** Operands are known by their place: their names are anybody's. */
function addressName(place: number): string {
  return `at${place}`;
}

function operandRegions(
  { operands }: Kernel,
  lanes: Lanes,
  { prefetch, streaming }: NativeSchedule,
): ReadonlyMap<string, MemoryRegion> {
  return new Map(
    operands.map(({ name, dtype, role }, place) => {
      const region = { name, dtype, base: addressParameter(lanes, addressName(place)) };
      const hints = {
        ...(prefetch > 0 && role === 'input' && { prefetch }),
        ...(streaming && role === 'output' && { streams: true }),
      };
      return [name, { ...region, constant: role === 'input', ...hints }];
    }),
  );
}

function functionOf(name: string, operands: readonly Operand[], body: string): string {
  const addresses = operands.map((_, place) => `char *restrict ${addressName(place)} = at[${place}];`);
  return `${name}(int begin, int end, char *restrict scratch, char *const *at) {
(void)scratch;
${addresses.join('\n')}
${body}
}
`;
}
