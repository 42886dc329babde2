import { InputError, nearestName } from '../../search-space/input-error.ts';
import { type Command, type CommandEntry, nameOf } from './command.ts';
import { globalOptions } from './options/global.ts';

/** Turns a message of yargs into an InputError, with the name that was probably meant. */
export function complaint(
  message: string,
  words: readonly string[],
  entries: readonly CommandEntry[],
  loaded: ReadonlyMap<string, Command>,
): InputError {
  const entry = entries.find((known) => loaded.has(nameOf(known)));
  const help = entry === undefined ? 'nightshift --help' : `nightshift ${nameOf(entry)} --help`;
  const [, bare] = /^Not enough arguments following: (.+)/s.exec(message) ?? [];
  if (bare !== undefined) return new InputError(`--${bare}`, 'needs a value', `see ${help}`);
  const [, unknown] = /^Unknown arguments?: ([^,]+)/.exec(message) ?? [];
  if (unknown === undefined) return new InputError('command line', saidShortly(message), `see ${help}`);
  if (isOption(unknown, words)) {
    const own = entry === undefined ? {} : (loaded.get(nameOf(entry))?.options ?? {});
    const near = nearestName(unknown, [...Object.keys({ ...globalOptions, ...own }), 'help', 'version']);
    return new InputError(
      `--${unknown}`,
      'unknown option',
      near === undefined ? `see ${help}` : `did you mean --${near}?`,
    );
  }
  if (entry !== undefined) return new InputError(unknown, 'unexpected word', `nightshift ${entry.usage}`);
  const near = nearestName(unknown, entries.map(nameOf));
  const hint = near === undefined ? 'nightshift --help lists them' : `did you mean ${near}?`;
  return new InputError(unknown, 'unknown command', hint);
}

function isOption(name: string, words: readonly string[]): boolean {
  return words.some((word) => word.startsWith('-') && word.replace(/^-+/, '').split('=')[0] === name);
}

function saidShortly(message: string): string {
  if (/^Not enough non-option arguments/.test(message)) return 'a name is missing';
  return message.charAt(0).toLowerCase() + message.slice(1);
}
