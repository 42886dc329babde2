import yargs, { type Argv, type Options } from 'yargs';
import { InputError } from '../../search-space/input-error.ts';
import { type Command, type CommandEntry, nameOf } from './command.ts';
import { complaint } from './complaint.ts';
import { Flags } from './flags.ts';
import type { OptionSpec } from './options/_base.ts';
import { globalOptions } from './options/global.ts';
import type { Session } from './session.ts';
import { toldByOption } from './told-by-option.ts';

const WIDEST_HELP = 100;
const EPILOGUE = [
  'Exit codes: 0 done, 1 a check failed, 2 bad input, 3 store unusable, 4 store written by a newer nightshift,',
  '5 store in use, 6 nothing found, 7 a check could not be decided, 130 interrupted twice. More in docs/cli.md.',
].join(' ');

/** Parses a command line and runs its command. Throws what the command throws, and InputError for bad words. */
export async function perform(
  words: readonly string[],
  entries: readonly CommandEntry[],
  session: Session,
  version: () => string,
): Promise<void> {
  const program = yargs()
    .scriptName('nightshift')
    .usage(
      'Usage: $0 <command>\n\nFinds the fastest configuration of a kernel, and what each mechanism gains.',
    )
    .parserConfiguration({
      'greedy-arrays': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'camel-case-expansion': false,
      'dot-notation': false,
      'boolean-negation': false,
      'populate--': true,
    })
    .options(tableOf(globalOptions))
    .demandCommand(1, 'which command? `nightshift --help` lists them')
    .strict()
    .help()
    .alias('help', 'h')
    .version(words.includes('--version') ? version() : 'version')
    .group(['help', 'version'], 'Everywhere:')
    .wrap(Math.min(session.out.columns, WIDEST_HELP))
    .epilogue(EPILOGUE)
    .exitProcess(false);
  const loaded = new Map<string, Command>();
  for (const entry of entries) {
    if (words.includes(nameOf(entry))) loaded.set(nameOf(entry), await entry.load());
    register(program, entry, loaded.get(nameOf(entry)), (flags, command) =>
      command.act(flags, session, entries),
    );
  }
  program.fail((message, error) => {
    if (message === null || message === undefined) throw error;
    throw complaint(message, words, entries, loaded);
  });
  const asked = words.length === 0 ? ['--help'] : [...words];
  await program.parseAsync(asked, {}, (_error, _argv, text) => {
    if (text !== '') session.print(`${withLongNames(text)}\n`);
  });
}

/** yargs writes an option of one letter with one dash; ours are called `--c`. */
function withLongNames(help: string): string {
  return help.replaceAll(/^ {2}-([a-z]) {5}/gm, '      --$1');
}

/** Declares a command to yargs; one that was not loaded, with its line of `--help` only. */
function register(
  program: Argv,
  { usage, summary }: CommandEntry,
  command: Command | undefined,
  act: (flags: Flags, command: Command) => Promise<void>,
): void {
  program.command(
    usage,
    summary,
    (own) => {
      for (const [name, describe] of Object.entries(command?.arguments ?? {})) {
        own.positional(name, { type: 'string', describe });
      }
      for (const [line, what] of command?.examples ?? []) own.example(`$0 ${line}`, what);
      return own.options(tableOf(command?.options ?? {}));
    },
    (given) => {
      // yargs lays out the help of the command that it runs, which takes longer than many commands.
      for (const name of Object.keys({ ...globalOptions, ...command?.options })) program.hide(name);
      const flags = new Flags(given);
      const [unasked] = command?.rest === undefined ? flags.rest() : [];
      if (unasked !== undefined) throw new InputError(`-- ${unasked}`, 'takes no words after --');
      return (
        command &&
        act(flags, command).catch((error: unknown) => {
          throw toldByOption(error, flags);
        })
      );
    },
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
    describe: otherwise === undefined ? describe : `${describe} (default: ${otherwise})`,
    ...(alias !== undefined && { alias }),
    ...(group !== undefined && { group }),
  };
}
