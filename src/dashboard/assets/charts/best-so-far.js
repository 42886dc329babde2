import { count, time, unitFor } from '../numbers.js';
import { planeChart } from './plane.js';
import { timeAxis } from './scale.js';

/** @import { Unit } from '../numbers.js' */
/** @import { StudyData } from '../../served/data.js' */
/** @import { Mark, Plane } from './plane-drawing.js' */

/**
 * Every trial's time as it was screened, the best so far, and beside them what the final comparison says: those are other
 * timings, so they have a column of their own.
 * @param {StudyData} page
 * @returns {Plane}
 */
function planeOf(page) {
  const { trials, curve, findings } = page;
  const timed = trials.flatMap(({ number, timeUs }) => (timeUs === null ? [] : [{ number, timeUs }]));
  const last = curve.improvements.at(-1);
  const compared = [findings?.default, findings?.best, findings?.winner].map((each) => each?.timeUs);
  const unit = unitFor([...timed.map(({ timeUs }) => timeUs), ...compared]);
  const end =
    last === undefined
      ? ''
      : `; the fastest of the search took ${time(last.timeUs, unit)} at trial ${count(last.trials)}`;
  return {
    label: `Times of ${count(curve.trials)} trials as they were screened${end}${comparedWords(page, unit)}`,
    x: { title: 'trials', kind: 'linear', text: (value) => (Number.isInteger(value) ? count(value) : '') },
    y: timeAxis('time (log), as screened', unit),
    marks: [
      {
        kind: 'dots',
        name: 'a trial',
        tone: '--faint',
        points: timed.map(({ number, timeUs }) => ({
          x: number + 1,
          y: timeUs,
          text: `trial ${count(number + 1)}: ${time(timeUs, unit)}`,
        })),
      },
      staircase('best so far', '--accent', curve, unit),
      ...spots(page, unit),
    ],
    ...(findings === null ? {} : { aside: asideOf(findings, unit) }),
  };
}

/**
 * @param {string} name
 * @param {string} tone
 * @param {StudyData['curve']} curve
 * @param {Unit} unit
 * @returns {Mark}
 */
export function staircase(name, tone, { trials, improvements }, unit) {
  const points = improvements.map((each) => ({
    x: each.trials,
    y: each.timeUs,
    text: `${name}: ${time(each.timeUs, unit)} from trial ${count(each.trials)} on`,
  }));
  return { kind: 'steps', name, tone, points, to: Math.max(trials, 1) };
}

/**
 * The trials of the default and of what to use, where they were trials.
 * @param {StudyData} page
 * @param {Unit} unit
 * @returns {readonly Mark[]}
 */
function spots({ parameters, trials, findings }, unit) {
  const wanted = [
    { name: 'default', tone: '--soft', timed: findings?.default },
    { name: 'use', tone: '--good', timed: findings?.best },
  ];
  return wanted.flatMap(({ name, tone, timed }) => {
    if (timed === null || timed === undefined) return [];
    const digits = parameters.map(({ name: parameter, values }) =>
      values.indexOf(timed.configuration[parameter]),
    );
    const trial = trials.find(
      (each) => each.timeUs !== null && each.digits.every((digit, place) => digit === digits[place]),
    );
    if (trial === undefined || trial.timeUs === null) return [];
    const point = {
      x: trial.number + 1,
      y: trial.timeUs,
      text: `${name}, trial ${count(trial.number + 1)}: ${time(trial.timeUs, unit)} as screened`,
    };
    return [{ kind: /** @type {const} */ ('spot'), name, tone, point }];
  });
}

/**
 * @param {NonNullable<StudyData['findings']>} findings
 * @param {Unit} unit
 */
function asideOf({ default: usual, winner, best }, unit) {
  const isSame = JSON.stringify(best?.configuration) === JSON.stringify(winner?.configuration);
  const all = [
    { name: 'default', tone: '--soft', timed: usual },
    { name: 'use', tone: '--good', timed: best },
    { name: 'fastest', tone: '--accent', timed: isSame ? null : winner },
  ];
  const values = all.flatMap(({ name, tone, timed }) =>
    timed === null ? [] : [{ name: `${name} ${time(timed.timeUs, unit)}`, tone, y: timed.timeUs }],
  );
  return { title: 'as compared at the end', values };
}

/**
 * @param {StudyData} page
 * @param {Unit} unit
 */
function comparedWords({ findings }, unit) {
  if (findings === null || findings.best === null) return '';
  const before = findings.default === null ? '' : `, the default ${time(findings.default.timeUs, unit)}`;
  return `. In the final comparison what to use takes ${time(findings.best.timeUs, unit)}${before}`;
}

/** @param {StudyData} page */
export function bestSoFarChart(page) {
  const { box, update } = planeChart(planeOf(page));
  return { box, update: (/** @type {StudyData} */ now) => update(planeOf(now)) };
}
