import type { Alternative, Launchable, LaunchParameter } from './launchables.ts';
import { type CallStatement, numberOf, numbersOf } from './python-text.ts';

/** One launch of a Triton kernel. */
export type TritonLaunch = Readonly<{
  kind: 'triton';
  /** That of its files. */
  name: string;
  /** The values of its integer arguments. */
  numels: Readonly<Record<string, number>>;
  /** Programs along x, y and z, where the wrapper has them as numbers. */
  grid: readonly number[] | undefined;
  /** Why the sizes of this launch cannot be known. */
  open: string | undefined;
  /** Those that are no constants. */
  parameters: readonly LaunchParameter[];
}>;

type LaunchableKernel = Extract<Launchable, { kind: 'kernel' }>;

/** Grids by the names of the functions that give them. */
export type Grids = ReadonlyMap<string, readonly number[]>;

/** A launch of a defined kernel: its signature says how many arguments there are, the rest are its words. */
export function tritonLaunch(
  { name, parameters, words, wordsAreGrid }: LaunchableKernel,
  { positional, named }: Pick<CallStatement, 'positional' | 'named'>,
  grids: Grids,
): TritonLaunch {
  const end = Math.max(0, positional.length - words);
  const given = parameters && argumentsByName(parameters, positional.slice(0, end), named);
  const grid = wordsAreGrid ? numbers(positional.slice(end)) : gridOf(named.get('grid'), grids);
  const variable = (parameters ?? []).filter(({ type }) => type !== CONSTANT);
  const launch = { kind: 'triton' as const, name, grid, parameters: variable };
  if (given === undefined || parameters === undefined)
    return { ...launch, numels: {}, open: 'the wrapper does not say which of its arguments is which' };
  const numels: Record<string, number> = {};
  const open: string[] = [];
  for (const { name: parameter, type } of parameters) {
    const text = given.get(parameter);
    if (text === undefined || !/^[iu]\d+$/.test(type)) continue;
    const value = wholeNumber(text);
    if (value === undefined) open.push(`${parameter} = ${text}`);
    else numels[parameter] = value;
  }
  const reason = open.length === 0 ? undefined : `the wrapper leaves its sizes open: ${open.join(', ')}`;
  return { ...launch, numels, open: reason };
}

/** The arguments that an alternative of a choice gets of a launch. */
export function argumentsFor({ slices }: Alternative, statement: CallStatement): CallStatement {
  if (slices === undefined) return statement;
  return {
    ...statement,
    positional: slices.flatMap(([start, end]) => statement.positional.slice(start, end)),
  };
}

/** Constants are passed by some releases and left out by others. */
function argumentsByName(
  parameters: readonly LaunchParameter[],
  positional: readonly string[],
  named: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> | undefined {
  const rest = parameters.filter(({ name }) => !named.has(name));
  const variable = rest.filter(({ type }) => type !== CONSTANT);
  const taken = [variable, rest].find(({ length }) => length === positional.length);
  if (taken === undefined) return undefined;
  return new Map([...named, ...taken.map(({ name }, place) => [name, positional[place]] as const)]);
}

const CONSTANT = 'constexpr';

function wholeNumber(text: string): number | undefined {
  return text === 'True' || text === 'False' ? Number(text === 'True') : numberOf(text);
}

function numbers(texts: readonly string[]): readonly number[] | undefined {
  const found = texts.map(wholeNumber);
  return found.every((value) => value !== undefined) ? found : undefined;
}

/** A tuple of numbers, or the name of a function that gives one. */
function gridOf(text: string | undefined, grids: Grids): readonly number[] | undefined {
  return text === undefined ? undefined : (numbersOf(text) ?? grids.get(text));
}
