import type { SettledTrial } from '../../store/trial.ts';
import type { StopReason } from '../budget.ts';
import { kindOfMessage } from '../hopeless.ts';
import type { Study } from '../study-definition.ts';
import type { Findings, MechanismGains } from './findings.ts';
import { type Unknown, unknown } from './gain.ts';
import { NO_MECHANISM } from './ladder.ts';
import { settledCounts } from './settled-counts.ts';

/** The findings of a visit without a single time, or none that may be recommended: then `unfit` says why. */
export function nothingTimed(
  { space, subspaces }: Study,
  {
    log,
    stoppedBy,
    notes,
  }: Readonly<{ log: readonly SettledTrial[]; stoppedBy: StopReason; notes: readonly string[] }>,
  unfit?: Unknown,
): Findings {
  // A default outside a steered space may have been timed.
  const failed = log.filter(({ configuration }) => space.has(configuration));
  const why = unfit ?? whyNothing(failed, stoppedBy);
  const none: MechanismGains = { alone: why, leftOut: why, forced: why, shapleyShare: why };
  const mechanisms = [...subspaces.mechanisms];
  const ladder = mechanisms.length === 0 ? NO_MECHANISM : why;
  return {
    default: null,
    best: null,
    winner: null,
    gainOverDefault: why,
    ladder,
    ladderFixedTile: ladder,
    gains: Object.fromEntries(mechanisms.map((mechanism) => [mechanism, none])),
    warnings: [
      ...(failed.length === 0 || unfit !== undefined
        ? []
        : [`no configuration could be timed${commonFailure(failed)}`]),
      ...notes,
    ],
    trials: settledCounts(log),
    stoppedBy,
  };
}

/** What ended a visit before its first trial. */
const BEFORE_THE_FIRST: Readonly<Record<StopReason, string>> = Object.freeze({
  trials: 'the budget has no trials',
  time: 'the time was over before one configuration was timed: a larger budget is needed',
  deadline: 'the deadline was over before one configuration was timed',
  stalled: 'the budget has no trials',
  exhausted: 'no configuration was left to try',
  failing: 'no configuration could be prepared',
  interrupted: 'it was interrupted before one configuration was timed',
});

function whyNothing(log: readonly SettledTrial[], stoppedBy: StopReason): Unknown {
  if (log.length === 0) return unknown('not tried', BEFORE_THE_FIRST[stoppedBy]);
  const tried = log.length === 1 ? 'the only trial' : `each of ${log.length} trials`;
  // What never starts is no disturbance: the visit was ended as all failed.
  const isDisturbed =
    stoppedBy !== 'failing' &&
    log.every((trial) => trial.state === 'invalid' && trial.reason === 'disturbed');
  return isDisturbed ? unknown('disturbed', `${tried} was disturbed`) : unknown('failed', `${tried} failed`);
}

/** What most of the failed trials said, apart from numbers and values: the first of them. */
function commonFailure(log: readonly SettledTrial[]): string {
  const kinds = new Map<string, { count: number; first: string }>();
  for (const trial of log) {
    if (trial.state !== 'invalid') continue;
    const kind = kindOfMessage(trial);
    const { count, first } = kinds.get(kind) ?? { count: 0, first: trial.message };
    kinds.set(kind, { count: count + 1, first });
  }
  const [most] = [...kinds.values()].sort((a, b) => b.count - a.count);
  return most === undefined ? '' : `; ${most.count} of ${log.length} said: ${most.first}`;
}
