import type { Configuration } from '../../../../search-space/parameter.ts';
import type { HexagonLoops } from './hexagon-code.ts';

/** What clang is told about code of vectors: the first value is what it does unasked. Scalar code has the first of each. */
export const CODE_OPTIONS = Object.freeze({
  floats: {
    values: ['ieee', 'qfloat'],
    flags: { ieee: ['-mhvx-ieee-fp'], qfloat: ['-mhvx-qfloat'] },
    description: 'how the vector unit computes on floats (-mhvx-ieee-fp or -mhvx-qfloat)',
  },
  vectorCombine: {
    values: ['on', 'off'],
    flags: { off: ['-mllvm', '-hexagon-vector-combine=false'] },
    description: 'whether LLVM’s pass that combines vector operations runs (-mllvm -hexagon-vector-combine)',
  },
  pipeliner: {
    values: ['on', 'off'],
    flags: { off: ['-mllvm', '-enable-pipeliner=false'] },
    description: 'whether LLVM begins an iteration before the last has ended (-mllvm -enable-pipeliner)',
  },
  scheduling: {
    values: ['both-ways', 'top-down'],
    flags: { 'top-down': ['-mllvm', '-misched-topdown'] },
    description: 'from where LLVM fills packets: both ends of a block, or its top (-mllvm -misched-topdown)',
  },
  alignment: {
    values: ['any', 'vectors'],
    flags: {},
    description: 'what loads and stores may assume: that operands begin at any element, or at a whole vector',
  },
} as const satisfies Record<string, CodeOption>);

type CodeOption = Readonly<{
  values: readonly [string, string];
  flags: Readonly<Record<string, readonly string[]>>;
  description: string;
}>;

export type CodeOptionName = keyof typeof CODE_OPTIONS;

/** Their names, as a space lists them. */
export const CODE_OPTION_NAMES: readonly CodeOptionName[] = Object.freeze([
  'floats',
  'vectorCombine',
  'pipeliner',
  'scheduling',
  'alignment',
]);

export function isCodeOption(name: string): boolean {
  return CODE_OPTION_NAMES.some((known) => known === name);
}

/** The code of a configuration: all that its object code depends on. */
export type HexagonCode = HexagonLoops & Readonly<{ options: Readonly<Record<CodeOptionName, string>> }>;

/** The code of a member of a compiled target's space. */
export function hexagonCodeOf(configuration: Configuration, division: HexagonCode['division']): HexagonCode {
  const vectorBytes = Number(configuration.vectorBytes);
  const of = (name: CodeOptionName): string => {
    const { values } = CODE_OPTIONS[name];
    return values.find((value) => vectorBytes > 0 && value === configuration[name]) ?? values[0];
  };
  const [floats, vectorCombine, pipeliner, scheduling, alignment] = CODE_OPTION_NAMES.map(of);
  return {
    vectorBytes,
    unroll: Number(configuration.unroll),
    division,
    isAligned: alignment === 'vectors',
    options: { floats, vectorCombine, pipeliner, scheduling, alignment },
  };
}

/** The code with other loops or options. */
export function withOption(code: HexagonCode, name: CodeOptionName, value: string): HexagonCode {
  const options = { ...code.options, [name]: value };
  return { ...code, isAligned: options.alignment === 'vectors', options };
}

/** Scalar code of the same loops. */
export function scalarOf({ unroll, division }: HexagonCode): HexagonCode {
  return hexagonCodeOf({ vectorBytes: 0, unroll }, division);
}

/** Codes are told apart by it. */
export function hexagonCodeKey({ vectorBytes, unroll, division, options }: HexagonCode): string {
  return [vectorBytes, unroll, division, ...CODE_OPTION_NAMES.map((name) => options[name])].join(' ');
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
export function flagsFor({ vectorBytes, options }: HexagonCode, processor: string): readonly string[] {
  const own = [...COMMON, `-mcpu=${processor}`];
  if (vectorBytes === 0) return own;
  const asked = CODE_OPTION_NAMES.flatMap((name) => {
    const flags: CodeOption['flags'] = CODE_OPTIONS[name].flags;
    return flags[options[name]] ?? [];
  });
  return [...own, '-mhvx', '-mhvx-length=128B', '-ffinite-math-only', ...asked];
}
