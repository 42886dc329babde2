import type { Value } from '../../search-space/parameter.ts';

/** What values of parameters did to a kernel's code, known from the code itself and not from times. */
export type CodeEffects = Readonly<{
  /** Parameters that changed nothing in any code: no difference in time is theirs. */
  idle: readonly string[];
  /** A parameter that changed code only together with another one: what it gains, the two gain as a pair. */
  bound: readonly (readonly [name: string, partner: string])[];
  /** Parameters that code with a value does not have (scalar code has no options of vectors): there they are pinned, and say nothing. */
  lacking: Readonly<{ parameter: string; value: Value; options: readonly string[] }>;
}>;
