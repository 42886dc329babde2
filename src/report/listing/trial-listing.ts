import type { Trial } from '../../../store/trial.ts';
import type { ComparedTrial } from '../../answers/compared-trials.ts';
import { configurationText } from '../words/configuration.ts';
import { formatMicroseconds } from '../words/numbers.ts';
import { type Column, columnKey, type OpenListing } from './listing.ts';

/** A trial of a study, or a configuration that a comparison of it timed. */
export type StudyTrial = Readonly<{ studyId: string; trial: Trial | ComparedTrial }>;

const FIXED: readonly Column<StudyTrial>[] = Object.freeze<Column<StudyTrial>[]>([
  { title: 'study', text: ({ studyId }) => studyId },
  {
    title: 'number',
    align: 'right',
    text: ({ trial }) => ('number' in trial ? String(trial.number) : ''),
  },
  { title: 'state', text: ({ trial }) => trial.state },
  {
    title: 'µs',
    key: 'time_us',
    align: 'right',
    text: ({ trial }) => (trial.state === 'timed' ? formatMicroseconds(trial.timeUs) : '–'),
    raw: ({ trial }) => (trial.state === 'timed' ? String(trial.timeUs) : ''),
  },
  { title: 'for', key: 'subset', text: ({ trial }) => trial.subset },
  { title: 'origin', text: ({ trial }) => trial.origin },
  {
    title: 'samples',
    key: 'samples_us',
    only: 'programs',
    text: ({ trial }) => (trial.state === 'timed' ? trial.samplesUs.join(' ') : ''),
  },
  { title: 'at', only: 'programs', text: ({ trial }) => timeOf(trial) },
  {
    title: 'configuration',
    yields: true,
    only: 'people',
    text: ({ trial }) => configurationText(trial.configuration),
  },
  {
    title: 'why',
    yields: true,
    text: ({ trial }) => (trial.state === 'invalid' ? `${trial.reason}: ${trial.message}` : ''),
  },
]);

/** The trials of studies: a table for people, and for programs a column for each of these parameters. */
export function trialListing(parameters: readonly string[]): OpenListing<StudyTrial> {
  return {
    name: 'trials',
    columns: [...FIXED, ...parameters.map(parameterColumn)],
    document: documentOf,
    whenEmpty: 'No such trials.',
  };
}

const TAKEN: ReadonlySet<string> = new Set(FIXED.map(columnKey));

/** Called as the parameter; one that is called like another column gets a prefix. */
function parameterColumn(name: string): Column<StudyTrial> {
  return {
    title: TAKEN.has(name) ? `parameter_${name}` : name,
    only: 'programs',
    text: ({ trial: { configuration } }) =>
      Object.hasOwn(configuration, name) ? String(configuration[name]) : '',
  };
}

function documentOf({ studyId, trial }: StudyTrial): unknown {
  return {
    study: studyId,
    ...('number' in trial && { number: trial.number }),
    state: trial.state,
    configuration: trial.configuration,
    subset: trial.subset,
    origin: trial.origin,
    at: timeOf(trial),
    ...(trial.state === 'timed' && { timeUs: trial.timeUs, samplesUs: trial.samplesUs }),
    ...(trial.state === 'invalid' && { reason: trial.reason, message: trial.message }),
  };
}

/** When it was settled, begun or compared: ISO 8601, UTC. */
function timeOf(trial: StudyTrial['trial']): string {
  if ('settledAt' in trial) return new Date(trial.settledAt).toISOString();
  return new Date('startedAt' in trial ? trial.startedAt : trial.comparedAt).toISOString();
}
