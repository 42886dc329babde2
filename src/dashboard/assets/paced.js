/**
 * Limits how often `act` is called: once, `everyMs` after the first of several requests, and never before the call
 * before it has ended, so that no older answer replaces a newer one.
 * @param {() => unknown} act
 * @param {number} everyMs
 */
export function paced(act, everyMs) {
  let [isWaiting, isActing, isWanted] = [false, false, false];
  const run = async () => {
    [isWaiting, isActing] = [false, true];
    try {
      await act();
    } finally {
      isActing = false;
      if (isWanted) request();
    }
  };
  const request = () => {
    isWanted = isActing;
    if (isWaiting || isActing) return;
    isWaiting = true;
    setTimeout(() => void run(), everyMs);
  };
  return request;
}
