import { get } from './api.js';

/** @import { NewTrials, PageEvent, StudyData, StudyFacts } from '../served/data.js' */

/** After so many trials more than at first, the page is read anew: it need not keep all that it has seen. */
const MOST_KEPT = 6000;

/**
 * What a study's page shows. Of a study at work it fetches only the trials that it lacks; the findings and figures only
 * once a visit, a comparison or a verification may have changed them.
 * @param {string} id
 * @param {AbortSignal} signal
 */
export function studyData(id, signal) {
  const path = `/dashboard/data/studies/${encodeURIComponent(id)}`;
  /** @type {StudyData | undefined} */
  let data;
  const whole = async () => {
    /** @type {readonly [StudyFacts, NewTrials]} */
    const [facts, found] = await Promise.all([get(path, signal), get(`${path}/trials`, signal)]);
    data = { ...found, ...facts, settled: found.settled };
    return data;
  };
  const more = async () => {
    if (data === undefined || data.trials.length > MOST_KEPT) return whole();
    const { trials: known } = data;
    const from = (known.at(-1)?.number ?? -1) + 1;
    /** @type {NewTrials} */
    const { trials, ...rest } = await get(`${path}/trials?from=${from}`, signal);
    if (rest.isCut) return whole();
    data = { ...data, ...rest, isCut: data.isCut, trials: [...known, ...trials] };
    return data;
  };
  return { whole, more };
}

/**
 * Whether an event says no more than that there are trials.
 * @param {PageEvent} event
 */
export function isOfTrials({ kind }) {
  return kind === 'progress' || kind === 'improved';
}
