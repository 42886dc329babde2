import { SLOW_MS } from './measurement/time-allowance.ts';

/** How often it is looked whether the time is over: what is left may become less than it was. Milliseconds. */
const LOOK_MS = 500;

/** A signal that aborts, and what releases the timer behind it. */
export type CutOff = Readonly<{ signal: AbortSignal; close(): void }>;

/**
 * Aborts at an interruption, and when a slow run goes on beyond the time that is left.
 * Not `AbortSignal.any` with `AbortSignal.timeout`: its timer may be garbage-collected (nodejs/node#57736).
 */
export function cutOff(interruption: AbortSignal, leftMs: () => number): CutOff {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  let timer: NodeJS.Timeout | undefined;
  const look = (): void => {
    const untilOver = leftMs() + SLOW_MS;
    if (untilOver <= 0) abort();
    else timer = setTimeout(look, Math.min(LOOK_MS, untilOver)).unref();
  };
  if (leftMs() < Number.POSITIVE_INFINITY) timer = setTimeout(look, Math.min(LOOK_MS, SLOW_MS)).unref();
  interruption.addEventListener('abort', abort, { once: true });
  if (interruption.aborted) abort();
  return {
    signal: controller.signal,
    close() {
      clearTimeout(timer);
      interruption.removeEventListener('abort', abort);
    },
  };
}
