import type { NativeSchedule } from './generator/schedule.ts';

/** For all that is compiled. Integers wrap, as the kernels' do; memory has no type. */
export const COMMON_FLAGS: readonly string[] = Object.freeze([
  '-std=gnu11',
  '-O3',
  '-march=native',
  '-fwrapv',
  '-fno-strict-aliasing',
]);

/** For all variants. The same numbers without a word to the outside: nothing reads errno or the processor's exceptions. */
export const VARIANT_FLAGS: readonly string[] = Object.freeze([
  ...COMMON_FLAGS,
  '-fno-math-errno',
  '-fno-trapping-math',
]);

/** For a variant of this schedule. The vectoriser is the compiler's only where it shall vectorise: what is called scalar must be scalar. */
export function scheduleFlags({ fma, autoVector }: NativeSchedule): readonly string[] {
  const vectoriser = autoVector ? [] : ['-fno-tree-vectorize', '-fno-tree-slp-vectorize'];
  return [`-ffp-contract=${fma ? 'fast' : 'off'}`, ...vectoriser];
}
