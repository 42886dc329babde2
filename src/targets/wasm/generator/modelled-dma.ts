/**
 * A DMA engine slower than this machine's memory, acted out: each transfer of a tile, in or out, takes
 * `latencyUs` and its bytes at `gigabytesPerSecond`, or as long as copying really takes where that is longer.
 */
export type ModelledDma = Readonly<{ gigabytesPerSecond: number; latencyUs: number }>;

/** "4GBps-1us" */
export function describeModelledDma({ gigabytesPerSecond, latencyUs }: ModelledDma): string {
  return `${gigabytesPerSecond}GBps-${latencyUs}us`;
}

/** Microseconds of any start, for the thread that copies: 0.04 µs a call, and a wait ends 0.1 µs late. */
export const CLOCK_IMPORT = '(import "env" "now" (func $now (result f64)))';

/** Waits until the clock reads `deadline`. */
export const WAIT_UNTIL = `
(func $until (param $deadline f64)
  (loop $early (br_if $early (f64.lt (call $now) (local.get $deadline)))))`;

/**
 * A function's body: `copies` of so many bytes (an i32 expression), then a wait for what is left of the
 * time that the model gives them.
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
