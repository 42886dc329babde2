import { LIMIT_BYTES } from '../../../programs/variant-process.ts';
import { functionText, moduleText } from './wat.ts';

/**
 * Elements of each array that `copy` and `triad` walk: 192 MiB in all. (48 MiB ran three times as fast
 * as memory on a server whose last cache is that large.)
 */
export const LIMIT_ELEMENTS = LIMIT_BYTES / 12;
export const LIMIT_PAGES = LIMIT_BYTES / 65536;
/** Independent multiply-adds of four lanes in an iteration of `multiplyAdd`: enough to hide its latency. */
const CHAINS = 12;
const LIMIT_TURNS = 200_000;
/** Floating-point operations of one call of `multiplyAdd`. */
export const LIMIT_OPERATIONS = LIMIT_TURNS * CHAINS * 4 * 2;

/**
 * A module that measures what WebAssembly can reach on this machine: `copy` (b = a), `triad` (c = a + 3b)
 * and `multiplyAdd` (in registers only). Times of variants are compared with these limits.
 */
export function limitsText(fused: boolean): string {
  return moduleText(LIMIT_PAGES, [
    functionText(
      'copy',
      [],
      streaming(['a'], (at) => vectorAt('a', at)),
    ),
    functionText(
      'triad',
      [],
      streaming(['a', 'b'], (at) => tripled(at)),
    ),
    functionText('multiplyAdd', [], multiplyAddsText(fused, BASE.a)),
  ]);
}

const BASE = { a: 0, b: LIMIT_ELEMENTS * 4, c: LIMIT_ELEMENTS * 8 } as const;

function vectorAt(array: keyof typeof BASE, at: number): string {
  return `(v128.load offset=${BASE[array] + at} (local.get $i))`;
}

function tripled(at: number): string {
  const three = '(v128.const f32x4 3 3 3 3)';
  return `(f32x4.add ${vectorAt('a', at)} (f32x4.mul ${three} ${vectorAt('b', at)}))`;
}

/** A loop that stores four vectors in each iteration, to the array after the last one read. */
function streaming(read: readonly ('a' | 'b')[], value: (at: number) => string): string {
  const target = read.length === 1 ? BASE.b : BASE.c;
  const stores = [0, 16, 32, 48].map(
    (at) => `(v128.store offset=${target + at} (local.get $i) ${value(at)})`,
  );
  return `(local $i i32) (loop $lines
${stores.join('\n')}
(local.set $i (i32.add (local.get $i) (i32.const 64)))
(br_if $lines (i32.lt_u (local.get $i) (i32.const ${LIMIT_ELEMENTS * 4}))))`;
}

/**
 * A function's body: `LIMIT_OPERATIONS` in independent chains, whose sum is stored to 16 bytes at `address`. The factor
 * is loaded from the 16 bytes after it (zeros will do): a constant would be made anew for each use by the compiler of
 * Node 24, which takes four times as long as the multiply-adds themselves.
 */
export function multiplyAddsText(fused: boolean, address: number): string {
  const names = Array.from({ length: CHAINS }, (_, n) => `$x${n}`);
  const factor = '(local.get $factor)';
  const step = (name: string): string =>
    fused
      ? `(local.set ${name} (f32x4.relaxed_madd (local.get ${name}) ${factor} ${factor}))`
      : `(local.set ${name} (f32x4.add (f32x4.mul (local.get ${name}) ${factor}) ${factor}))`;
  const sum = names
    .map((name) => `(local.get ${name})`)
    .reduce((left, right) => `(f32x4.add ${left} ${right})`);
  return `${names.map((name) => `(local ${name} v128)`).join(' ')} (local $turn i32) (local $factor v128)
(local.set $factor (v128.load (i32.const ${address + 16})))
(loop $turns
${names.map(step).join('\n')}
(local.set $turn (i32.add (local.get $turn) (i32.const 1)))
(br_if $turns (i32.lt_u (local.get $turn) (i32.const ${LIMIT_TURNS}))))
(v128.store (i32.const ${address}) ${sum})`;
}
