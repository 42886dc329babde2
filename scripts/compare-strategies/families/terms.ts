import type { Parameter, Value } from '../../../search-space/parameter.ts';
import { integerBelow, type Random } from '../../../search-space/random.ts';
import type { SearchSpace } from '../../../search-space/search-space.ts';

/** A part of ln(time ÷ optimum): never negative, and 0 at the planted optimum. */
export type Term = (digits: Int32Array) => number;

export function sumOf(terms: readonly Term[]): Term {
  return (digits) => terms.reduce((sum, term) => sum + term(digits), 0);
}

export function parametersOf(values: readonly (readonly Value[])[]): readonly Parameter[] {
  return values.map((listed, place) => ({
    name: `p${place}`,
    kind: typeof listed[0] === 'string' ? 'categorical' : 'ordinal',
    tag: 'schedule',
    values: listed,
  }));
}

/**
 * What one parameter costs away from the optimum: a slope in the steps of an ordinal, a random cost for each
 * other value of a categorical. Parameters differ in weight, as they do in kernels.
 */
export function mainTerms(parameters: readonly Parameter[], optimum: Int32Array, random: Random): Term[] {
  return parameters.map(({ kind, values }, place) => {
    const weight = 0.05 + 0.6 * random() ** 3;
    const costs = values.map((_, digit) =>
      kind === 'categorical'
        ? weight * (0.2 + random())
        : (weight * Math.abs(digit - optimum[place])) / Math.max(1, values.length - 1),
    );
    return (digits) => (digits[place] === optimum[place] ? 0 : costs[digits[place]]);
  });
}

/** Pairs of parameters of which the sum (or the difference) of places should be that of the optimum, as threads a block should. */
export function pairTerms(
  parameters: readonly Parameter[],
  optimum: Int32Array,
  count: number,
  random: Random,
): Term[] {
  return Array.from({ length: count }, () => {
    const a = integerBelow(random, parameters.length);
    const b = (a + 1 + integerBelow(random, parameters.length - 1)) % parameters.length;
    const sign = random() < 0.5 ? -1 : 1;
    const weight = 0.05 + 0.3 * random() ** 2;
    const level = (digits: Int32Array): number =>
      digits[a] / parameters[a].values.length + (sign * digits[b]) / parameters[b].values.length;
    const best = level(optimum);
    return (digits) => weight * Math.min(1, 2 * Math.abs(level(digits) - best));
  });
}

/** Sudden jumps: a cost where a few parameters leave the side of a limit on which the optimum lies. */
export function jumpTerms(
  parameters: readonly Parameter[],
  optimum: Int32Array,
  count: number,
  random: Random,
): Term[] {
  return Array.from({ length: count }, () => {
    const places = Array.from({ length: 2 }, () => integerBelow(random, parameters.length));
    const load = (digits: Int32Array): number =>
      places.reduce((sum, place) => sum + digits[place] / parameters[place].values.length, 0);
    const limit = load(optimum) + (random() < 0.5 ? 0.15 : -0.15);
    const side = load(optimum) < limit;
    const cost = 0.1 + 0.4 * random();
    return (digits) => (load(digits) < limit === side ? 0 : cost);
  });
}

/** A time that follows from single parameters, pairs of them and jumps. */
export function structureAt({ parameters }: SearchSpace, optimum: Int32Array, random: Random): Term {
  return sumOf([
    ...mainTerms(parameters, optimum, random),
    ...pairTerms(parameters, optimum, parameters.length, random),
    ...jumpTerms(parameters, optimum, Math.ceil(parameters.length / 3), random),
  ]);
}
