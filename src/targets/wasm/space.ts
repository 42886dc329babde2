import { and, constraint, or, param, product } from '../../../search-space/builder.ts';
import type { Constraint } from '../../../search-space/constraint.ts';
import { defineSpace } from '../../../search-space/define-space.ts';
import { InputError } from '../../../search-space/input-error.ts';
import type { Parameter, Value } from '../../../search-space/parameter.ts';
import type { SearchSpace } from '../../../search-space/search-space.ts';
import { tileChoices } from '../../generator/tile-copies.ts';
import type { Kernel } from '../../kernels/ir.ts';
import { lower } from '../../lowering/lower.ts';
import { type LoweredKernel, unitsOfWork } from '../../lowering/lowered-kernel.ts';
import { usesMultiplyAdds } from '../../lowering/multiply-adds.ts';
import { panelsInAll } from '../../lowering/panels.ts';
import { ordinalParameter } from '../parameters.ts';
import { generate } from './generator/generate.ts';
import type { ModelledDma } from './generator/modelled-dma.ts';
import { SCRATCHPAD_BYTES, scratchNeeded } from './generator/scratch.ts';
import type { WasmHost } from './host.ts';
import { WASM_POLICY } from './policy.ts';
import { planMemory } from './runner/memory-plan.ts';
import { scheduleOf } from './schedule-of.ts';

type Part = Readonly<{ parameters: readonly Parameter[]; constraints: readonly Constraint[] }>;

/**
 * The search space of a kernel on this engine. With a modelled DMA, all data goes through the scratchpad,
 * which the DMA thread fills. Throws InputError for a kernel that the generator has no code for or whose
 * data does not fit, and where a modelled DMA has nothing to transfer or no core to run on.
 */
export function buildWasmSpace(kernel: Kernel, host: WasmHost, modelled?: ModelledDma): SearchSpace {
  // Generating scalar code throws for what there is no code for, the memory plan where data does not fit.
  generate(kernel, scheduleOf({ lanes: 1 }), 1);
  planMemory(kernel, host.cores, scratchNeeded(kernel), 1);
  const lowered = lower(kernel, WASM_POLICY);
  const tiled = lowered.contraction !== undefined;
  const threads = threadPart(lowered, host, modelled);
  const staging = tiled ? undefined : stagingPart(lowered, host, threads !== undefined, modelled);
  if (modelled !== undefined) checkModelled(kernel, host, staging);
  const parts = [
    vectorPart(kernel, host, tiled),
    tiled ? contractionPart() : undefined,
    threads,
    staging,
  ].filter((part) => part !== undefined);
  return defineSpace(
    parts.flatMap((part) => part.parameters),
    parts.flatMap((part) => part.constraints),
  );
}

function checkModelled(kernel: Kernel, { cores }: WasmHost, staging: Part | undefined): void {
  const hint = 'tune it with --target wasm';
  if (cores === 1) throw new InputError('--target', 'a modelled DMA needs a second core to copy', hint);
  if (staging === undefined) {
    const problem = `${kernel.name} stages nothing through the scratchpad: a modelled DMA has nothing to bring`;
    throw new InputError('--target', problem, hint);
  }
}

function vectorPart(kernel: Kernel, host: WasmHost, tiled: boolean): Part {
  const lanes = tiled ? [1, 4, 8, 12, 16] : [1, 4, 8, 12, 16, 24, 32];
  const parameters = [
    ordinalParameter(
      'lanes',
      'vec',
      lanes,
      'elements worked on as one batch; 1 is scalar, else 4 a register',
      1,
    ),
    ordinalParameter(
      'scalarUnroll',
      'schedule',
      tiled ? [1, 2, 4] : [1, 4, 8],
      'elements a turn of a scalar loop',
    ),
  ];
  const constraints = [
    constraint(
      or(param('lanes').eq(1), param('scalarUnroll').eq(1)),
      'a vector loop unrolls by its lanes, not by scalarUnroll',
    ),
  ];
  if (host.relaxedSimd && usesMultiplyAdds(kernel)) {
    const description = 'multiply-adds that round once (relaxed SIMD); changes the last bits';
    parameters.push({
      name: 'fma',
      kind: 'flag',
      tag: 'vec',
      values: [false, true],
      off: false,
      apart: 'fused multiply-adds',
      description,
    });
    constraints.push(
      constraint(or(param('fma').eq(false), param('lanes').gt(1)), 'only vectors have fused multiply-adds'),
    );
  }
  return { parameters, constraints };
}

function contractionPart(): Part {
  return {
    parameters: [
      ordinalParameter('tileRows', 'schedule', [1, 2, 3, 4, 5, 6], "rows of a contraction's register tile"),
      ordinalParameter(
        'panels',
        'schedule',
        [1, 2, 4, 8, 16],
        'packed panels that stay in the cache together',
      ),
    ],
    constraints: [],
  };
}

const CHUNKS = [8, 32, 128];
/** Points of the smallest chunk: taking a smaller one costs more than it saves. */
const LEAST_CHUNK = 4096;

function threadPart(lowered: LoweredKernel, host: WasmHost, modelled?: ModelledDma): Part | undefined {
  const { contraction, kernel } = lowered;
  const work = contraction === undefined ? unitsOfWork(lowered) : panelsInAll(lowered, contraction, 4);
  const most = modelled === undefined ? host.cores : Math.floor(host.cores / 2);
  if (most <= 1 || work < 2) return undefined;
  const points = kernel.dimensions.reduce((all, { extent }) => all * extent, 1);
  const chunks = modelled === undefined ? CHUNKS : [];
  const fitting = chunks.filter((count) => count <= work && points / count >= LEAST_CHUNK);
  const threads = Array.from({ length: most }, (_, n) => n + 1);
  const chunking: Parameter = {
    name: 'chunking',
    kind: 'categorical',
    tag: 'mt',
    values: ['static', ...fitting.map((count) => `dynamic-${count}`)],
    off: 'static',
    description: 'one share a thread, or so many chunks taken as threads come free',
  };
  return {
    parameters: [ordinalParameter('threads', 'mt', threads, 'threads that compute', 1), chunking],
    constraints: [
      constraint(
        or(param('threads').gt(1), param('chunking').eq('static')),
        'one thread has nothing to share out',
      ),
    ],
  };
}

/** Tiles that are worth a try, in elements. */
const TILES = [1024, 4096, 16384, 65536, 262144];

function stagingPart(
  lowered: LoweredKernel,
  host: WasmHost,
  threaded: boolean,
  modelled?: ModelledDma,
): Part | undefined {
  const { tiles, bytesEach } = tileChoices(lowered.stretches, unitsOfWork(lowered), {
    elements: TILES,
    room: SCRATCHPAD_BYTES - 65536,
  });
  if (tiles.length === 0) return undefined;
  const hasDma = host.cores > 1;
  const choice = (name: string, values: readonly Value[], description: string): Parameter => ({
    name,
    kind: 'categorical',
    tag: 'schedule',
    values,
    description,
  });
  const parameters = [
    choice(
      'staging',
      modelled ? ['dma'] : hasDma ? ['direct', 'copy', 'dma'] : ['direct', 'copy'],
      'how data reaches the scratchpad: not, copied by the computing thread, or by another one beside it',
    ),
    ordinalParameter('tile', 'schedule', tiles, 'pieces of work (elements or rows) copied at a time'),
    choice(
      'copyEngine',
      modelled ? ['simd'] : ['memory', 'simd'],
      'memory.copy, or a loop of vector loads and stores',
    ),
    choice('staged', modelled ? ['inout'] : ['inout', 'in'], 'whether results go through the scratchpad too'),
    ...(hasDma
      ? [ordinalParameter('buffers', 'db', [1, 2], 'tiles in flight; 2 lets copies overlap computing', 1)]
      : []),
  ];
  return { parameters, constraints: stagingConstraints(threaded, host, tiles[0], bytesEach) };
}

function stagingConstraints(
  threaded: boolean,
  host: WasmHost,
  firstTile: number,
  bytesEach: number,
): readonly Constraint[] {
  const staged = param('staging').ne('direct');
  const hasDma = host.cores > 1;
  return [
    constraint(
      or(
        staged,
        and(param('tile').eq(firstTile), param('copyEngine').eq('memory'), param('staged').eq('inout')),
      ),
      'without staging there is no tile, copy or scope to choose',
    ),
    constraint(
      product(param('tile'), bytesEach, hasDma ? param('buffers') : 1).le(SCRATCHPAD_BYTES - 65536),
      'buffers of a tile of every operand must fit the scratchpad of 1 MiB',
    ),
    ...(hasDma
      ? [
          constraint(
            or(param('buffers').eq(1), param('staging').eq('dma')),
            'only a DMA thread fills a second buffer',
          ),
        ]
      : []),
    ...(threaded
      ? [
          constraint(
            or(param('staging').ne('dma'), param('threads').times(2).le(host.cores)),
            'each computing thread needs a core more for its DMA thread',
          ),
          constraint(
            or(param('staging').eq('direct'), param('chunking').eq('static')),
            'staged work is shared out in one share a thread',
          ),
        ]
      : []),
  ];
}
