import type { Flags } from './flags.ts';
import type { OptionSpec } from './options/_base.ts';
import type { GlobalOption } from './options/global.ts';
import type { Session } from './session.ts';

/** A command as data: `program.ts` gives it to yargs, which no command knows. */
export type Command<Name extends string = string> = Readonly<{
  arguments: Readonly<Record<string, string>>;
  options: Readonly<Record<string, OptionSpec>>;
  /** What the words after `--` are, where the command takes any. */
  rest?: string;
  examples: readonly (readonly [line: string, what: string])[];
  act(flags: Flags<Name | GlobalOption>, session: Session): Promise<void>;
}>;

/** A command's place in the list; the rest is loaded when somebody uses it. */
export type CommandEntry = Readonly<{
  /** 'tune <kernel>' */
  usage: string;
  summary: string;
  load(): Promise<Command>;
}>;

/** Ties the names that `act` may ask for to those that are declared. */
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
