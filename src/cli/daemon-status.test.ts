import { expect, it } from 'vitest';
import { formatListing } from '../report/listing/listing.ts';
import { plain } from '../report/terminal/paint.ts';
import { type StatusRow, statusListing, statusOf } from './daemon-status.ts';

const ROW: StatusRow = {
  ...{ id: 'a', kernel: 'gelu', shape: '64', dtype: 'f32', target: 't', restrictedTo: '', state: 'open' },
  from: 'simulator',
  ...{
    trials: 0,
    fastestUs: null,
    comparedUs: null,
    best: { unknown: 'not tried', why: 'no trial' },
    progress: null,
    plan: null,
    planName: null,
    stateInPlan: 'waiting',
  },
};

it('says of studies that a plan took up, and that wait for others, that they wait', async () => {
  const study = {
    kernel: 'gelu',
    shape: '64',
    dtype: 'f32',
    target: 't',
    from: 'simulator',
    restrictedTo: '',
    state: 'open',
  };
  const best = { unknown: 'not tried', why: 'no trial' };
  const progress = {
    trials: 0,
    of: null,
    files: null,
    leftMs: null,
    fastestUs: best,
    rounds: null,
    trouble: null,
  };
  const studies = [
    { ...progress, of: 40 },
    progress,
    null,
    { ...progress, of: 40, rounds: 2 },
    { ...progress, of: 40, files: 1240 },
    { ...progress, of: 40, leftMs: 0 },
  ].map((own, place) => ({
    ...{ ...study, id: `s${place}`, trials: 0, best, fastestUs: null, comparedUs: null, progress: own },
  }));
  const places = studies.map(({ id }) => ({ study: id, state: 'begun', stoppedBy: null }));
  const plans = [{ id: 'p', name: 'night', endedAt: null, studies: places }];
  const sums = [{ target: 't', gain: { value: 12 } }];
  const summary = { plan: 'p', name: 'night', state: 'active', activeMs: 60_000, studies: places, sums };
  const answers = new Map<string, unknown>([
    [
      '/v1/studies',
      studies.map(({ progress: own, ...each }) => ({
        ...each,
        progress: own && { ...own, trials: own.of === null ? 0 : 10 },
      })),
    ],
    ['/v1/plans/p', summary],
  ]);
  const { rows, plans: lines } = await statusOf({ get: async (path) => answers.get(path) ?? plans });
  expect(lines).toEqual([
    'Plan night (p): 0 of 6 studies ended, about 5 min left; together 12.0× on t so far',
  ]);
  const table = formatListing(statusListing(rows), 'table', { paint: plain, room: 80 });
  expect(table).toMatch(/In all: plan night .* times simulated/);
  expect(rows.map(({ stateInPlan }) => stateInPlan)).toEqual([
    'at work',
    'waiting',
    'waiting',
    'comparing',
    'compiling · 1,240 files',
    'at work',
  ]);
  const left = statusListing(rows).columns.find(({ title }) => title === 'left');
  expect(rows.map((row) => left?.text(row))).toEqual(['–', '–', '–', 'comparing', '–', 'comparing']);
});

it('names what a study seeks and its restriction, as study names do', () => {
  const asked = statusListing([]).columns.find(({ title }) => title === 'asked');
  const row = { objective: 'time,energyJ', restrictedTo: 'threads=4' };
  expect(asked?.text({ ...ROW, ...row })).toBe('for time,energyJ, only threads=4');
  expect(asked?.text(ROW)).toBe('');
});
