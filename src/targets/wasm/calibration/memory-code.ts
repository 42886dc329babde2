import { COPY } from '../generator/staging-code.ts';
import { functionText } from '../generator/wat.ts';

/** What a micro-kernel gets beside what every variant gets: two arrays. */
export const OPERANDS = ['at_a', 'at_b'] as const;
const PARAMETERS = ['begin', 'end', 'scratch', ...OPERANDS];

const at = (base: string, line: string): string =>
  `(i32.add (local.get ${base}) (i32.shl (local.get ${line}) (i32.const 6)))`;
const bytesBetween = '(i32.shl (i32.sub (local.get $end) (local.get $begin)) (i32.const 6))';

/** b = a by vector loads and stores, the lines from $begin to $end, so many times. */
export function copyText(sweeps: number): readonly string[] {
  const ends = `${at('$at_b', '$begin')} ${at('$at_a', '$begin')}`;
  return [
    COPY.simd,
    functionText('run', PARAMETERS, repeated(sweeps, `(call $copy ${ends} ${bytesBetween})`)),
  ];
}

/** A body again and again; its locals stand before it. */
function repeated(sweeps: number, body: string): string {
  return `(local $sweep i32) (local $from i32) (local $size i32)
(loop $sweeps
${body}
(local.set $sweep (i32.add (local.get $sweep) (i32.const 1)))
(br_if $sweeps (i32.lt_u (local.get $sweep) (i32.const ${sweeps}))))`;
}

/** The same tile by tile through the scratchpad, as staging does it. */
export function stagedText(engine: keyof typeof COPY, tileLines: number, sweeps: number): readonly string[] {
  const bytes = '(i32.shl (local.get $size) (i32.const 6))';
  const body = `(local.set $from (local.get $begin))
(loop $tiles
(local.set $size (call $imin (i32.sub (local.get $end) (local.get $from)) (i32.const ${tileLines})))
(call $copy (local.get $scratch) ${at('$at_a', '$from')} ${bytes})
(call $copy ${at('$at_b', '$from')} (local.get $scratch) ${bytes})
(local.set $from (i32.add (local.get $from) (local.get $size)))
(br_if $tiles (i32.lt_s (local.get $from) (local.get $end))))`;
  return [COPY[engine], functionText('run', PARAMETERS, repeated(sweeps, body))];
}

/** Reads the lines of a from $begin to $end and writes one of b. */
export function readText(): string {
  const loads = [0, 16, 32, 48].map((offset, n) => {
    const load = `(v128.load offset=${offset} ${at('$at_a', '$line')})`;
    return `(local.set $x${n} (v128.or (local.get $x${n}) ${load}))`;
  });
  const stores = [0, 1, 2, 3].map(
    (n) => `(v128.store offset=${16 * n} (local.get $at_b) (local.get $x${n}))`,
  );
  const body = `(local $line i32) (local $x0 v128) (local $x1 v128) (local $x2 v128) (local $x3 v128)
(local.set $line (local.get $begin))
(loop $lines
${loads.join('\n')}
(local.set $line (i32.add (local.get $line) (i32.const 1)))
(br_if $lines (i32.lt_s (local.get $line) (local.get $end))))
${stores.join('\n')}`;
  return functionText('tile', PARAMETERS, body);
}
