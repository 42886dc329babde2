import { namesIn } from '../../search-space/expression-parts.ts';
import type { Parameter, Value } from '../../search-space/parameter.ts';
import { ownRecord } from '../importers/own-record.ts';
import { prettyJson } from '../languages/json.ts';
import { pythonValue } from '../languages/python.ts';
import type { Exporter, TunedStudy } from './_base.ts';
import { constraintText } from './constraint-text.ts';
import { studyFile } from './study-file.ts';

/**
 * The auto-tuning community's input format, T1 1.0.0: one file a study. Data that the format has no
 * field for (tags, off values, target) is in the field `Nightshift`.
 */
export const t1: Exporter = Object.freeze<Exporter>({
  name: 't1',
  writes: 'studies',
  summary: "T1 1.0.0, the auto-tuning community's input format: one file for each study",
  async export(tuned) {
    const files = tuned.studies.map((study) => ({
      name: studyFile(study, 't1'),
      text: prettyJson(documentOf(study)),
    }));
    return { files, notes: [] };
  },
});

function documentOf({ kernel, target, study }: TunedStudy): unknown {
  const { parameters, constraints } = study.space;
  return {
    ConfigurationSpace: {
      TuningParameters: parameters.map((parameter) => ({
        Name: parameter.name,
        Type: typeOf(parameter),
        Values: `[${parameter.values.map(pythonValue).join(', ')}]`,
        Default: study.defaultConfiguration[parameter.name],
      })),
      Conditions: constraints.map(({ expression }) => ({
        Parameters: namesIn(expression),
        Expression: constraintText(expression),
      })),
    },
    KernelSpecification: {
      // The schema has no value for a simulator, WASM or an NPU; 'Hypertuner' means "not a GPU API".
      Language: 'Hypertuner',
      KernelName: kernel.name,
      KernelFile: kernel.source,
      GlobalSize: globalSize(kernel.shape),
      LocalSize: { X: '1' },
    },
    Search: { Name: study.strategy, Attributes: [{ Name: 'Seed', Value: study.seed }] },
    General: { FormatVersion: 1, TimeUnit: 'Microseconds' },
    Nightshift: ownRecord(kernel, target, study),
  };
}

function typeOf({ values }: Parameter): string {
  const are = (test: (value: Value) => boolean): boolean => values.every(test);
  if (are((value) => typeof value === 'boolean')) return 'bool';
  if (are((value) => Number.isInteger(value) && Number(value) >= 0)) return 'uint';
  if (are(Number.isInteger)) return 'int';
  return are((value) => typeof value === 'number') ? 'float' : 'string';
}

function globalSize(shape: string): Readonly<Record<string, string>> {
  const [x = '1', y, ...z] = shape === '' ? [] : shape.split('x').reverse();
  return {
    X: x,
    ...(y !== undefined && { Y: y }),
    ...(z.length > 0 && { Z: String(z.reduce((product, extent) => product * Number(extent), 1)) }),
  };
}
