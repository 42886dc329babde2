import type { Variable } from '../../../generator/code-graph.ts';
import type { CodeNode } from '../../../generator/code-node.ts';
import type { Lanes } from '../../../generator/lanes.ts';
import type { Size, SizedMap, Sizes } from '../../../generator/sizes.ts';
import type { IndexMap } from '../../../kernels/ir.ts';
import type { GeneralKernel } from '../../../lowering/general/general-kernel.ts';
import type { Temporary } from '../../../lowering/lowered-kernel.ts';
import { wholeText } from './shape-text.ts';

/** What each temporary's array is rounded up to: a cache line. */
const LINE_BYTES = 64;
/** Of a value in scratch memory. */
const VALUE_BYTES = 4;

/** The sizes of a general kernel, each a constant of the function, computed from the extents `e`. */
export class RunTimeSizes implements Sizes {
  private readonly names = new Map<string, string>();

  constructor(
    private readonly general: GeneralKernel,
    private readonly lanes: Lanes,
  ) {}

  extent(loop: string): number | Variable {
    const { extents } = this.general.lowered;
    const text = this.textOf(extents, loop);
    return text === undefined ? extents[loop] : { name: this.named(text), type: 'index', wide: false };
  }

  map(at: IndexMap): SizedMap {
    const strides = Object.entries(at.strides).map(
      ([dim, stride]) => [dim, this.size(at.strides, dim, stride)] as const,
    );
    return { offset: this.size(at, 'offset', at.offset), strides: Object.fromEntries(strides) };
  }

  scratchOffset({ name }: Temporary): Size {
    const { temporaries } = this.general.lowered;
    const before = temporaries.slice(
      0,
      temporaries.findIndex((other) => other.name === name),
    );
    const bytes = this.bytesOf(before);
    return bytes === '0' ? 0 : this.node(bytes);
  }

  /** Bytes of all temporaries, in C. */
  scratchBytes(): string {
    return this.bytesOf(this.general.lowered.temporaries);
  }

  /** The constants that the code so far names. */
  declarations(): string {
    return [...this.names].map(([text, name]) => `const long ${name} = ${text};`).join('\n');
  }

  private bytesOf(temporaries: readonly Temporary[]): string {
    const arrays = temporaries
      .filter(({ place }) => place.kind === 'scratch')
      .map((each) => this.arrayOf(each));
    return arrays.length === 0 ? '0' : arrays.join(' + ');
  }

  /** A temporary's outermost loop steps over the whole rest of its array. */
  private arrayOf({ at, dims: [outermost] }: Temporary): string {
    const { extents } = this.general.lowered;
    const extent = this.textOf(extents, outermost) ?? extents[outermost];
    const stride = this.textOf(at.strides, outermost) ?? at.strides[outermost];
    return `(${VALUE_BYTES} * ${extent} * ${stride} + ${LINE_BYTES - 1}) / ${LINE_BYTES} * ${LINE_BYTES}`;
  }

  private size(holder: object, key: string, known: number): Size {
    const text = this.textOf(holder, key);
    return text === undefined ? known : this.node(text);
  }

  private textOf(holder: object, key: string): string | undefined {
    const number = this.general.number(holder, key);
    return number && wholeText(number);
  }

  private node(text: string): CodeNode {
    const name = this.named(text);
    const made = { type: 'index', wide: false, args: [], render: () => name, inline: true } as const;
    return this.lanes.graph.pure(`size ${name}`, made);
  }

  private named(text: string): string {
    const name = this.names.get(text) ?? `s${this.names.size}`;
    this.names.set(text, name);
    return name;
  }
}
