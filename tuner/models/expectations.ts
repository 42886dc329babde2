import type { Parameter } from '../../search-space/parameter.ts';
import type { Prior } from '../strategies/_base.ts';
import type { Trend } from './trend.ts';

/** Predictions that are kept, 16 bytes each; a prime, so that members which differ in a few values seldom share a place. */
const MOST_KEPT = 131_071;

/**
 * The means of a prior, which is asked about a member once: every model of a study needs those of all its trials, and
 * most candidates come again. Each combination of values has one place; a newer one of the same place takes it.
 */
export function expectationsOf(prior: Prior, parameters: readonly Parameter[]): Trend {
  const combinations = parameters.reduce((product, { values }) => product * values.length, 1);
  const meansOf: Trend = (members) => Float64Array.from(prior.predict(members), ({ meanLog }) => meanLog);
  // Greater numbers would not tell all combinations apart.
  if (combinations > Number.MAX_SAFE_INTEGER) return meansOf;
  const radices = parameters.map(({ values }) => values.length);
  const places = Math.min(combinations, MOST_KEPT);
  const kept = new Float64Array(places).fill(-1);
  const means = new Float64Array(places);
  return (members) => {
    const numbers = members.map((digits) => numberOf(digits, radices));
    const missing = [...numbers.keys()].filter((i) => kept[numbers[i] % places] !== numbers[i]);
    const found = Float64Array.from(numbers, (number) => means[number % places]);
    if (missing.length === 0) return found;
    meansOf(missing.map((i) => members[i])).forEach((mean, j) => {
      const i = missing[j];
      kept[numbers[i] % places] = numbers[i];
      means[numbers[i] % places] = mean;
      found[i] = mean;
    });
    return found;
  };
}

/** A whole number of its own for each combination of values. */
function numberOf(digits: Int32Array, radices: readonly number[]): number {
  let number = 0;
  for (let place = 0; place < radices.length; place++) number = number * radices[place] + digits[place];
  return number;
}
