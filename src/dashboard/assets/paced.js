/**
 * Limits how often `act` is called: once, `everyMs` after the first of several requests.
 * @param {() => void} act
 * @param {number} everyMs
 */
export function paced(act, everyMs) {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    setTimeout(() => {
      waiting = false;
      act();
    }, everyMs);
  };
}
