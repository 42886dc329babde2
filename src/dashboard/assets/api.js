import { make } from './dom.js';
import { released } from './held.js';

/** Requests to the daemon. If it needs a token, the page asks for it once and keeps it for this tab. */
const KEY = 'nightshift-token';

/** @returns {Record<string, string>} */
export function headers() {
  const token = sessionStorage.getItem(KEY);
  return token === null ? {} : { authorization: `Bearer ${token}` };
}

/**
 * What the daemon answers, once nobody holds anything of the page: whoever asks draws it at once.
 * @template T
 * @param {string} path
 * @param {AbortSignal} [signal]
 * @returns {Promise<T>}
 */
export async function get(path, signal) {
  /** @type {T} */
  const answer = await getWhileHeld(path, signal);
  await released();
  signal?.throwIfAborted();
  return answer;
}

/**
 * What the daemon answers, for who draws it where nothing is held: typed by who asks, who knows the address.
 * @template T
 * @param {string} path
 * @param {AbortSignal} [signal]
 * @returns {Promise<T>}
 */
export async function getWhileHeld(path, signal) {
  return answered(await fetch(path, { headers: headers(), ...(signal && { signal }) }), () =>
    getWhileHeld(path, signal),
  );
}

/**
 * @param {string} path
 * @returns {Promise<unknown>}
 */
export async function post(path) {
  return answered(await fetch(path, { method: 'POST', headers: headers() }), () => post(path));
}

/**
 * @template T
 * @param {Response} response
 * @param {() => Promise<T>} again
 * @returns {Promise<T>}
 */
async function answered(response, again) {
  if (response.status === 401) {
    await askForToken();
    return again();
  }
  const body = await response.json();
  if (!response.ok) throw new Error(body.error?.message ?? `the daemon answered ${response.status}`);
  return body;
}

/** @type {Promise<void> | undefined} */
let asking;

/** Asks for the token in one dialog, however many requests were refused. */
export function askForToken() {
  asking ??= new Promise((/** @type {() => void} */ resolve) => {
    const input = make('input', { type: 'password', autocomplete: 'off', required: true });
    const dialog = make(
      'dialog',
      { 'aria-label': 'Token' },
      make(
        'form',
        { method: 'dialog' },
        make('label', {}, 'The daemon’s token (NIGHTSHIFT_TOKEN) ', input),
        ' ',
        make('button', {}, 'Use it'),
      ),
    );
    dialog.addEventListener('close', () => {
      sessionStorage.setItem(KEY, input.value);
      dialog.remove();
      asking = undefined;
      resolve();
    });
    document.body.append(dialog);
    dialog.showModal();
  });
  return asking;
}
