import { expect, it } from 'vitest';
import type { TimedTrial } from '../../../store/trial.ts';
import { plain } from '../terminal/paint.ts';
import { formatListing } from './listing.ts';
import { trialListing } from './trial-listing.ts';

const trial: TimedTrial = {
  configuration: { state: 'a,b', tile: 64, fast: true },
  subset: 'whole',
  origin: 'random',
  state: 'timed',
  timeUs: 2,
  samplesUs: [2, 1.5, 3],
  number: 0,
  settledAt: Date.UTC(2026, 0, 2, 3, 4, 5),
};
const rows = [{ studyId: '1a2b', trial, hasMechanisms: true }];
const room = { paint: plain, room: Number.POSITIVE_INFINITY };

it('has a column for each parameter in CSV, none twice, and a blank for what a study lacks', () => {
  const listing = { ...trialListing(['state', 'tile', 'fast', 'other'], []), rows };
  expect(formatListing(listing, 'csv', room)).toBe(
    'study,number,state,time_us,subset,origin,samples_us,at,why,parameter_state,tile,fast,other\n' +
      '1a2b,0,timed,2,whole,random,2 1.5 3,2026-01-02T03:04:05.000Z,,"a,b",64,true,\n',
  );
});

it('has one column for all parameters in a table', () => {
  const table = formatListing({ ...trialListing([], [], rows), rows }, 'table', room);
  expect(table).toContain('state=a,b tile=64 fast=true');
  expect(table).not.toContain('samples');
});

it('has a column for each metric, a blank where one was not measured', () => {
  const more = [...rows, { ...rows[0], trial: { ...trial, metrics: { energyJ: 0.5, tile: 1048576 } } }];
  const listing = { ...trialListing(['tile'], ['energyJ', 'tile', 'constructor']), rows: more };
  const lines = formatListing(listing, 'csv', room).split('\n');
  expect(lines[0]).toContain('time_us,energyJ,metric_tile,constructor,subset');
  expect(lines[1]).toContain('timed,2,,,,whole');
  expect(lines[2]).toContain('timed,2,0.5,1048576,,whole');
  expect(formatListing(listing, 'table', room)).toMatch(/0\.50 +1,048,576$/m);
});
