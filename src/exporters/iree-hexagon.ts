import { slashComment } from '../languages/comment.ts';
import { smallName } from '../languages/names.ts';
import type { Exporter, TunedKernel, TunedTarget } from './_base.ts';
import { doesNotFit } from './hexagon-mlir/express.ts';
import { type CompilerFacts, storedFacts } from './hexagon-mlir/facts.ts';
import { shapeMacro } from './names.ts';
import { simulatedMachineOf } from './simulated-machine.ts';
import { headLines, originOf } from './words.ts';

/**
 * Tile sizes for IREE's Hexagon plug-in (RooflineAI/iree-hexagon-plugins), as aliases of its attribute
 * `#iree_hexagon.vtcm_tiling_config`: a positive size for each loop of the operation that has it. A loop that is not tiled
 * has its whole extent.
 */
export const ireeHexagon: Exporter = Object.freeze<Exporter>({
  name: 'iree-hexagon',
  writes: 'answers',
  summary: "tile sizes as an attribute of IREE's Hexagon plug-in",
  async export(tuned) {
    const machine = simulatedMachineOf(tuned.target);
    if (machine === undefined) return { files: [], notes: [NOT_SIMULATED] };
    const entries = tuned.kernels.flatMap((kernel) => entriesOf(kernel, machine.scratchpad.bytes));
    const name = `${smallName(tuned.target.name, 'kebab-case', new Set())}_iree_hexagon.mlir`;
    const lost = entries.flatMap(({ title, tiles }) =>
      typeof tiles === 'string' ? [`${title}: ${tiles}`] : [],
    );
    return { files: [{ name, text: fileText(tuned, entries) }], notes: [ONLY_TILES, ...lost] };
  },
});

const NOT_SIMULATED = 'no file for iree-hexagon: nothing says how much VTCM the target has';
const ONLY_TILES =
  'iree-hexagon has tile sizes and nothing else: all other choices are IREE’s, so the time beside them is not that of IREE’s code';

/** The attribute of one kernel at one shape; a sentence where it has none. */
type Entry = Readonly<{ title: string; origin: string; alias: string; tiles: readonly number[] | string }>;

function entriesOf({ name, dtype, shapes }: TunedKernel, vtcmBytes: number): readonly Entry[] {
  return shapes.map((each) => {
    const { kernel, best } = each;
    const title = `${name} ${dtype} ${kernel.shape}`;
    const facts = storedFacts(kernel.ir, best.configuration);
    return {
      title,
      origin: originOf(each),
      alias: shapeMacro({ name, dtype }, kernel.shape),
      tiles: typeof facts === 'string' ? facts : tilesOf(facts, vtcmBytes),
    };
  });
}

function tilesOf(facts: CompilerFacts, vtcmBytes: number): readonly number[] | string {
  if (facts.schedule.staging === 'direct') return 'no tiles are staged in VTCM, so it has no attribute';
  const reason = doesNotFit(facts, 1, vtcmBytes);
  if (reason !== false) return reason;
  return facts.loops.map(({ extent, tile }) => (tile === 0 ? extent : Math.min(tile, extent)));
}

function fileText(tuned: TunedTarget, entries: readonly Entry[]): string {
  const head = [...headLines(tuned, 'iree-hexagon'), ONLY_TILES, USE].map(slashComment);
  const lines = entries.map(({ title, origin, alias, tiles }) => {
    const comments = [title, origin, ...(typeof tiles === 'string' ? [`not expressed: ${tiles}`] : [])];
    const attribute =
      typeof tiles === 'string'
        ? []
        : [`#${alias} = #iree_hexagon.vtcm_tiling_config<tile_sizes = [${tiles.join(', ')}]>`];
    return [...comments.map(slashComment), ...attribute].join('\n');
  });
  return `${[head.join('\n'), ...lines].join('\n\n')}\n`;
}

const USE = 'An operation has it as hexagon_vtcm_tiling_config = #<alias>, in its attributes.';
