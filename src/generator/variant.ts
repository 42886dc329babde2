import { type LoweredKernel, rowLoops, unitsOfWork } from '../lowering/lowered-kernel.ts';
import { type PanelPlan, panelsInAll } from '../lowering/panels.ts';
import type { ScheduledKernel } from '../lowering/schedule.ts';
import type { Variable } from './code-graph.ts';
import type { CodeNode } from './code-node.ts';
import { ContractionCode } from './contraction-code.ts';
import type { Lanes } from './lanes.ts';
import type { MemoryRegion } from './memory-access.ts';
import { readableLoads } from './readable.ts';
import { rowsCode } from './rows.ts';
import { knownSizes } from './sizes.ts';

/** Where a variant's code finds its data. */
type VariantData = Readonly<{
  lanes: Lanes;
  regions: ReadonlyMap<string, MemoryRegion>;
  /** Address of the thread's scratch memory. */
  scratch: CodeNode;
  /** Whether elements may be computed and stored twice. */
  overlaps: boolean;
  /** Whether rows are in a software pipeline, where they can be. */
  pipelined: boolean;
}>;

/** Code for a thread's share of a kernel: the units of work from parameter `begin` to before `end`. */
export function shareCode(scheduled: ScheduledKernel, data: VariantData): void {
  const { lowered, panels, schedule } = scheduled;
  const readable = readableLoads(lowered.kernel);
  const wide = schedule.vectorBytes > 0;
  const [begin, end] = [counter('begin'), counter('end')];
  if (panels === undefined) {
    const block = { registers: schedule.unroll, wide };
    rowsCode({ ...data, lowered, readable, block, sizes: knownSizes(lowered) }, begin, end, data.pipelined);
  } else {
    const { contraction } = panels;
    new ContractionCode({ ...data, lowered, contraction, readable, wide }, panels).rangeCode(begin, end);
  }
}

/**
 * Units of work that threads share, and the number of units that a share is rounded up to a multiple of:
 * `elements` where a unit is an element of the vectorized loop.
 */
export type Sharing = Readonly<{ work: number; grain: number }>;

export function sharingOf(whole: LoweredKernel, panels: PanelPlan | undefined, elements: number): Sharing {
  if (panels !== undefined) {
    return { work: panelsInAll(whole, panels.contraction, panels.whole.columns), grain: 1 };
  }
  const inElements = rowLoops(whole).length === 0 && whole.lanesAcross !== undefined;
  return { work: unitsOfWork(whole), grain: inElements ? elements : 1 };
}

/** An address that a function is given: it never changes, so its value may be shared. */
export function addressParameter({ graph }: Lanes, name: string): CodeNode {
  const render = () => graph.language.read(name);
  return graph.pure(`parameter ${name}`, { type: 'address', wide: false, args: [], render, inline: true });
}

function counter(name: string): Variable {
  return { name, type: 'index', wide: false };
}
