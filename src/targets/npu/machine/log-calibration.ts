import { z } from 'zod';
import { InputError } from '../../../../search-space/input-error.ts';
import { describeIssue } from '../../../text/describe-issue.ts';
import { fieldValue, singleFields } from './fields.ts';
import type { AcceptedSets, ParameterSet } from './parameter-sets.ts';
import type { SimulatedTarget } from './schema.ts';

const FIELD = 'calibration';

/** The field of a target file that `nightshift calibrate` writes: sets of figures that explain a device's log. */
const schema = z.strictObject({
  /** The log's files. */
  from: z.string().min(1),
  /** Hashes of all logs that the file's figures were fitted to, so that none counts twice. */
  logs: z.array(z.string()).default([]),
  timings: z.int().positive(),
  /** Root mean square of the logarithms of simulated over measured times. */
  error: z.number().nonnegative(),
  /** The figures of a set, in the order of its numbers. */
  figures: z.array(z.string()).min(1),
  /** Each its numbers with a blank between, so that it is one line of the file. The first is the target as the file says. */
  sets: z.array(z.string().max(100_000)).min(1).max(1000),
});

export type LogCalibration = Readonly<z.output<typeof schema>>;

/** A target file's content without its calibration, and that. */
export function apartFromCalibration(json: unknown): Readonly<{ machine: unknown; calibration: unknown }> {
  if (typeof json !== 'object' || json === null || !Object.hasOwn(json, FIELD))
    return { machine: json, calibration: undefined };
  const { [FIELD]: calibration, ...machine } = { [FIELD]: undefined, ...json };
  return { machine, calibration };
}

/** The hashes of the logs that a target file's figures were fitted to. */
export function logsFitted(json: unknown): readonly string[] {
  return schema.safeParse(apartFromCalibration(json).calibration).data?.logs ?? [];
}

/** The sets of a calibration in a target's file. Throws InputError for one that is not of this target. */
export function setsOfLog(calibration: unknown, target: SimulatedTarget, file: string): AcceptedSets {
  const refuse = (problem: string): InputError =>
    new InputError('target', `${file}: ${FIELD}${problem}`, 'calibrate it again');
  const parsed = schema.safeParse(calibration);
  if (!parsed.success) throw refuse(`.${describeIssue(parsed.error.issues[0], calibration, schema)}`);
  const { figures, sets } = parsed.data;
  const fields = singleFields(target);
  const read = sets.map((line, place): ParameterSet => {
    const words = line.split(' ');
    if (words.length !== figures.length)
      throw refuse(`.sets.${place}: has ${words.length} numbers for ${figures.length} figures`);
    return Object.fromEntries(
      figures.map((path, i): [string, number] => {
        const limits = fields.get(path);
        const value = limits === undefined ? undefined : fieldValue(words[i], limits);
        if (typeof value !== 'number') throw refuse(`.sets.${place}: ${path} cannot be '${words[i]}'`);
        return [path, value];
      }),
    );
  });
  return { from: 'calibration', sets: read };
}
