import { TIME } from '../../../tuner/objectives/metrics.ts';
import { objectiveText, parseObjective } from '../../../tuner/objectives/objective.ts';
import type { StudySpec } from '../../ask/study-spec.ts';
import type { Flags } from '../flags.ts';
import type { OptionSpec } from './_base.ts';

/** What is sought, where it is not the shortest time. */
export const objectiveOptions = Object.freeze({
  objective: {
    kind: 'text',
    describe:
      'What is to be small: time, a metric that the target reports, or time,energyJ for Pareto optima',
    otherwise: 'time',
    group: 'Steering:',
  },
  limit: {
    kind: 'list',
    describe: "What must be kept: 'energyJ <= 2'; the time counts in µs. Repeatable",
    group: 'Steering:',
  },
} as const satisfies Record<string, OptionSpec>);

export function objectiveFrom(
  flags: Flags<keyof typeof objectiveOptions>,
): Pick<StudySpec, 'objective' | 'limits'> {
  const [objective, limits] = [flags.text('objective'), flags.list('limit')];
  return { ...(objective !== undefined && { objective }), ...(limits.length > 0 && { limits }) };
}

/** What studies must have sought to be asked for, as a store keeps it; undefined where any will do. */
export function soughtBy(flags: Flags<keyof typeof objectiveOptions>): string | undefined {
  const { objective, limits } = objectiveFrom(flags);
  if (objective === undefined && limits === undefined) return undefined;
  return objectiveText(parseObjective(objective ?? TIME, limits ?? []));
}
