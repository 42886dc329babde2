import { get, getWhileHeld } from '../api.js';
import { make, messageOf, table } from '../dom.js';
import { count, decimals, time, unitFor } from '../numbers.js';

/** @import { None, WhatIfPage } from '../../served/data.js' */

/** How long sliders must rest before the machine that they show is simulated, in milliseconds. */
const QUIET_MS = 200;
/** And how much longer before the whole space is searched for where the winner changes. */
const REST_MS = 500;
/** Positions of a slider, which moves by factors. */
const STEPS = 120;
/** Candidates in the table. */
const SHOWN = 5;

/** @typedef {WhatIfPage['figures'][number]} Figure */

/**
 * Sliders for the machine's figures: the fastest trials and the rungs are simulated anew once they rest. Where one alone is
 * moved, the values at which another configuration wins are searched. Nothing for a study that is not simulated.
 * @param {string} id
 * @param {AbortSignal} signal
 * @param {Map<string, number>} values what is moved
 */
export async function whatIfSection(id, signal, values) {
  const path = `/dashboard/data/what-if/${encodeURIComponent(id)}`;
  /** @type {WhatIfPage | None} */
  const first = await get(path, signal);
  if ('isNone' in first) return [];
  const [shown, flips] = [make('div', { 'aria-live': 'polite' }), make('p', { role: 'status' })];
  const moved = asker(path, values, shown, flips, signal);
  const sliders = first.figures.map((figure) => slider(figure, values, moved));
  const reset = () => {
    for (const each of sliders) each.reset();
    moved();
  };
  shown.replaceChildren(...outcomeOf(first));
  if (values.size > 0) moved();
  const how =
    'Simulated: what was compared, the fifty fastest trials and the ladder, once the sliders rest. Where one alone is moved: from which value on another configuration wins.';
  return [
    make(
      'section',
      {},
      make('h2', {}, 'What if the machine were another one'),
      make('p', { class: 'soft' }, how),
      make(
        'div',
        { class: 'sliders' },
        sliders.map(({ box }) => box),
      ),
      make('p', {}, make('button', { type: 'button', onclick: reset }, 'as it is')),
      flips,
      shown,
    ),
  ];
}

/**
 * Asks what the moved figures change once they rest for a moment, and shows the answer; where they stay, also where the
 * winner flips, which takes longer. Each move gives up what was asked before it.
 * @param {string} path
 * @param {ReadonlyMap<string, number>} values
 * @param {HTMLElement} shown
 * @param {HTMLElement} flips
 * @param {AbortSignal} signal
 */
function asker(path, values, shown, flips, signal) {
  let asking = new AbortController();
  let last = '';
  /** @type {(changes: string, wantsFlips: boolean, ends: AbortSignal) => Promise<WhatIfPage>} */
  const ask = (changes, wantsFlips, ends) =>
    getWhileHeld(`${path}?changes=${encodeURIComponent(changes)}&flips=${wantsFlips}`, ends);
  /** @type {(changes: string, ends: AbortSignal) => Promise<void>} */
  const answer = async (changes, ends) => {
    await rest(QUIET_MS, ends);
    shown.replaceChildren(...outcomeOf(await ask(changes, false, ends)));
    shown.classList.remove('stale');
    flips.textContent = '';
    if (values.size !== 1) return;
    await rest(REST_MS, ends);
    flips.textContent = 'Searching for the value at which the winner changes…';
    flips.textContent = (await ask(changes, true, ends)).flips?.join(' ') ?? '';
  };
  return () => {
    const changes = [...values].map(([name, value]) => `${name}=${value}`).join(',');
    if (changes === last) return;
    last = changes;
    asking.abort();
    asking = new AbortController();
    const ends = AbortSignal.any([signal, asking.signal]);
    shown.classList.add('stale');
    flips.textContent = 'What stands below is of the machine before this move…';
    answer(changes, ends).catch((error) => {
      if (!ends.aborted) flips.textContent = messageOf(error);
    });
  };
}

/**
 * Waits; throws once `ends` aborts.
 * @param {number} forMs
 * @param {AbortSignal} ends
 * @returns {Promise<void>}
 */
function rest(forMs, ends) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, forMs);
    const giveUp = () => {
      clearTimeout(timer);
      reject(ends.reason);
    };
    if (ends.aborted) giveUp();
    ends.addEventListener('abort', giveUp, { once: true });
  });
}

/**
 * @param {Figure} figure
 * @param {Map<string, number>} values what is moved
 * @param {() => void} moved
 */
function slider({ name, words, today, low, high, isWhole }, values, moved) {
  const at = (/** @type {number} */ value) => (Math.log(value / low) / Math.log(high / low)) * STEPS;
  const now = Math.round(at(today));
  const begun = Math.round(at(values.get(name) ?? today));
  const input = make('input', { type: 'range', min: 0, max: STEPS, value: begun, 'aria-label': words });
  const text = isWhole ? count : decimals;
  const said = make('output', {});
  const shownValue = () => {
    const step = Number(input.value);
    if (step === now) return today;
    const value = low * (high / low) ** (step / STEPS);
    return isWhole ? Math.round(value) : Number(value.toPrecision(4));
  };
  const show = () => {
    const value = shownValue();
    if (value === today) values.delete(name);
    else values.set(name, value);
    said.textContent = value === today ? `${text(today)} as it is` : `${text(value)}, not ${text(today)}`;
    input.setAttribute('aria-valuetext', said.textContent);
  };
  input.addEventListener('input', () => {
    show();
    moved();
  });
  show();
  const reset = () => {
    input.value = String(now);
    show();
  };
  return { box: make('label', {}, make('span', {}, words), input, said), reset };
}

/** @param {WhatIfPage} found */
function outcomeOf({ candidates, rungs }) {
  const shown = candidates.slice(0, SHOWN);
  const unit = unitFor([...shown, ...rungs].flatMap(({ todayUs, movedUs }) => [todayUs, movedUs]));
  /** @param {Readonly<{ todayUs: number, movedUs: number | null }>} times */
  const cells = ({ todayUs, movedUs }) => [
    time(todayUs, unit),
    movedUs === null ? 'not possible' : time(movedUs, unit),
    movedUs === null ? '' : `${decimals(todayUs / movedUs)}×`,
  ];
  const columns = ['today', 'there', 'as fast'].map((title) => ({ title, number: true }));
  const rows = shown.map((each) => [each.words === 'nothing' ? 'used today' : each.words, ...cells(each)]);
  const caption = 'The fastest there, by what differs from what is used today';
  const steps = rungs.map((each) => [each.rung, ...cells(each)]);
  return [
    make('p', {}, winnerSentence(candidates, unit)),
    make(
      'div',
      { class: 'cards' },
      table(caption, [{ title: 'configuration' }, ...columns], rows),
      steps.length === 0 ? null : table('The ladder there', [{ title: 'rung' }, ...columns], steps),
    ),
  ];
}

/**
 * @param {WhatIfPage['candidates']} candidates
 * @param {import('../numbers.js').Unit} unit
 */
function winnerSentence(candidates, unit) {
  const [winner] = candidates;
  if (winner === undefined || winner.movedUs === null) return 'None of them is possible there.';
  const today = candidates.find(({ words }) => words === 'nothing');
  if (winner === today) return `The fastest is what is used today: ${time(winner.movedUs, unit)}.`;
  const kept =
    today === undefined || today.movedUs === null
      ? 'is not possible there'
      : `would take ${time(today.movedUs, unit)}`;
  return `The fastest is with ${winner.words}: ${time(winner.movedUs, unit)}; what is used today ${kept}.`;
}
