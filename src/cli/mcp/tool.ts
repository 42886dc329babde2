import type { CommandEntry } from '../command.ts';

/** What an agent may ask for: a command, and the arguments and options of it that it may set. */
export type AgentTool = Readonly<{
  name: string;
  /** The command whose JSON document is the answer. */
  command: string;
  /** For the agent, after the command's own summary. */
  advice?: string;
  /** Names of the command's arguments and options. */
  allowed: readonly string[];
  /** Arguments that the command calls optional and an agent must give. */
  required?: readonly string[];
  /** Whether it measures: one such call at a time, within the budgets, and on the device if one was given. */
  measures?: true;
}>;

const SUBJECT = ['kernel', 'shape', 'dtype', 'target'];
const RESTRICTIONS = ['fix', 'values', 'forbid'];
const STUDY_IDS = 'Studies are named by their ids (list_studies).';

/** No tool opens a file, starts a program, or writes a number that nightshift has not measured or simulated itself. */
export const agentTools: readonly AgentTool[] = Object.freeze([
  { name: 'list_kernels', command: 'kernels', allowed: [] },
  { name: 'list_targets', command: 'targets', allowed: [] },
  { name: 'list_studies', command: 'studies', allowed: ['kernel', 'target'] },
  {
    name: 'space',
    command: 'space',
    advice: 'Names the parameters and their values.',
    allowed: [...SUBJECT, ...RESTRICTIONS],
  },
  {
    name: 'tune',
    command: 'tune',
    advice: 'Asking again goes on with the same study. The winner was chosen from many: `verify` proves it.',
    allowed: [
      ...SUBJECT,
      'beyond-compiler',
      'compiled',
      'trials',
      'for',
      'seed',
      ...RESTRICTIONS,
      'objective',
      'limit',
    ],
    measures: true,
  },
  {
    name: 'best',
    command: 'best',
    advice:
      'Its provenance says whether it was measured, simulated, verified, or adapted from another shape.',
    allowed: SUBJECT,
  },
  {
    name: 'explain',
    command: 'ladder',
    advice: 'A gain that nobody measured is unknown, with the reason.',
    allowed: [...SUBJECT, 'study'],
  },
  {
    name: 'simulate',
    command: 'simulate',
    advice: 'Simulated: no device has run it.',
    allowed: [...SUBJECT, 'set', 'config', 'what-if'],
  },
  { name: 'compare', command: 'compare', advice: STUDY_IDS, allowed: ['before', 'after', 'force'] },
  {
    name: 'ab',
    command: 'ab',
    advice: `Only this and \`verify\` support a claim that one is faster; quote their sentence. ${STUDY_IDS}`,
    allowed: [...SUBJECT, 'a', 'b', 'for'],
    required: ['a', 'b'],
    measures: true,
  },
  {
    name: 'verify',
    command: 'verify',
    advice: STUDY_IDS,
    allowed: ['study', 'against', 'by', 'for'],
    measures: true,
  },
]);

/** Of what `usage` says in angle brackets, and of what the tool adds. */
export function requiredOf(
  { allowed, required = [] }: AgentTool,
  { usage }: CommandEntry,
): readonly string[] {
  return allowed.filter((name) => usage.includes(`<${name}>`) || required.includes(name));
}
