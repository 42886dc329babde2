import { and, constraint, or, param } from '../../../../search-space/builder.ts';
import { InputError } from '../../../../search-space/input-error.ts';
import type { Parameter } from '../../../../search-space/parameter.ts';
import type { SearchSpace } from '../../../../search-space/search-space.ts';
import type { DType, Kernel } from '../../../kernels/ir.ts';
import type { SimulatedTarget } from '../machine/schema.ts';
import { loweredForNpu } from '../policy.ts';
import { buildSpace, type SpaceParts } from '../space/space.ts';
import { alignedRows, canBeAligned } from './alignment.ts';
import { CODE_OPTION_NAMES, CODE_OPTIONS, type CodeOptionName } from './code.ts';
import { usesFloats } from './uses-floats.ts';

/** Numbers that the code computes with: the vector unit has none of 64 bits. */
const COMPILED: ReadonlySet<DType> = new Set<DType>(['f32', 'f16', 'bf16', 'i32', 'i16', 'i8', 'u8', 'bool']);

/** The simulated target's space, and how clang makes code of its loops. Throws InputError for numbers that it lacks. */
export function compiledSpace(kernel: Kernel, target: SimulatedTarget, ieee: boolean): SearchSpace {
  const other = kernel.operands.find(({ dtype }) => !COMPILED.has(dtype));
  if (other !== undefined) {
    const problem = `'${other.name}' of ${kernel.name} is ${other.dtype}`;
    throw new InputError('--compiled', problem, 'the vector unit has no numbers of 64 bits; leave it out');
  }
  // The lowering has words of four bytes instead: right for counting operations, but another computation.
  const { operands } = loweredForNpu(kernel).kernel;
  if (operands.some(({ elements }, place) => elements !== kernel.operands[place].elements)) {
    const problem = `${kernel.name} sums products of bytes, for which clang is not told the instruction`;
    throw new InputError('--compiled', problem, 'leave it out');
  }
  // What the matrix unit would take is modelled in all: no code of it is compiled.
  const { matrix: _, ...withoutMatrix } = target;
  return buildSpace(kernel, withoutMatrix, codeParts(kernel, target, ieee));
}

/** What members can say of their code: options that could change it, which scalar code does not have. */
function codeParts(kernel: Kernel, target: SimulatedTarget, ieee: boolean): SpaceParts {
  const lowered = loweredForNpu(kernel);
  const { bytes } = target.vector;
  const values = (name: CodeOptionName): readonly string[] => {
    if (name === 'floats' && !usesFloats(kernel)) return [];
    if (name === 'alignment' && !canBeAligned(lowered, bytes)) return [];
    return CODE_OPTIONS[name].values.filter((value) => ieee || value !== 'ieee');
  };
  const parameters = CODE_OPTION_NAMES.filter((name) => values(name).length > 0).map(
    (name): Parameter => ({
      name,
      kind: 'categorical',
      tag: 'schedule',
      values: values(name),
      description: CODE_OPTIONS[name].description,
    }),
  );
  const isVector = param('vectorBytes').ne(0);
  const plain = parameters.map(({ name, values: [first] }) => param(name).eq(first));
  const pinned = or(
    isVector,
    plain.reduce((all, one) => and(all, one)),
  );
  const rows = parameters.some(({ name }) => name === 'alignment') ? alignedRows(lowered, bytes) : [];
  const sentence = 'scalar code has no vector operations to compile otherwise';
  return { parameters, constraints: [constraint(pinned, sentence), ...rows] };
}
