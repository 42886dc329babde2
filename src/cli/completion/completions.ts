import { libraryKernels } from '../../kernels/library.ts';
import { listNamedTargets } from '../../targets/resolve.ts';
import { type Command, type CommandEntry, nameOf } from '../command.ts';
import type { OptionSpec } from '../options/_base.ts';
import { globalOptions } from '../options/global.ts';

/** The names of kernels that were imported, the titles of those that were tuned, and the ids of studies, as the store has them. */
export type KnownNames = () => Promise<Readonly<{ kernels: readonly string[]; studies: readonly string[] }>>;

/** What a shell takes as it stands, or as the script quotes it: a name with a quote or a `$` in it is not offered. */
const PLAIN = /^[\w@%+,./ ()-]+$/;

/** A word as a user means it, who has typed it with a shell's backslashes, or with a quote that is open. */
export function meantByTyped(word: string): string {
  return word.replace(/^['"]/, '').replace(/\\(.)/g, '$1');
}

/**
 * What may stand in place of the last word of a command line, after the words before it. Empty where anything may:
 * a number, a file.
 */
export async function completionsOf(
  words: readonly string[],
  entries: readonly CommandEntry[],
  known: KnownNames,
): Promise<readonly string[]> {
  const before = words.slice(0, -1).filter((word) => word !== '=');
  const last = words.at(-1) ?? '';
  const current = last === '=' ? '' : last;
  if (before.includes('--')) return [];
  const found = await fitting(before, current, entries, known);
  const fit = found.filter((word) => word.startsWith(current) && PLAIN.test(word));
  return [...new Set(fit)].sort();
}

async function fitting(
  before: readonly string[],
  current: string,
  entries: readonly CommandEntry[],
  known: KnownNames,
): Promise<readonly string[]> {
  const entry = entries.find((each) => before.includes(nameOf(each)));
  const command = await entry?.load();
  const options: Readonly<Record<string, OptionSpec>> = { ...globalOptions, ...command?.options };
  const pending = optionNamed(before.at(-1), options);
  if (pending !== undefined && pending.spec.kind !== 'switch')
    return pending.spec.words ?? namesFor(pending.name, known);
  if (current.startsWith('-')) return optionsLeft(options, before);
  if (entry === undefined || command === undefined) return entries.map(nameOf);
  const argument = argumentAt(entry, positionals(before, options).length);
  return argument === undefined ? [] : argumentWords(argument, command, known);
}

/** What is asked for by its name, whatever command asks for it. */
async function namesFor(what: string, known: KnownNames): Promise<readonly string[]> {
  if (what === 'kernel') return [...libraryKernels.map(({ name }) => name), ...(await known()).kernels];
  if (what === 'target') return listNamedTargets().map(({ name }) => name);
  return what === 'study' ? (await known()).studies : [];
}

type Options = Readonly<Record<string, OptionSpec>>;

function optionNamed(word: string | undefined, options: Options) {
  const found = Object.entries(options).find(
    ([name, { alias }]) => word === `--${name}` || (alias !== undefined && word === `-${alias}`),
  );
  return found && { name: found[0], spec: found[1] };
}

/** Only a list may be given again. */
function optionsLeft(options: Options, before: readonly string[]): readonly string[] {
  const names = Object.entries(options).map(([name, { kind }]) => ({ word: `--${name}`, kind }));
  return [...names, { word: '--help', kind: 'switch' }]
    .filter(({ word, kind }) => kind === 'list' || !before.includes(word))
    .map(({ word }) => word);
}

/** The words before, without the command's name, options, and their values. */
function positionals(before: readonly string[], options: Options): readonly string[] {
  const isValue = (place: number): boolean => {
    const option = optionNamed(before[place - 1], options);
    return option !== undefined && option.spec.kind !== 'switch';
  };
  return before.filter((word, place) => !word.startsWith('-') && !isValue(place)).slice(1);
}

/** `store <verb> [files..]`: verb, files, files … */
function argumentAt({ usage }: CommandEntry, place: number): string | undefined {
  const names = [...usage.matchAll(/[<[]([\w-]+)/g)].map(([, name]) => name);
  return names[place] ?? (usage.includes('..') ? names.at(-1) : undefined);
}

function argumentWords(argument: string, { words }: Command, known: KnownNames) {
  return words?.[argument] ?? namesFor(argument, known);
}
