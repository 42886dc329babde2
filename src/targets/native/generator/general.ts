import { cLanguage } from '../../../c/c-language.ts';
import { LANE_BYTES, LEAST_LANES } from '../../../c/lanes-header.ts';
import { CodeGraph } from '../../../generator/code-graph.ts';
import { Lanes } from '../../../generator/lanes.ts';
import { allRowsCode } from '../../../generator/rows.ts';
import { addressParameter } from '../../../generator/variant.ts';
import { CONSTANTS, type GeneralKernel } from '../../../lowering/general/general-kernel.ts';
import { mayRepeat } from './generate.ts';
import { RunTimeSizes } from './run-time-sizes.ts';
import type { NativeSchedule } from './schedule.ts';
import { isWholeText, realText } from './shape-text.ts';

/** Code for any extents, and the number of lanes: it needs LANES and lanes.h before it. */
export type GeneralC = Readonly<{ lanes: number; code: string }>;

/**
 * Generates a kernel's code for extents that are known only when it runs, with a schedule's registers and for one
 * thread: `has_shape(e)` says whether the kernel can have the extents `e`, `scratch_bytes(e)` what memory it needs
 * besides the operands, and `general(e, scratch, at)` computes it. Throws InputError that names what cannot be
 * generated.
 */
export function generateGeneralC(
  general: GeneralKernel,
  { loops, fma, autoVector }: NativeSchedule,
): GeneralC {
  const { lowered } = general;
  const count = Math.max(LEAST_LANES, loops.vectorBytes / LANE_BYTES);
  const lanes = new Lanes(new CodeGraph(cLanguage(count, !autoVector)), fma);
  const sizes = new RunTimeSizes(general, lanes);
  const regions = lowered.kernel.operands.map(({ name, dtype, role }, place) => {
    const base = addressParameter(lanes, `at${place}`);
    return [name, { name, dtype, base, constant: role === 'input' }] as const;
  });
  allRowsCode({
    lanes,
    lowered,
    sizes,
    regions: new Map(regions),
    scratch: addressParameter(lanes, 'scratch'),
    block: { registers: loops.unroll, wide: loops.vectorBytes > 0 },
    readable: () => false,
    overlaps: mayRepeat(lowered.kernel),
  });
  const body = lanes.graph.render();
  const code = `static int has_shape(const long *e) {
return ${conditions(general).join(' && ')};
}

static long scratch_bytes(const long *e) {
(void)e;
return ${sizes.scratchBytes()};
}

static void general(const long *e, char *restrict scratch, char *const *at) {
(void)scratch;
${sizes.declarations()}
${addresses(general)}
${body}
}
`;
  return { lanes: count, code };
}

/** Every extent is positive, and every number whole. */
function conditions({ rank, numbers }: GeneralKernel): readonly string[] {
  const positive = Array.from({ length: rank }, (_, place) => `e[${place}] > 0`);
  return [...positive, ...new Set(numbers.flatMap((number) => isWholeText(number) ?? []))];
}

function addresses({ lowered, constants }: GeneralKernel): string {
  const values = constants.map((each) => `(float)${realText(each)}`).join(', ');
  return lowered.kernel.operands
    .map(({ name }, place) =>
      name === CONSTANTS
        ? `const float constants[] = {${values}};\nchar *at${place} = (char *)constants;`
        : `char *restrict at${place} = at[${place}];`,
    )
    .join('\n');
}
