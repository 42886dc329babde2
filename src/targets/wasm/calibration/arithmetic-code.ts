import { functionText } from '../generator/wat.ts';

/** An operation on `$x` that a chain repeats: `of` makes the next value's text from the last one's. */
export type ChainStep = Readonly<{ type: 'v128' | 'f32' | 'i32'; of: (x: string) => string }>;

/** Near 1, so that a long chain neither grows nor becomes denormal. */
const NEAR = '(v128.const f32x4 0.9999999 0.9999999 0.9999999 0.9999999)';
const HALF = '(v128.const f32x4 0.5 0.5 0.5 0.5)';
const BITS = '(v128.const i32x4 1 3 5 7)';
const binary = (type: ChainStep['type'], name: string, other: string): ChainStep => ({
  type,
  of: (x) => `(${name} ${x} ${other})`,
});

/** What the classes of operations of a target file are measured by. */
export const STEPS = {
  vectorAlu: binary('v128', 'i32x4.add', BITS),
  vectorAdd: binary('v128', 'f32x4.add', HALF),
  vectorMultiply: binary('v128', 'f32x4.mul', NEAR),
  vectorDivide: binary('v128', 'f32x4.div', NEAR),
  vectorShift: binary('v128', 'i32x4.shl', '(i32.const 1)'),
  vectorPermute: {
    type: 'v128',
    of: (x) => `(i8x16.shuffle 4 5 6 7 0 1 2 3 12 13 14 15 8 9 10 11 ${x} ${x})`,
  },
  vectorConvert: { type: 'v128', of: (x) => `(f32x4.nearest ${x})` },
  scalarAlu: binary('i32', 'i32.add', '(local.get $scratch)'),
  scalarAdd: binary('f32', 'f32.add', '(f32.const 0.5)'),
  scalarMultiply: binary('f32', 'f32.mul', '(f32.const 0.9999999)'),
  scalarDivide: binary('f32', 'f32.div', '(f32.const 0.9999999)'),
  scalarConvert: { type: 'f32', of: (x) => `(f32.nearest ${x})` },
} as const satisfies Readonly<Record<string, ChainStep>>;

export const FUSED: ChainStep = { type: 'v128', of: (x) => `(f32x4.relaxed_madd ${x} ${HALF} ${HALF})` };

/** Steps of each chain in a turn. */
const STEPS_A_TURN = 8;
const CHAIN_TURNS = 2000;

/** Operations of one call. */
export function chainOperations(chains: number): number {
  return CHAIN_TURNS * STEPS_A_TURN * chains;
}

const ZERO = { v128: '(v128.const f32x4 1 1 1 1)', f32: '(f32.const 1)', i32: '(i32.const 1)' } as const;
const STORE = { v128: 'v128.store', f32: 'f32.store', i32: 'i32.store' } as const;

/** So many independent chains of steps: one tells the latency, a dozen tell the rate. */
export function chainsText(steps: readonly ChainStep[], operands: readonly string[]): string {
  const names = steps.map((_, n) => `$x${n}`);
  const starts = names.map((name, n) => `(local.set ${name} ${ZERO[steps[n].type]})`);
  const turn = Array.from({ length: STEPS_A_TURN }, () =>
    names.map((name, n) => `(local.set ${name} ${steps[n].of(`(local.get ${name})`)})`),
  ).flat();
  const stores = names.map(
    (name, n) => `(${STORE[steps[n].type]} offset=${16 * n} (local.get $scratch) (local.get ${name}))`,
  );
  const body = `${names.map((name, n) => `(local ${name} ${steps[n].type})`).join(' ')} (local $turn i32)
${starts.join('\n')}
(loop $turns
${turn.join('\n')}
(local.set $turn (i32.add (local.get $turn) (i32.const 1)))
(br_if $turns (i32.lt_u (local.get $turn) (i32.const ${CHAIN_TURNS}))))
${stores.join('\n')}`;
  return functionText('run', ['begin', 'end', 'scratch', ...operands], body);
}

/** Dependent multiplications of one piece of `waitingText`: about a polynomial's. */
export const PIECE_STEPS = 80;
export const PIECES = 1000;

/**
 * Long dependent pieces that do not depend on each other: how many of them a core works on at a time
 * tells how many operations may wait in it.
 */
export function waitingText(operands: readonly string[]): string {
  const steps = Array.from(
    { length: PIECE_STEPS },
    () => `(local.set $x ${STEPS.vectorMultiply.of('(local.get $x)')})`,
  );
  const body = `(local $x v128) (local $piece i32)
(loop $pieces
(local.set $x (v128.load (local.get $scratch)))
${steps.join('\n')}
(v128.store offset=64 (local.get $scratch) (local.get $x))
(local.set $piece (i32.add (local.get $piece) (i32.const 1)))
(br_if $pieces (i32.lt_u (local.get $piece) (i32.const ${PIECES}))))`;
  return functionText('run', ['begin', 'end', 'scratch', ...operands], body);
}

/** Vectors a turn that `accessText` loads or stores, and its turns. */
const ACCESSES = 16;
const ACCESS_TURNS = 2000;
export const ACCESS_OPERATIONS = ACCESSES * ACCESS_TURNS;

/** Loads from, or stores to, one small piece of memory, as many as the core takes. */
export function accessText(what: 'load' | 'store', operands: readonly string[]): string {
  const sums = [0, 1, 2, 3].map((n) => `$x${n}`);
  const turn = Array.from({ length: ACCESSES }, (_, n) => {
    const sum = sums[n % sums.length];
    const place = `offset=${64 + 16 * n} (local.get $scratch)`;
    return what === 'store'
      ? `(v128.store ${place} (local.get $x0))`
      : `(local.set ${sum} (v128.or (local.get ${sum}) (v128.load ${place})))`;
  });
  const stores = sums.map(
    (sum, n) => `(v128.store offset=${16 * n} (local.get $scratch) (local.get ${sum}))`,
  );
  const body = `${sums.map((sum) => `(local ${sum} v128)`).join(' ')} (local $turn i32)
(loop $turns
${turn.join('\n')}
(local.set $turn (i32.add (local.get $turn) (i32.const 1)))
(br_if $turns (i32.lt_u (local.get $turn) (i32.const ${ACCESS_TURNS}))))
${stores.join('\n')}`;
  return functionText('run', ['begin', 'end', 'scratch', ...operands], body);
}
