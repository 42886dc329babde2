import type { FigureVerdict } from '../../targets/npu/fit/verdicts.ts';
import { type LogCalibration, logsFitted } from '../../targets/npu/machine/log-calibration.ts';
import { originsOf } from '../../targets/npu/machine/origins.ts';
import type { SimulatedTarget } from '../../targets/npu/machine/schema.ts';
import { type WrittenFigure, withWrittenFigures } from '../../targets/npu/machine/write-figures.ts';
import type { CalibrationAnswer } from './calibrate.ts';

/** A target file's content with what a log says of it: its figures, their ranges, the sets that explain the log, and its files' hashes. */
export function calibratedFile(
  json: unknown,
  file: string,
  target: SimulatedTarget,
  { figures, sets, timings, error }: CalibrationAnswer,
  from: string,
  logs: readonly string[],
): Record<string, unknown> {
  const seen = figures.filter(({ verdict }) => verdict !== 'unseen');
  const written = seen.map((verdict): [string, WrittenFigure] => {
    const { figure, value, low, high } = verdict;
    const before = originsOf(target).get(figure)?.source ?? '';
    return [figure, { value, source: sourceOf(verdict, from, before), range: [low, high] }];
  });
  const paths = Object.keys(sets[0]);
  const calibration: LogCalibration = {
    from,
    logs: [...new Set([...logsFitted(json), ...logs])],
    timings,
    error: Number(error.toPrecision(4)),
    figures: paths,
    sets: sets.map((set) => paths.map((path) => set[path]).join(' ')),
  };
  return { ...withWrittenFigures(json, file, Object.fromEntries(written)), calibration };
}

/** A figure that the log does not fix stays what it was before, with less room where the log leaves less. */
function sourceOf({ verdict }: FigureVerdict, from: string, before: string): string {
  if (verdict === 'fixed') return `fitted: ${from}`;
  const told = `not fixed by ${from}`;
  if (before.includes(told)) return before;
  return before.startsWith('prior') ? `${before}; ${told}` : `prior: ${before}; ${told}`;
}
