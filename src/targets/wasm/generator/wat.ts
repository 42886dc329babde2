import { plainName } from '../../../languages/names.ts';

/** The pages of 64 KiB that `bytes` take. */
export function pagesFor(bytes: number): number {
  return Math.ceil(bytes / 65536);
}

/** Integer operations that WebAssembly lacks or that trap there; n / 0 is 0, as in the reference. */
const HELPERS = `
(func $imin (param i32 i32) (result i32)
  (select (local.get 0) (local.get 1) (i32.lt_s (local.get 0) (local.get 1))))
(func $imax (param i32 i32) (result i32)
  (select (local.get 0) (local.get 1) (i32.gt_s (local.get 0) (local.get 1))))
(func $quotient (param i32 i32) (result i32)
  (if (result i32) (i32.eqz (local.get 1)) (then (i32.const 0)) (else
    (if (result i32) (i32.eq (local.get 1) (i32.const -1))
      (then (i32.sub (i32.const 0) (local.get 0)))
      (else (i32.div_s (local.get 0) (local.get 1)))))))
(func $remainder (param i32 i32) (result i32)
  (if (result i32) (i32.eqz (local.get 1)) (then (i32.const 0))
    (else (i32.rem_s (local.get 0) (local.get 1)))))`;

/** A module over the runner's shared memory of `pages`, which it cannot grow; `imports` are its other imports. */
export function moduleText(
  pages: number,
  functions: readonly string[],
  imports: readonly string[] = [],
): string {
  const memory = `(import "env" "memory" (memory ${pages} ${pages} shared))`;
  return `(module\n${[memory, ...imports].join('\n')}\n${HELPERS}\n${functions.join('\n')}\n)`;
}

/** The parameter with an operand's address. An operand's name is anybody's: what no identifier is made of is marked. */
export function addressOf(operand: string): string {
  return `at_${plainName(operand)}`;
}

/** An exported function of i32 parameters without a result. */
export function functionText(name: string, parameters: readonly string[], body: string): string {
  const declared = parameters.map((parameter) => `(param $${parameter} i32)`).join(' ');
  return `(func $${name} (export "${name}") ${declared}\n${body}\n)`;
}
