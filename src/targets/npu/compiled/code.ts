import type { Configuration } from '../../../../search-space/parameter.ts';
import type { HexagonLoops } from './hexagon-code.ts';

/** How vector units compute on floats, as clang's flags say it. */
export const FLOATS = Object.freeze(['ieee', 'qfloat'] as const);

/** The code of a configuration: all that its object code depends on. */
export type HexagonCode = HexagonLoops &
  Readonly<{
    floats: (typeof FLOATS)[number];
    /** Whether LLVM's pass that combines vector operations runs, as it does by default. */
    vectorCombine: boolean;
  }>;

/** The code of a member of a compiled target's space. */
export function hexagonCodeOf(
  { vectorBytes, unroll, floats, vectorCombine }: Configuration,
  division: HexagonCode['division'],
): HexagonCode {
  return {
    vectorBytes: Number(vectorBytes),
    unroll: Number(unroll),
    division,
    floats: floats === 'qfloat' ? 'qfloat' : 'ieee',
    vectorCombine: vectorCombine !== 'off',
  };
}

/** Codes are told apart by it. */
export function hexagonCodeKey({
  vectorBytes,
  unroll,
  division,
  floats,
  vectorCombine,
}: HexagonCode): string {
  return `${vectorBytes} ${unroll} ${division} ${floats} ${vectorCombine}`;
}

const COMMON: readonly string[] = Object.freeze([
  '--target=hexagon',
  '-std=gnu11',
  '-O2',
  '-ffreestanding',
  '-fwrapv',
  '-fno-strict-aliasing',
  '-fno-math-errno',
  '-fno-trapping-math',
  '-ffp-contract=fast',
  '-fno-slp-vectorize',
  '-Wno-unused-command-line-argument',
  '-c',
]);

/**
 * clang's flags. The vector unit has no comparison that knows NaN, so code for it is told that there is none; scalar
 * code is what results are checked of, and is not.
 */
export function flagsFor(
  { vectorBytes, floats, vectorCombine }: HexagonCode,
  processor: string,
): readonly string[] {
  const own = [...COMMON, `-mcpu=${processor}`];
  if (vectorBytes === 0) return own;
  return [
    ...own,
    '-mhvx',
    '-mhvx-length=128B',
    floats === 'ieee' ? '-mhvx-ieee-fp' : '-mhvx-qfloat',
    '-ffinite-math-only',
    ...(vectorCombine ? [] : ['-mllvm', '-hexagon-vector-combine=false']),
  ];
}
