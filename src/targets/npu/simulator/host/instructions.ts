import type { OpClass } from '../../machine/schema.ts';

/** What an instruction of WebAssembly asks of a core: one operation of a class after another. */
export type HostClass = OpClass | 'fused' | 'divide';
export type Instruction = Readonly<{
  classes: readonly HostClass[];
  /** Whether its result takes a float or vector register. */
  inVector: boolean;
}>;

/** What engines on x64 and ARM make of an operation's name; the rest is one step of logic. */
const BY_NAME: Readonly<Record<string, readonly HostClass[]>> = {
  add: ['floatAdd'],
  sub: ['floatAdd'],
  mul: ['multiply'],
  relaxed_madd: ['fused'],
  relaxed_nmadd: ['fused'],
  div: ['divide'],
  sqrt: ['divide'],
  // NaN and −0 are told apart by several instructions.
  min: ['floatAdd', 'alu', 'alu', 'alu'],
  max: ['floatAdd', 'alu', 'alu', 'alu'],
  floor: ['convert'],
  ceil: ['convert'],
  trunc: ['convert'],
  nearest: ['convert'],
};
const INTEGER: Readonly<Record<string, readonly HostClass[]>> = {
  mul: ['multiply'],
  shl: ['shift'],
  shr_s: ['shift'],
  shr_u: ['shift'],
  rem_u: ['multiply', 'alu', 'multiply', 'alu'],
  div_u: ['multiply', 'alu'],
};
const ANY: Readonly<Record<string, readonly HostClass[]>> = {
  splat: ['permute'],
  shuffle: ['permute'],
  extract_lane: ['permute'],
  replace_lane: ['permute'],
  // And, and-not, or.
  bitselect: ['alu', 'alu', 'alu'],
  load32_splat: ['load'],
};

/** The operations behind 'f32x4.mul', 'i32.add', 'v128.load', 'select' …; none for what is free. */
export function instructionOf(name: string): Instruction {
  const [type, word = ''] = name.split('.');
  const inVector = type !== 'i32' && type !== 'call' && type !== 'select';
  if (word.startsWith('load')) return { classes: ['load'], inVector };
  if (word.includes('store')) return { classes: ['store'], inVector: false };
  if (word.startsWith('reinterpret')) return { classes: ['permute'], inVector };
  if (word.startsWith('convert') || word.includes('trunc_sat')) return { classes: ['convert'], inVector };
  const float = type.startsWith('f32') ? BY_NAME[word] : INTEGER[word];
  return { classes: ANY[word] ?? (type === 'v128' ? undefined : float) ?? ['alu'], inVector };
}
