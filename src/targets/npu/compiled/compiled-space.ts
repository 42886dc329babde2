import { and, constraint, or, param } from '../../../../search-space/builder.ts';
import { InputError } from '../../../../search-space/input-error.ts';
import type { Parameter } from '../../../../search-space/parameter.ts';
import type { SearchSpace } from '../../../../search-space/search-space.ts';
import type { DType, Kernel } from '../../../kernels/ir.ts';
import type { SimulatedTarget } from '../machine/schema.ts';
import { loweredForNpu } from '../policy.ts';
import { buildSpace, type SpaceParts } from '../space/space.ts';
import { FLOATS, type HexagonCode, hexagonCodeKey, hexagonCodeOf } from './code.ts';
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
  return buildSpace(
    kernel,
    target,
    codeParts(usesFloats(kernel) ? FLOATS.filter((one) => ieee || one === 'qfloat') : []),
  );
}

function codeParts(floats: readonly string[]): SpaceParts {
  const parameters: Parameter[] = [
    {
      name: 'vectorCombine',
      kind: 'categorical',
      tag: 'schedule',
      values: ['on', 'off'],
      description:
        'whether LLVM’s pass that combines vector operations runs (-mllvm -hexagon-vector-combine)',
    },
  ];
  if (floats.length > 0)
    parameters.unshift({
      name: 'floats',
      kind: 'categorical',
      tag: 'schedule',
      values: floats,
      description: 'how the vector unit computes on floats (-mhvx-ieee-fp or -mhvx-qfloat)',
    });
  const plain = parameters.map(({ name, values }) => param(name).eq(values[0]));
  const pinned = or(
    param('vectorBytes').ne(0),
    plain.reduce((all, one) => and(all, one)),
  );
  return {
    parameters,
    constraints: [constraint(pinned, 'scalar code has no vector operations to compile otherwise')],
  };
}

/** Every code that a member of the space can have. */
export function codesOf(
  { parameters }: SearchSpace,
  division: HexagonCode['division'],
): readonly HexagonCode[] {
  const values = (name: string) => parameters.find((each) => each.name === name)?.values ?? [undefined];
  const codes = values('vectorBytes').flatMap((vectorBytes) =>
    values('unroll').flatMap((unroll) =>
      values('floats').flatMap((floats) =>
        values('vectorCombine').map((vectorCombine) =>
          hexagonCodeOf(
            {
              vectorBytes: vectorBytes ?? 0,
              unroll: unroll ?? 1,
              ...(vectorBytes === 0
                ? { floats: values('floats')[0] ?? 'ieee', vectorCombine: 'on' }
                : { floats: floats ?? 'ieee', vectorCombine: vectorCombine ?? 'on' }),
            },
            division,
          ),
        ),
      ),
    ),
  );
  return [...new Map(codes.map((code) => [hexagonCodeKey(code), code])).values()];
}
