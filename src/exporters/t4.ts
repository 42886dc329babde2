import type { Metrics, Result } from '../../store/trial.ts';
import { TIME } from '../../tuner/objectives/metrics.ts';
import { readObjective } from '../../tuner/objectives/objective.ts';
import { ownRecord } from '../importers/own-record.ts';
import { prettyJson } from '../languages/json.ts';
import type { Exporter, TunedStudy } from './_base.ts';
import { studyFile } from './study-file.ts';

/**
 * The auto-tuning community's results format, T4 1.0.0: a file for every study, whether it has the best
 * result or not, with its settled trials in
 * order, then every configuration that its comparisons timed, with the origin 'comparison'. Unit and device
 * are in `metadata`, as in the proposal 1.1.0. T4 has no value for a disturbed trial: these are left out, and
 * a note counts them.
 */
export const t4: Exporter = Object.freeze<Exporter>({
  name: 't4',
  writes: 'studies',
  summary: "T4 1.0.0, the auto-tuning community's results format: one file for each study",
  async export(tuned) {
    const files = [];
    const notes = [];
    for (const study of tuned.studies) {
      const { document, disturbed } = await documentOf(study);
      const name = studyFile(study, 't4');
      files.push({ name, text: prettyJson(document) });
      if (disturbed > 0)
        notes.push(`${name}: left out ${disturbed} of its trials, which the machine was too busy to time`);
    }
    return { files, notes };
  },
});

async function documentOf(tuned: TunedStudy): Promise<Readonly<{ document: unknown; disturbed: number }>> {
  const { kernel, target, study } = tuned;
  const results: unknown[] = [];
  let disturbed = 0;
  const objectives = readObjective(study.objective).names;
  for await (const trial of tuned.trials()) {
    if (isDisturbed(trial)) disturbed += 1;
    else results.push(resultOf(trial, objectives));
  }
  for (const trial of await tuned.compared()) results.push(resultOf(trial, objectives));
  const metadata = {
    device: target.name,
    autotuner: 'nightshift',
    autotuner_version: study.toolVersion,
    timeunit: 'microseconds',
  };
  const own = ownRecord(kernel, target, study);
  return { document: { schema_version: '1.0.0', metadata, nightshift: own, results }, disturbed };
}

function isDisturbed(trial: Result): boolean {
  return trial.state === 'invalid' && trial.reason === 'disturbed';
}

function resultOf(trial: Result, objectives: readonly string[]): unknown {
  const { configuration, subset, origin, prediction } = trial;
  const own = { subset, origin, ...(prediction && { prediction }) };
  if (trial.state === 'timed') {
    const { timeUs, samplesUs, phases } = trial;
    return {
      configuration,
      objectives,
      times: { runtimes: samplesUs },
      invalidity: 'correct',
      correctness: 1,
      measurements: [{ name: 'time', value: timeUs, unit: 'microseconds' }, ...measurementsOf(trial.metrics)],
      nightshift: { ...own, ...(phases && { phases }) },
    };
  }
  return {
    configuration,
    objectives,
    times: { runtimes: [] },
    invalidity: trial.reason,
    correctness: 0,
    measurements: measurementsOf(trial.metrics),
    nightshift: { ...own, message: trial.message },
  };
}

/** A metric's unit is in its name, if anywhere; the time of a trial over a limit is in microseconds. */
function measurementsOf(metrics: Metrics = {}): readonly unknown[] {
  return Object.entries(metrics).map(([name, value]) => ({
    name,
    value,
    unit: name === TIME ? 'microseconds' : '',
  }));
}
