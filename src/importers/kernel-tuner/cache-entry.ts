import type { Configuration, Value } from '../../../search-space/parameter.ts';
import type { InvalidReason, Result } from '../../../store/trial.ts';
import type { JsonEntry } from '../../text/json-file.ts';
import { excerpt, insteadOfValue, isObject, isValue } from '../json-shape.ts';
import { readKernelTime, readSamples } from '../kernel-time.ts';
import { type EntryReading, IMPORTED_PROPOSAL } from '../tuning-results.ts';
import { failureNamed } from './failures.ts';

/** Its times are in milliseconds. */
const MICROSECONDS = 1000;

/**
 * One entry of a cache: `time` with its samples in `times`, or the name of a failure in `time` or `__error__`.
 * `otherObjective` is what was compared where that is no time.
 */
export function readCacheEntry(
  entry: JsonEntry,
  names: readonly string[],
  otherObjective: string | undefined,
): EntryReading {
  const { place } = entry;
  if (entry.kind === 'broken') return leftOut(place, 'not JSON', () => entry.problem);
  if (!isObject(entry.value)) return leftOut(place, 'no object', () => excerpt(entry.value));
  const { value } = entry;
  const configuration: Record<string, Value> = {};
  for (const name of names) {
    const given = Object.hasOwn(value, name) ? value[name] : undefined;
    if (!isValue(given))
      return leftOut(place, 'no configuration that can be read', () => `${name} is ${insteadOfValue(given)}`);
    configuration[name] = given;
  }
  const error = value.__error__;
  if (typeof error === 'string' && error !== '')
    return failed(place, configuration, failureNamed(error) ?? 'runtime', error);
  if (value.time !== undefined) return timed(value, configuration, place);
  const objective = otherObjective === undefined ? '' : `its objective '${otherObjective}' is no time; `;
  return leftOut(place, NO_TIME, () => `${objective}there is neither a time nor a failure`);
}

const { subset, origin } = IMPORTED_PROPOSAL;

function timed(
  { time, times }: Readonly<Record<string, unknown>>,
  configuration: Configuration,
  place: string,
): EntryReading {
  const reason = failureNamed(time);
  if (reason !== undefined) return failed(place, configuration, reason, String(time));
  const reading = readKernelTime(time, MICROSECONDS);
  if (reading.kind === 'none') return leftOut(place, NO_TIME, () => reading.problem);
  if (reading.kind === 'failed') return failed(place, configuration, 'runtime', reading.message);
  const { timeUs } = reading;
  const { samplesUs, dropped } = readSamples(times ?? undefined, MICROSECONDS);
  const samples = samplesUs.length === 0 ? [timeUs] : samplesUs;
  return {
    kind: 'result',
    place,
    result: { configuration, subset, origin, state: 'timed', timeUs, samplesUs: samples },
    droppedSamples: dropped,
  };
}

const NO_TIME = 'neither a time nor a failure';

function failed(
  place: string,
  configuration: Configuration,
  reason: InvalidReason,
  message: string,
): EntryReading {
  const result: Result = { configuration, subset, origin, state: 'invalid', reason, message };
  return { kind: 'result', place, result, droppedSamples: 0 };
}

function leftOut(place: string, reason: string, detail: () => string): EntryReading {
  return { kind: 'left out', place, reason, detail };
}
