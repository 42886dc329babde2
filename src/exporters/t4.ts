import type { Result } from '../../store/trial.ts';
import { ownRecord } from '../importers/own-record.ts';
import { prettyJson } from '../languages/json.ts';
import type { Exporter, TunedShape, TunedTarget } from './_base.ts';
import { studyFile } from './study-file.ts';

/**
 * The auto-tuning community's results format, T4 1.0.0: one file a study with every settled trial in
 * order, then every configuration that its comparisons timed, with the origin 'comparison'. Unit and
 * device are in `metadata`, as in the proposal 1.1.0.
 */
export const t4: Exporter = Object.freeze<Exporter>({
  name: 't4',
  summary: "T4 1.0.0, the auto-tuning community's results format: one file for each study",
  async export(tuned) {
    const files = [];
    for (const shape of tuned.kernels.flatMap((kernel) => kernel.shapes)) {
      const document = await documentOf(shape, tuned);
      files.push({
        name: studyFile(shape, tuned.target, 't4'),
        text: prettyJson(document),
      });
    }
    return { files, notes: [] };
  },
});

async function documentOf(shape: TunedShape, { target }: TunedTarget): Promise<unknown> {
  const { kernel, study } = shape;
  const results: unknown[] = [];
  for await (const trial of shape.trials()) results.push(resultOf(trial));
  for (const trial of await shape.compared()) results.push(resultOf(trial));
  return {
    schema_version: '1.0.0',
    metadata: {
      device: target.name,
      autotuner: 'nightshift',
      autotuner_version: study.toolVersion,
      timeunit: 'microseconds',
    },
    nightshift: ownRecord(kernel, target, study),
    results,
  };
}

function resultOf(trial: Result): unknown {
  const { configuration, subset, origin, prediction } = trial;
  const own = { subset, origin, ...(prediction && { prediction }) };
  if (trial.state === 'timed') {
    const { timeUs, samplesUs, phases } = trial;
    return {
      configuration,
      objectives: ['time'],
      times: { runtimes: samplesUs },
      invalidity: 'correct',
      correctness: 1,
      measurements: [{ name: 'time', value: timeUs, unit: 'microseconds' }],
      nightshift: { ...own, ...(phases && { phases }) },
    };
  }
  return {
    configuration,
    objectives: ['time'],
    times: { runtimes: [] },
    // The format has no value for a trial that other work on the machine disturbed.
    invalidity: trial.reason === 'disturbed' ? 'runtime' : trial.reason,
    correctness: 0,
    measurements: [],
    nightshift: { ...own, message: trial.message },
  };
}
