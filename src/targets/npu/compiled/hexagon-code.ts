import { cLanguage } from '../../../c/c-language.ts';
import { LANES_HEADER, LEAST_LANES } from '../../../c/lanes-header.ts';
import { CodeGraph } from '../../../generator/code-graph.ts';
import { Lanes } from '../../../generator/lanes.ts';
import type { CodeLanguage } from '../../../generator/language.ts';
import { readableLoads } from '../../../generator/readable.ts';
import { allRowsCode } from '../../../generator/rows.ts';
import { knownSizes } from '../../../generator/sizes.ts';
import { addressParameter } from '../../../generator/variant.ts';
import { BYTES } from '../../../kernels/ir.ts';
import type { LoweredKernel } from '../../../lowering/lowered-kernel.ts';
import { HalfLanes } from './half-lanes.ts';
import { isKept, nestAlone } from './nest-alone.ts';

/** The loops of code whose packets are counted: the width of its registers in bytes (0: scalar), and the copies of a body. */
export type HexagonLoops = Readonly<{
  vectorBytes: number;
  unroll: number;
  /** How vectors of floats are divided: in Newton steps, or by the compiler, which takes lane after lane. */
  division: 'newton' | 'scalar';
  /** Whether it may assume that operands begin at whole vectors; else at any of their elements. */
  isAligned: boolean;
}>;

/** Where what is aligned begins: at a page. */
const ALIGNED_BYTES = 4096;
/** Iterations of the innermost loops of code that is only counted: enough that no compiler unrolls them wholly. */
const TURNS = 64;

/** A nest's body: `lanes` are the elements that one copy of it covers; the loop of lanes may be its own unrolled one. */
function bodyOf({ nests }: LoweredKernel, place: number, { vectorBytes, unroll }: HexagonLoops) {
  const nest = nests[place];
  const isOwn = nest.unroll === nest.vector;
  const lanes = vectorBytes === 0 ? 1 : Math.max(1, Math.floor(vectorBytes / nest.laneBytes));
  return { nest, isOwn, lanes, block: { registers: isOwn ? unroll : 1, wide: vectorBytes > 0 } };
}

/** A nest's code alone, over extents that whole bodies divide: what is left over has no loop in it. */
export function countedSource(lowered: LoweredKernel, place: number, loops: HexagonLoops): string {
  const { unroll } = loops;
  const { nest, isOwn, lanes, block } = bodyOf(lowered, place, loops);
  const extents = {
    ...lowered.extents,
    ...(isOwn ? {} : { [nest.unroll]: TURNS * unroll }),
    ...(nest.vector in lowered.extents && lowered.extents[nest.vector] > 1
      ? { [nest.vector]: TURNS * lanes * (isOwn ? unroll : 1) }
      : {}),
  };
  const alone = nestAlone({ ...lowered, extents }, place, isOwn ? 1 : unroll);
  return `${headerFor(lanes)}${nestFunction('nest', alone, lanes, block, loops)}`;
}

/** The file of a nest as a program has it: the function `nest<place>`, over all of its points. */
export function nestSource(lowered: LoweredKernel, place: number, loops: HexagonLoops): string {
  const { unroll } = loops;
  const { nest, isOwn, lanes, block } = bodyOf(lowered, place, loops);
  const copies = isOwn || lowered.extents[nest.unroll] % unroll !== 0 ? 1 : unroll;
  return `${headerFor(lanes)}${nestFunction(`nest${place}`, nestAlone(lowered, place, copies), lanes, block, loops)}`;
}

function headerFor(lanes: number): string {
  return `#define LANES ${Math.max(LEAST_LANES, lanes)}\n${LANES_HEADER}\n`;
}

/** The names of the addresses that the code takes: operands, then what nests pass on. */
function nestFunction(
  name: string,
  alone: LoweredKernel,
  count: number,
  block: Readonly<{ registers: number; wide: boolean }>,
  { division, isAligned }: HexagonLoops,
): string {
  const graph = new CodeGraph(hexagonLanguage(cLanguage(Math.max(LEAST_LANES, count), true), division));
  const lanes = block.wide ? new HalfLanes(graph, false) : new Lanes(graph, false);
  const written = new Set(
    alone.nests.flatMap(({ stages }) =>
      stages.flatMap((stage) => (stage.kind === 'store' ? [stage.operand] : [])),
    ),
  );
  const regions = alone.kernel.operands.map(({ name: operand, dtype }, place) => {
    const base = addressParameter(lanes, `at${place}`);
    return [operand, { name: operand, dtype, base, constant: !written.has(operand) }] as const;
  });
  allRowsCode({
    lanes,
    lowered: alone,
    regions: new Map(regions),
    scratch: addressParameter(lanes, 'at0'),
    block,
    readable: readableLoads(alone.kernel),
    sizes: knownSizes(alone),
    overlaps: false,
  });
  const addresses = alone.kernel.operands.map(({ name: operand, dtype }, place) => {
    const bytes = isAligned || isKept(operand) ? ALIGNED_BYTES : BYTES[dtype];
    return `char *restrict at${place} = __builtin_assume_aligned(at[${place}], ${bytes}); (void)at${place};`;
  });
  return `__attribute__((noinline)) void ${name}(char *const *at) {\n${addresses.join('\n')}\n${lanes.graph.render()}\n}\n`;
}

/** The same language, whose loops are what a schedule says: the compiler does not unroll them by itself. */
function hexagonLanguage(language: CodeLanguage, division: HexagonLoops['division']): CodeLanguage {
  return {
    ...language,
    operation: (name, wide) =>
      name === 'div' && wide && division === 'newton'
        ? ([a, b]) => `newton_quotient(${a}, ${b})`
        : language.operation(name, wide),
    repeat: (label, body, condition) =>
      `_Pragma("clang loop unroll(disable) vectorize(disable)")\n${language.repeat(label, body, condition)}`,
  };
}
