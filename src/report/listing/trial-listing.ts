import type { Configuration } from '../../../search-space/parameter.ts';
import type { Trial } from '../../../store/trial.ts';
import type { ComparedTrial } from '../../answers/compared-trials.ts';
import { formatDecimals } from '../../text/number-text.ts';
import { configurationText } from '../words/configuration.ts';
import { formatMetric } from '../words/numbers.ts';
import { type Column, columnKey, type OpenListing } from './listing.ts';

/** A trial of a study, or a configuration that a comparison of it timed. */
export type StudyTrial = Readonly<{
  studyId: string;
  trial: Trial | ComparedTrial;
  /** Whether the study's space has mechanisms, so that "scalar" means something. */
  hasMechanisms: boolean;
}>;

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
    text: ({ trial }) => (trial.state === 'timed' ? formatDecimals(trial.timeUs) : '–'),
    raw: ({ trial }) => (trial.state === 'timed' ? String(trial.timeUs) : ''),
  },
  {
    title: 'for',
    key: 'subset',
    text: ({ trial, hasMechanisms }) => (hasMechanisms ? trial.subset : '–'),
    raw: ({ trial }) => trial.subset,
  },
  { title: 'origin', text: ({ trial }) => trial.origin },
  {
    title: 'samples',
    key: 'samples_us',
    only: 'programs',
    text: ({ trial }) => (trial.state === 'timed' ? trial.samplesUs.join(' ') : ''),
  },
  { title: 'at', only: 'programs', text: ({ trial }) => timeOf(trial) },
  {
    title: 'why',
    yields: 'text',
    text: ({ trial }) => (trial.state === 'invalid' ? `${trial.reason}: ${trial.message}` : ''),
  },
]);

/**
 * The trials of studies: a table with a column for each metric, for programs also one for each parameter. For people, `rows`
 * are told apart by the parameters in which they differ; what all have is one column, which stands above the table.
 */
export function trialListing(
  parameters: readonly string[],
  metrics: readonly string[],
  rows: readonly StudyTrial[] = [],
): OpenListing<StudyTrial> {
  const taken = new Set([...FIXED.map(columnKey), ...parameters]);
  const behind = FIXED.findIndex(({ key }) => key === 'time_us') + 1;
  return {
    name: 'trials',
    columns: [
      ...FIXED.slice(0, behind),
      ...metrics.map((name) => metricColumn(name, taken)),
      ...FIXED.slice(behind, -1),
      ...configurationColumns(rows),
      ...FIXED.slice(-1),
      ...parameters.map(parameterColumn),
    ],
    document: documentOf,
    whenEmpty: 'No such trials.',
  };
}

function configurationColumns(rows: readonly StudyTrial[]): readonly Column<StudyTrial>[] {
  const [first, ...others] = rows.map(({ trial }) => trial.configuration);
  const isCommon = (name: string): boolean =>
    others.length > 0 && others.every((other) => other[name] === first[name]);
  const common = new Set(Object.keys(first ?? {}).filter(isCommon));
  const textOf = (configuration: Configuration, isShown: (name: string) => boolean): string =>
    configurationText(Object.fromEntries(Object.entries(configuration).filter(([name]) => isShown(name))));
  return [
    {
      title: 'configuration',
      yields: 'words',
      only: 'people',
      text: ({ trial }) => textOf(trial.configuration, (name) => !common.has(name)),
    },
    {
      title: 'with',
      yields: 'words',
      only: 'people',
      text: ({ trial }) => textOf(trial.configuration, (name) => common.has(name)),
    },
  ];
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

/** Called as the metric; one that is called like another column gets a prefix in files. */
function metricColumn(name: string, taken: ReadonlySet<string>): Column<StudyTrial> {
  const value = ({ trial }: StudyTrial): number | undefined =>
    'metrics' in trial && trial.metrics !== undefined && Object.hasOwn(trial.metrics, name)
      ? trial.metrics[name]
      : undefined;
  return {
    title: name,
    key: taken.has(name) ? `metric_${name}` : name,
    align: 'right',
    text: (row) => formatMetric(value(row)),
    raw: (row) => String(value(row) ?? ''),
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
    ...('metrics' in trial && { metrics: trial.metrics }),
  };
}

/** When it was settled, begun or compared: ISO 8601, UTC. */
function timeOf(trial: StudyTrial['trial']): string {
  if ('settledAt' in trial) return new Date(trial.settledAt).toISOString();
  return new Date('startedAt' in trial ? trial.startedAt : trial.comparedAt).toISOString();
}
