import type { Restriction } from '../../../search-space/restriction.ts';
import { restrictionIn } from '../../../search-space/restriction-constraints.ts';
import type { KernelRecord, StudyRecord } from '../../../store/records.ts';
import { expressible } from '../../exporters/hexagon-mlir/expressible.ts';
import { parseKernel } from '../../kernels/json.ts';

/** How a study's space was made smaller than its target's. */
export type Steered = Readonly<{
  /** What hexagon-mlir's options can say, only. */
  isExpressible: boolean;
  /** Values that parameters were held to, beside that. */
  values: Restriction['values'];
}>;

/** Null for a kernel without IR: its space came from a file. */
export function steeredBy({ space }: StudyRecord, kernel: KernelRecord | undefined): Steered | null {
  if (kernel === undefined || kernel.ir === null) return null;
  const { values, someNot } = restrictionIn(space.constraints, space.parameters);
  if (someNot.length === 0) return { isExpressible: false, values };
  const own = expressible(parseKernel(kernel.ir), space).values;
  const beside = Object.entries(values).filter(([name, held]) => held.join() !== own[name]?.join());
  return { isExpressible: true, values: Object.fromEntries(beside) };
}
