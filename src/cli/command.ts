import type { Flags } from './flags.ts';
import type { OptionSpec } from './options/_base.ts';
import type { GlobalOption } from './options/global.ts';
import type { Session } from './session.ts';

/** A command as data. Only `program.ts` knows yargs. */
export type Command<Name extends string = string> = Readonly<{
  arguments: Readonly<Record<string, string>>;
  options: Readonly<Record<string, OptionSpec>>;
  /** The words that completion offers for arguments which have fixed ones. */
  words?: Readonly<Record<string, readonly string[]>>;
  /** What the words after `--` mean; absent if the command takes none. */
  rest?: string;
  examples: readonly (readonly [line: string, what: string])[];
  act(flags: Flags<Name | GlobalOption>, session: Session, entries: readonly CommandEntry[]): Promise<void>;
}>;

/** A command's line in `--help`; the rest is loaded when the command is used. */
export type CommandEntry = Readonly<{
  /** 'tune <kernel>' */
  usage: string;
  summary: string;
  load(): Promise<Command>;
}>;

/** Defines a command; `act` may only read the options and arguments that it declares. */
export function defineCommand<
  const A extends Readonly<Record<string, string>>,
  const O extends Readonly<Record<string, OptionSpec>>,
>(
  command: Readonly<{ arguments: A; options: O }> &
    Omit<Command<(keyof A | keyof O) & string>, 'arguments' | 'options'>,
): Command {
  return Object.freeze(command);
}

export function nameOf({ usage }: CommandEntry): string {
  return usage.split(' ')[0];
}
