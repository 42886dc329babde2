import { z } from 'zod';
import { InputError } from '../../../search-space/input-error.ts';
import { type Command, type CommandEntry, nameOf } from '../command.ts';
import type { OptionSpec } from '../options/_base.ts';
import { STUDY_ID } from '../study-id.ts';
import { type AgentTool, requiredOf } from './tool.ts';

/** A tool with its command. */
export type LoadedTool = Readonly<{ tool: AgentTool; entry: CommandEntry; command: Command }>;

/** Arguments as the SDK has checked them: by the schema of `inputSchema`. */
export type AgentArguments = Readonly<Record<string, AgentValue>>;

type AgentValue = string | number | boolean | readonly string[] | undefined;

export async function loadTool(tool: AgentTool, entries: readonly CommandEntry[]): Promise<LoadedTool> {
  const entry = entries.find((each) => nameOf(each) === tool.command);
  if (entry === undefined) throw new Error(`no command is called ${tool.command}`);
  return { tool, entry, command: await entry.load() };
}

/** What an agent may give, as the command describes it. Unknown names are refused. */
export function inputSchema({ tool, entry, command }: LoadedTool) {
  const required = requiredOf(tool, entry);
  const fields: Record<string, z.ZodType<AgentValue>> = {};
  for (const name of tool.allowed) {
    const option = command.options[name];
    const field = (option === undefined ? z.string().min(1) : ofOption(option)).describe(
      descriptionOf(name, command),
    );
    fields[name] = required.includes(name) ? field : field.optional();
  }
  return z.strictObject(fields);
}

function ofOption({ kind, words }: OptionSpec): z.ZodType<AgentValue> {
  if (kind === 'switch') return z.boolean();
  if (kind === 'list') return z.array(z.string().min(1));
  if (words !== undefined) return z.enum(words);
  return z.union([z.string().min(1), z.number()]);
}

function descriptionOf(name: string, { arguments: given, options }: Command): string {
  const option = options[name];
  const describe = NAMES[name] ?? option?.describe ?? given[name];
  return option?.otherwise === undefined ? describe : `${describe} (default: ${option.otherwise})`;
}

/** What agents name by names only. */
const NAMES: Readonly<Record<string, string | undefined>> = Object.freeze({
  kernel: 'A name from list_kernels, or of a kernel in list_studies',
  target: 'A name from list_targets',
  before: 'A study’s id, from list_studies',
  after: 'The same',
});

/** Names only: what would open a file, or start a program, is for the person who starts the server. */
export function refusePaths(given: AgentArguments): void {
  for (const name of ['before', 'after']) {
    const word = given[name];
    if (word !== undefined && !STUDY_ID.test(String(word)))
      throw new InputError(name, `'${word}' is no id of a study`, 'list_studies has the ids');
  }
  for (const name of ['kernel', 'target']) {
    const word = given[name];
    if (typeof word !== 'string') continue;
    if (!/[/\\]|^(command|replay)(:|$)|\.(ttir|json|gz|c|db)$/i.test(word)) continue;
    const hint = name === 'target' ? 'name one of list_targets' : 'use a name from the lists';
    throw new InputError(name, `'${word}' means a file or a program, and agents may only use names`, hint);
  }
}
