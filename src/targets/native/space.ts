import { and, constraint, or, param } from '../../../search-space/builder.ts';
import type { Constraint } from '../../../search-space/constraint.ts';
import { defineSpace } from '../../../search-space/define-space.ts';
import { InputError } from '../../../search-space/input-error.ts';
import type { Parameter } from '../../../search-space/parameter.ts';
import type { SearchSpace } from '../../../search-space/search-space.ts';
import { isPipelinable } from '../../generator/pipelined-rows.ts';
import { BYTES, type Kernel } from '../../kernels/ir.ts';
import { lower } from '../../lowering/lower.ts';
import { type LoweredKernel, unitsOfWork } from '../../lowering/lowered-kernel.ts';
import { usesMultiplyAdds } from '../../lowering/multiply-adds.ts';
import { panelsInAll } from '../../lowering/panels.ts';
import { flagParameter, ordinalParameter } from '../parameters.ts';
import { generateC } from './generator/generate.ts';
import type { NativeHost } from './host.ts';
import { NATIVE_POLICY } from './policy.ts';
import { nativeScheduleOf } from './schedule-of.ts';
import { tilePart } from './tile-space.ts';

type Part = Readonly<{ parameters: readonly Parameter[]; constraints: readonly Constraint[] }>;

/** What a variant's 32-bit counters reach, of each operand. */
const MOST_BYTES = 2 ** 31 - 2 * 4096;

/**
 * The search space of a kernel on this machine. Throws InputError for a kernel that there is no code for, or
 * whose data is too large.
 */
export function buildNativeSpace(kernel: Kernel, host: NativeHost): SearchSpace {
  // Generating scalar code throws for what there is no code for.
  generateC(kernel, nativeScheduleOf({ lanes: 1 }));
  refuseLargeOperands(kernel);
  const lowered = lower(kernel, NATIVE_POLICY);
  const tiled = lowered.contraction !== undefined;
  const threads = threadPart(lowered, host);
  const streams = !tiled && streamsResults(kernel, host);
  const beside = { cores: host.cores, threaded: threads !== undefined, streams };
  const parts = [
    vectorPart(kernel, host, tiled),
    isPipelinable(lowered) ? pipelinePart() : undefined,
    tiled ? contractionPart() : undefined,
    threads,
    tiled ? undefined : memoryPart(streams),
    tiled ? undefined : tilePart(lowered, beside),
  ].filter((part) => part !== undefined);
  return defineSpace(
    parts.flatMap((part) => part.parameters),
    parts.flatMap((part) => part.constraints),
  );
}

function refuseLargeOperands({ operands }: Kernel): void {
  for (const { name, elements, dtype } of operands) {
    const bytes = elements * BYTES[dtype];
    if (bytes <= MOST_BYTES) continue;
    const problem = `its operand '${name}' takes ${(bytes / 2 ** 30).toPrecision(3)} GiB`;
    throw new InputError('--shape', problem, 'native code reaches 2 GiB of each: take a smaller one');
  }
}

function vectorPart(kernel: Kernel, { lanes, fma }: NativeHost, tiled: boolean): Part {
  const unroll = tiled ? [1, 2, 3, 4] : [1, 2, 3, 4, 6, 8];
  const parameters = [
    ordinalParameter('lanes', 'vec', [1, ...lanes], 'elements in a register; 1 is scalar', 1),
    flagParameter('autoVector', 'vec', "the compiler's own vectoriser, on scalar code"),
    ordinalParameter(
      'unroll',
      'schedule',
      unroll,
      'registers, or scalars, that a turn of a loop computes as one batch',
    ),
  ];
  const constraints = [
    constraint(
      or(param('autoVector').eq(false), param('lanes').eq(1)),
      'the compiler vectorises scalar code only',
    ),
  ];
  if (fma && usesMultiplyAdds(kernel)) {
    const description = 'multiply-adds that round once; changes the last bits';
    parameters.push(flagParameter('fma', 'vec', description, 'fused multiply-adds'));
    constraints.push(
      constraint(
        or(param('fma').eq(false), param('lanes').gt(1), param('autoVector').eq(true)),
        'only vectors have fused multiply-adds',
      ),
    );
  }
  return { parameters, constraints };
}

function pipelinePart(): Part {
  const description = 'the first loop over a row runs beside the second one over the row before';
  return {
    parameters: [flagParameter('pipelined', 'schedule', description)],
    constraints: [
      constraint(
        or(param('pipelined').eq(false), param('autoVector').eq(false)),
        'the compiler vectorises plain loops only',
      ),
    ],
  };
}

function contractionPart(): Part {
  const rows = [1, 2, 3, 4, 5, 6, 8, 10, 12];
  return {
    parameters: [
      ordinalParameter('tileRows', 'schedule', rows, "rows of a contraction's register tile"),
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

function threadPart(lowered: LoweredKernel, host: NativeHost): Part | undefined {
  const { cores, processors, memoryNodes } = host;
  const { contraction, kernel } = lowered;
  const work = contraction === undefined ? unitsOfWork(lowered) : panelsInAll(lowered, contraction, 4);
  if (cores <= 1 || work < 2) return undefined;
  const points = kernel.dimensions.reduce((all, { extent }) => all * extent, 1);
  const fitting = CHUNKS.filter((count) => count <= work && points / count >= LEAST_CHUNK);
  const chunking: Parameter = {
    name: 'chunking',
    kind: 'categorical',
    tag: 'mt',
    values: ['static', ...fitting.map((count) => `dynamic-${count}`)],
    off: 'static',
    description: 'one share a thread, or so many chunks taken as threads come free',
  };
  const places = [
    // Where fewer processors are allowed than there are threads, some would have none of their own.
    ...(processors >= cores
      ? [flagParameter('pinned', 'mt', 'each thread is bound to a processor of its own')]
      : []),
    // Where all memory is equally far, it does not matter who touches it first.
    ...(memoryNodes > 1
      ? [flagParameter('firstTouch', 'mt', 'each thread touched the pages of its share first')]
      : []),
  ];
  return {
    parameters: [
      ordinalParameter('threads', 'mt', threadCounts(cores), 'threads that compute', 1),
      chunking,
      ...places,
    ],
    constraints: [
      constraint(
        or(
          param('threads').gt(1),
          and(param('chunking').eq('static'), ...places.map(({ name }) => param(name).eq(false))),
        ),
        'one thread has nothing to share out',
      ),
    ],
  };
}

/** Powers of two, and all cores: a machine of many has no more values than the search can try. */
function threadCounts(cores: number): readonly number[] {
  const powers = Array.from({ length: Math.floor(Math.log2(cores)) + 1 }, (_, n) => 2 ** n);
  return powers.includes(cores) ? powers : [...powers, cores];
}

/** Whether some results can be stored past the caches: those whose addresses are known to be aligned. */
function streamsResults(kernel: Kernel, { lanes }: NativeHost): boolean {
  const widest = lanes[lanes.length - 1];
  return generateC(kernel, nativeScheduleOf({ lanes: widest, streaming: true })).streams;
}

/** How a kernel that streams through memory helps it. */
function memoryPart(streams: boolean): Part {
  const ahead = 'bytes ahead of its loads that data is asked for; 0: not at all';
  return {
    parameters: [
      ordinalParameter('prefetch', 'db', [0, 256, 512, 1024, 2048], ahead, 0),
      ...(streams ? [flagParameter('streaming', 'db', 'vectors of results are stored past the caches')] : []),
    ],
    constraints: streams
      ? [
          constraint(
            or(param('streaming').eq(false), param('lanes').gt(1)),
            'only vectors are stored past the caches',
          ),
        ]
      : [],
  };
}
