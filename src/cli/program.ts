import yargs, { type Argv, type Options } from 'yargs';
import { InputError, nearestName } from '../../search-space/input-error.ts';
import type { Command, OptionSpec } from './command.ts';
import { Flags } from './flags.ts';
import { globalOptions } from './options/global.ts';
import type { Session } from './session.ts';

const EPILOGUE = `Exit codes: 0 done, 1 a check failed, 2 bad input, 3 store unusable, 4 store written by a newer
nightshift, 5 store in use, 6 nothing found, 130 interrupted twice. More in docs/cli.md.`;

/** Parses the words and acts. Throws what the command throws, and InputError for words it cannot take. */
export async function perform(
  words: readonly string[],
  commands: readonly Command[],
  session: Session,
  version: () => string,
): Promise<void> {
  const program = yargs([...words])
    .scriptName('nightshift')
    .usage('$0: which configuration makes a kernel fastest, and what each mechanism gains')
    .parserConfiguration({
      'greedy-arrays': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'camel-case-expansion': false,
      'dot-notation': false,
      'boolean-negation': false,
    })
    .options(tableOf(globalOptions))
    .demandCommand(1, 'which command? `nightshift --help` lists them')
    .strict()
    .help()
    .alias('help', 'h')
    .version(words.includes('--version') ? version() : 'version')
    .wrap(Math.min(session.out.columns, 110))
    .epilogue(EPILOGUE)
    .exitProcess(false)
    .fail((message, error) => {
      throw message === null || message === undefined ? error : complaint(message, words, commands);
    });
  for (const command of commands) register(program, command, session);
  await program.parseAsync();
}

function register(program: Argv, command: Command, session: Session): void {
  program.command(
    command.usage,
    command.summary,
    (own) => {
      for (const [name, describe] of Object.entries(command.arguments)) {
        own.positional(name, { type: 'string', describe });
      }
      own.options(tableOf(command.options));
      for (const [line, what] of command.examples) own.example(`$0 ${line}`, what);
      return own;
    },
    (given) => command.act(new Flags(given), session),
  );
}

function tableOf(options: Readonly<Record<string, OptionSpec>>): Record<string, Options> {
  return Object.fromEntries(Object.entries(options).map(([name, spec]) => [name, optionOf(spec)]));
}

function optionOf({ kind, describe, otherwise, alias, group }: OptionSpec): Options {
  return {
    type: kind === 'switch' ? 'boolean' : 'string',
    array: kind === 'list',
    requiresArg: kind !== 'switch',
    describe: otherwise === undefined ? describe : `${describe} [${otherwise}]`,
    ...(alias !== undefined && { alias }),
    ...(group !== undefined && { group }),
  };
}

/** yargs's complaint as ours, with the name that was probably meant. */
function complaint(message: string, words: readonly string[], commands: readonly Command[]): InputError {
  const command = commands.find((known) => nameOf(known) === words.find((word) => !word.startsWith('-')));
  const help = command === undefined ? 'nightshift --help' : `nightshift ${nameOf(command)} --help`;
  const [, unknown] = /^Unknown arguments?: ([^,]+)/.exec(message) ?? [];
  const [, bare] = /^Not enough arguments following: (.+)/.exec(message) ?? [];
  if (bare !== undefined) return new InputError(`--${bare}`, 'needs a value', `see ${help}`);
  if (unknown === undefined) return new InputError('command line', lowerFirst(message), `see ${help}`);
  if (words.some((word) => /^-+/.test(word) && word.replace(/^-+/, '').split('=')[0] === unknown)) {
    const known = [...Object.keys(globalOptions), ...Object.keys(command?.options ?? {}), 'help', 'version'];
    const near = nearestName(unknown, known);
    const hint = near === undefined ? `see ${help}` : `did you mean --${near}?`;
    return new InputError(`--${unknown}`, 'unknown option', hint);
  }
  if (command !== undefined)
    return new InputError(unknown, 'one word too many', `nightshift ${command.usage}`);
  const near = nearestName(unknown, commands.map(nameOf));
  const hint = near === undefined ? 'nightshift --help lists them' : `did you mean ${near}?`;
  return new InputError(unknown, 'unknown command', hint);
}

function nameOf({ usage }: Command): string {
  return usage.split(' ')[0];
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
