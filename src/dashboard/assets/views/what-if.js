import { get } from '../api.js';
import { make, messageOf, table } from '../dom.js';
import { count, decimals, time, unitFor } from '../numbers.js';
import { paced } from '../paced.js';

/** @import { None, WhatIfPage } from '../../served/data.js' */

/** The least time between two questions while a slider moves, in milliseconds. */
const PACE_MS = 150;
/** Positions of a slider, which moves by factors. */
const STEPS = 120;
/** Candidates in the table. */
const SHOWN = 5;

/** @typedef {WhatIfPage['figures'][number]} Figure */

/**
 * Sliders for the machine's figures: the fastest trials and the rungs are simulated anew as they move. When one is let
 * go, the values at which another configuration wins are searched. Nothing for a study that is not simulated.
 * @param {string} id
 * @param {AbortSignal} signal
 */
export async function whatIfSection(id, signal) {
  const path = `/dashboard/data/what-if/${encodeURIComponent(id)}`;
  /** @type {WhatIfPage | None} */
  const first = await get(path, signal);
  if ('isNone' in first) return [];
  const [shown, flips] = [make('div', { 'aria-live': 'polite' }), make('p', { role: 'status' })];
  /** @type {Map<string, number>} */
  const values = new Map();
  const ask = asker(path, values, shown, flips, signal);
  const moving = paced(() => ask(false), PACE_MS);
  const sliders = first.figures.map((figure) => slider(figure, values, moving, () => void ask(true)));
  const reset = () => {
    for (const each of sliders) each.reset();
    void ask(true);
  };
  shown.replaceChildren(...outcomeOf(first));
  const how =
    'Simulated: what was compared, the fifty fastest trials and the ladder, as the sliders move. Let one go: from which value on another configuration wins.';
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
 * Asks what the moved figures change, and shows the answer; once they are let go, also where the winner flips.
 * @param {string} path
 * @param {ReadonlyMap<string, number>} values
 * @param {HTMLElement} shown
 * @param {HTMLElement} flips
 * @param {AbortSignal} signal
 */
function asker(path, values, shown, flips, signal) {
  /** Later answers may come before earlier ones. */
  let asked = 0;
  let last = '';
  /** @param {boolean} isLetGo */
  return async (isLetGo) => {
    const changes = [...values].map(([name, value]) => `${name}=${value}`);
    // Let go already, and asked more of.
    if (!isLetGo && changes.join() === last) return;
    last = changes.join();
    const number = ++asked;
    const wantsFlips = isLetGo && changes.length === 1;
    flips.textContent = wantsFlips ? 'Searching for the value at which the winner changes…' : '';
    const query = `changes=${encodeURIComponent(changes.join(','))}&flips=${wantsFlips}`;
    try {
      /** @type {WhatIfPage} */
      const found = await get(`${path}?${query}`, signal);
      if (number !== asked) return;
      shown.replaceChildren(...outcomeOf(found));
      flips.textContent = found.flips?.join(' ') ?? '';
    } catch (error) {
      if (!signal.aborted && number === asked) flips.textContent = messageOf(error);
    }
  };
}

/**
 * @param {Figure} figure
 * @param {Map<string, number>} values what is moved
 * @param {() => void} moving
 * @param {() => void} letGo
 */
function slider({ name, words, today, low, high, isWhole }, values, moving, letGo) {
  const at = (/** @type {number} */ value) => (Math.log(value / low) / Math.log(high / low)) * STEPS;
  const now = Math.round(at(today));
  const input = make('input', { type: 'range', min: 0, max: STEPS, value: now, 'aria-label': words });
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
    moving();
  });
  input.addEventListener('change', letGo);
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
    make('p', {}, winnerSentence(candidates)),
    make(
      'div',
      { class: 'cards' },
      table(caption, [{ title: 'configuration' }, ...columns], rows),
      steps.length === 0 ? null : table('The ladder there', [{ title: 'rung' }, ...columns], steps),
    ),
  ];
}

/** @param {WhatIfPage['candidates']} candidates */
function winnerSentence(candidates) {
  const [winner] = candidates;
  if (winner === undefined || winner.movedUs === null) return 'None of them is possible there.';
  const today = candidates.find(({ words }) => words === 'nothing');
  if (winner === today) return `The fastest is what is used today: ${time(winner.movedUs)}.`;
  const kept =
    today === undefined || today.movedUs === null
      ? 'is not possible there'
      : `would take ${time(today.movedUs)}`;
  return `The fastest is with ${winner.words}: ${time(winner.movedUs)}; what is used today ${kept}.`;
}
