import { availableParallelism } from 'node:os';
import { InputError } from '../search-space/input-error.ts';
import { compiledFolderOf } from '../src/c/compiled-files.ts';
import { libraryKernel, libraryKernels } from '../src/kernels/library.ts';
import { HexagonBuilds } from '../src/targets/npu/compiled/builds.ts';
import {
  CODE_OPTION_NAMES,
  CODE_OPTIONS,
  hexagonCodeOf,
  withOption,
} from '../src/targets/npu/compiled/code.ts';
import { compiledSpace } from '../src/targets/npu/compiled/compiled-space.ts';
import { hexagonTools } from '../src/targets/npu/compiled/hexagon-tools.ts';
import { loadTarget } from '../src/targets/npu/machine/load.ts';
import { loweredForNpu } from '../src/targets/npu/policy.ts';
import { markdownTable } from './fidelity/markdown-table.ts';

/**
 * `npm run count-options`: what each option of clang does alone to the packets of the library's kernels: of their
 * innermost loops on vectors of 128 bytes, interleaved four times, whose loads are aligned. The table of docs/hexagon.md.
 */
const TARGET = loadTarget('hexagon-v73');
const USUAL = hexagonCodeOf({ vectorBytes: 128, unroll: 4, alignment: 'vectors' }, TARGET.ops.vectorDivision);

const builds = new HexagonBuilds({
  tools: await hexagonTools(),
  processor: 'hexagonv73',
  folder: compiledFolderOf('hexagon'),
  atOnce: availableParallelism(),
  timeoutMs: 60_000,
});

type Made = Readonly<{ packets: number; instructions: string }>;
type Change = Readonly<{ kernel: string; before: Made; after: Made }>;

async function made(
  lowered: ReturnType<typeof loweredForNpu>,
  code: typeof USUAL,
): Promise<Made | undefined> {
  const counted = await builds.counts(lowered, code);
  if ('state' in counted) return undefined;
  const packets = counted.nests.reduce((sum, { unrolled }) => sum + unrolled.inner, 0);
  return { packets, instructions: counted.instructions };
}

const changes = new Map<string, Change[]>(CODE_OPTION_NAMES.map((name) => [name, []]));
for (const { name, dtypes } of libraryKernels)
  for (const dtype of dtypes) {
    const kernel = libraryKernel(name, undefined, dtype);
    const offered = offeredOf(kernel);
    const lowered = loweredForNpu(kernel);
    const before = offered.length === 0 ? undefined : await made(lowered, USUAL);
    if (before === undefined) continue;
    for (const option of offered) {
      const other = CODE_OPTIONS[option].values.find((value) => value !== USUAL.options[option]) ?? '';
      const after = await made(lowered, withOption(USUAL, option, other));
      if (after !== undefined) changes.get(option)?.push({ kernel: `${name} ${dtype}`, before, after });
    }
  }
await builds.close();

/** The options that a kernel's space has; none of a kernel that is not compiled. */
function offeredOf(kernel: ReturnType<typeof libraryKernel>) {
  try {
    const { parameters } = compiledSpace(kernel, TARGET, true);
    return CODE_OPTION_NAMES.filter((option) => parameters.some(({ name }) => name === option));
  } catch (error) {
    if (error instanceof InputError) return [];
    throw error;
  }
}

const rows = [...changes].map(([option, all]) => {
  const ratio = ({ before, after }: Change) => after.packets / before.packets;
  const same = all.filter(({ before, after }) => before.instructions === after.instructions).length;
  const fewer = all.filter((each) => ratio(each) < 1).toSorted((a, b) => ratio(a) - ratio(b));
  const more = all.filter((each) => ratio(each) > 1).toSorted((a, b) => ratio(b) - ratio(a));
  const words = (each: Change | undefined) =>
    each === undefined ? '–' : `${each.kernel}: ${each.before.packets} → ${each.after.packets}`;
  return [option, all.length, same, fewer.length, more.length, words(fewer[0]), words(more[0])].map(String);
});
const titles = ['option', 'kernels', 'same code', 'fewer packets', 'more', 'most fewer', 'most more'];
process.stdout.write(`${markdownTable(titles, rows).join('\n')}\n`);
