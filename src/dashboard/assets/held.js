/** A tap clicks only after its finger is up; it too must meet what the finger touched. In milliseconds. */
const CLICK_MS = 100;

let isHeld = false;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let ending;
/** @type {(() => void)[]} */
const waiting = [];

/**
 * Resolves while nobody holds anything of the page: at once, or once the finger or the mouse's button is up. What is drawn
 * anew before would take from under the finger what it drags, scrolls or presses.
 * @returns {Promise<void>}
 */
export function released() {
  return isHeld ? new Promise((resolve) => void waiting.push(resolve)) : Promise.resolve();
}

function hold() {
  clearTimeout(ending);
  ending = undefined;
  isHeld = true;
}

function letGo() {
  if (!isHeld) return;
  ending ??= setTimeout(() => {
    [isHeld, ending] = [false, undefined];
    for (const resolve of waiting.splice(0)) resolve();
  }, CLICK_MS);
}

/** @param {Event} event */
function lift(event) {
  if (event instanceof TouchEvent && event.touches.length === 0) letGo();
}

/** @param {Event} event */
function press(event) {
  if (!(event instanceof PointerEvent) || event.pointerType === 'touch') return;
  if (event.type === 'pointerdown' && event.button === 0) hold();
  // Over a menu or another window a button goes up without a word of it: then the next move tells.
  else if (event.buttons === 0) letGo();
}

const early = { capture: true, passive: true };
for (const kind of ['pointerdown', 'pointermove', 'pointerup', 'pointercancel'])
  addEventListener(kind, press, early);
// Fingers by themselves: one that scrolls has no pointer any more, but is still down.
addEventListener(
  'touchstart',
  ({ target }) => {
    hold();
    // Its end is told to what it touched, also where that has left the page meanwhile.
    for (const kind of ['touchend', 'touchcancel']) target?.addEventListener(kind, lift, early);
  },
  early,
);
addEventListener('blur', letGo);
