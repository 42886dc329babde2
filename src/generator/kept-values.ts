import { required } from '../kernels/lookup.ts';
import { laneType } from '../lowering/expressions/lane-type.ts';
import type { LoweredKernel, Temporary } from '../lowering/lowered-kernel.ts';
import type { CodeNode } from './code-node.ts';
import type { Lanes } from './lanes.ts';
import { emitLoad, emitStore, type MemoryRegion, type Position, plus } from './memory-access.ts';
import type { SizedMap, Sizes } from './sizes.ts';

type Surroundings = Readonly<{
  lanes: Lanes;
  lowered: LoweredKernel;
  /** Address of the row's kept values. */
  scratch: CodeNode;
  sizes: Sizes;
}>;

/** The values that a nest of a row keeps in scratch memory for later ones. */
export class KeptValues {
  private readonly all: ReadonlyMap<string, Temporary>;

  /** `across`: the dimension that rows are vectorized along, if they are. */
  constructor(
    private readonly env: Surroundings,
    private readonly across: string | undefined,
  ) {
    const inScratch = env.lowered.temporaries.filter(({ place }) => place.kind === 'scratch');
    this.all = new Map(inScratch.map((each) => [each.name, each]));
  }

  has(name: string): boolean {
    return this.all.has(name);
  }

  load(name: string, position: Position): CodeNode {
    return emitLoad(this.env.lanes, this.region(name, position), this.map(name), position);
  }

  /** What stores a value there: its address is computed now, so before anything that is stored with it. */
  storing(name: string, position: Position): (value: CodeNode) => void {
    const region = this.region(name, position);
    return (value) => emitStore(this.env.lanes, region, this.map(name), position, value);
  }

  private map(name: string): SizedMap {
    return this.env.sizes.map(required(this.all, name).at);
  }

  /** Values of vectorized rows are beside each other, from the block's first row on. */
  private region(name: string, { index }: Position): MemoryRegion {
    const { lanes: l, scratch, sizes } = this.env;
    const kept = required(this.all, name);
    const base = plus(l, scratch, sizes.scratchOffset(kept));
    const start = this.across === undefined ? undefined : index.get(this.across);
    const shifted = start === undefined ? base : l.do('isub', base, l.shift('shl', start, 2));
    return { name, dtype: laneType(kept.dtype) === 'f32' ? 'f32' : 'i32', base: shifted, constant: false };
  }
}
