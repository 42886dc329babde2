/**
 * A DMA engine slower than this machine's memory, which a copying thread imitates: each transfer of a tile,
 * in or out, takes `latencyUs` and its bytes at `gigabytesPerSecond` (10^9 bytes a second), or as long as
 * the copy itself where that is longer.
 */
export type ModelledDma = Readonly<{ gigabytesPerSecond: number; latencyUs: number }>;

/** "4GBps-1us" */
export function describeModelledDma({ gigabytesPerSecond, latencyUs }: ModelledDma): string {
  return `${gigabytesPerSecond}GBps-${latencyUs}us`;
}

/** The clock of the thread that copies, in µs from any start. A call takes 0.04 µs; a wait ends up to 0.1 µs late. */
export const CLOCK_IMPORT = '(import "env" "now" (func $now (result f64)))';

/** Waits until the clock reads `deadline`. */
export const WAIT_UNTIL = `
(func $until (param $deadline f64)
  (loop $early (br_if $early (f64.lt (call $now) (local.get $deadline)))))`;

/**
 * A function's body: `copies` of `bytes` bytes (an i32 expression in WAT), then a wait for the rest of the
 * time that they take on the modelled engine.
 */
export function modelledTransfer(
  { gigabytesPerSecond, latencyUs }: ModelledDma,
  copies: string,
  bytes: string,
): string {
  const spent = `(f64.mul (f64.convert_i32_u ${bytes}) (f64.const ${1e-3 / gigabytesPerSecond}))`;
  return `(local $deadline f64)
(local.set $deadline (f64.add (call $now) (f64.add (f64.const ${latencyUs}) ${spent})))
${copies}
(call $until (local.get $deadline))`;
}
