import { InputError } from '../../search-space/input-error.ts';
import type { Metrics } from '../../store/trial.ts';
import { nameProblem, TIME } from './metrics.ts';

/** What a metric may be at most, or must be at least. */
export type Limit = Readonly<{ name: string; operator: Operator; bound: number }>;

/**
 * What a study seeks: the least of one metric, or with several the Pareto optima, among what keeps the limits.
 * The time comes first, then names in order, so that the same question has one text.
 */
export type Objective = Readonly<{ names: readonly string[]; limits: readonly Limit[] }>;

const OPERATORS = Object.freeze({
  '<=': (value: number, bound: number) => value <= bound,
  '>=': (value: number, bound: number) => value >= bound,
  '<': (value: number, bound: number) => value < bound,
  '>': (value: number, bound: number) => value > bound,
});
type Operator = keyof typeof OPERATORS;

/** What a study seeks by default. */
export const SHORTEST_TIME: Objective = Object.freeze({ names: [TIME], limits: [] });

/** The most objectives of a study: with more, nearly everything is a Pareto optimum. */
const MOST_OBJECTIVES = 4;
const MOST_LIMITS = 16;

/** Reads `time,energyJ` and `energyJ <= 2`. Throws InputError. */
export function parseObjective(objective: string, limits: readonly string[]): Objective {
  const names = objective.split(',').map((name) => name.trim());
  for (const name of names) checkName('objective', name);
  const twice = names.find((name, place) => names.indexOf(name) < place);
  if (twice !== undefined) throw new InputError('objective', `'${twice}' is named twice`, 'name it once');
  if (names.length > MOST_OBJECTIVES)
    throw new InputError('objective', `has ${names.length} names`, `at most ${MOST_OBJECTIVES} are possible`);
  if (limits.length > MOST_LIMITS)
    throw new InputError('limit', `there are ${limits.length}`, `at most ${MOST_LIMITS} are possible`);
  const read = new Map(limits.map(parseLimit).map((limit) => [limitText(limit), limit]));
  return Object.freeze({
    names: names.sort(timeFirst),
    limits: [...read].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, limit]) => limit),
  });
}

const LIMIT = /^\s*([^\s<>=]+)\s*(<=|>=|<|>)\s*([-+.\deE]+)\s*$/;

function parseLimit(text: string): Limit {
  const [, name, operator, bound] = LIMIT.exec(text) ?? [];
  if (text.trim() === '') throw new InputError('limit', 'is empty', "write it like 'energyJ <= 2'");
  const known = operators.find((one) => one === operator);
  if (name === undefined || known === undefined || bound === '' || !Number.isFinite(Number(bound)))
    throw new InputError('limit', `'${text.slice(0, 80)}' is no limit`, "write it like 'energyJ <= 2'");
  checkName('limit', name);
  return { name, operator: known, bound: Number(bound) };
}

const operators = Object.freeze(['<=', '>=', '<', '>'] as const satisfies readonly Operator[]);

function checkName(field: string, name: string): void {
  if (name === TIME) return;
  if (name.toLowerCase() === TIME)
    throw new InputError(field, `'${name}' names no metric`, `did you mean ${TIME}?`);
  const problem = nameProblem(name);
  if (problem === undefined) return;
  const hint = 'name the time, or a number that the target reports: time,energyJ';
  throw new InputError(field, name === '' ? 'names nothing' : `'${name.slice(0, 80)}' ${problem}`, hint);
}

function timeFirst(a: string, b: string): number {
  if (a === TIME || b === TIME) return a === TIME ? -1 : 1;
  return a < b ? -1 : 1;
}

/** "energyJ<=2" */
export function limitText({ name, operator, bound }: Limit): string {
  return `${name}${operator}${bound}`;
}

/** "time,energyJ where bytes<=4096 and energyJ<=2": the objective in the store, and part of a study's identity. */
export function objectiveText({ names, limits }: Objective): string {
  const where = limits.length === 0 ? '' : ` where ${limits.map(limitText).join(' and ')}`;
  return `${names.join(',')}${where}`;
}

/** Reads what `objectiveText` wrote. Throws InputError for any other text. */
export function readObjective(text: string): Objective {
  const [names, where] = text.split(' where ');
  return parseObjective(names, where === undefined ? [] : where.split(' and '));
}

/** Whether a time is what is sought, so that ladder and gains make sense. */
export function seeksTime({ names }: Objective): boolean {
  return names.length === 1 && names[0] === TIME;
}

/** Whether the best of what was found is the fastest: the time is sought, alone or first. */
export function isOfTimes(objective: string): boolean {
  return readObjective(objective).names[0] === TIME;
}

/** The metrics that are needed besides the time. */
export function metricsNeeded({ names, limits }: Objective): readonly string[] {
  const all = new Set([...names, ...limits.map(({ name }) => name)]);
  all.delete(TIME);
  return [...all];
}

/** What an objective counts as at least, where its logarithm is taken. */
export const LEAST_VALUE = 1e-9;

/** What was measured of a configuration. */
export type Measured = Readonly<{ timeUs: number; metrics?: Metrics }>;

/** Undefined where it was not measured. */
export function valueAt(name: string, { timeUs, metrics = {} }: Measured): number | undefined {
  if (name === TIME) return timeUs;
  return Object.hasOwn(metrics, name) ? metrics[name] : undefined;
}

/** The objectives' values, in their order; undefined where one was not measured. */
export function valuesOf({ names }: Objective, measured: Measured): readonly number[] | undefined {
  const values = names.map((name) => valueAt(name, measured));
  return values.every((value) => value !== undefined) ? values : undefined;
}

/** The first limit that is not kept. What was not measured keeps none. */
export function brokenLimit({ limits }: Objective, measured: Measured): Limit | undefined {
  return limits.find(({ name, operator, bound }) => {
    const value = valueAt(name, measured);
    return value === undefined || !OPERATORS[operator](value, bound);
  });
}
