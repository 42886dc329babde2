/** What a promise becomes, or undefined once the signal aborts. */
export function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const stop = (): void => resolve(undefined);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

/** Waits so long, or until it is woken by whom `arm` tells how, or the signal aborts. */
export async function sleep(
  ms: number,
  signal: AbortSignal,
  arm: (wake: () => void) => void = () => {},
): Promise<void> {
  let wake = (): void => {};
  const woken = new Promise<void>((resolve) => {
    wake = resolve;
  });
  const timer = setTimeout(wake, ms);
  signal.addEventListener('abort', wake, { once: true });
  if (signal.aborted) wake();
  arm(wake);
  await woken;
  clearTimeout(timer);
  signal.removeEventListener('abort', wake);
}
