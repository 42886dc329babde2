import type { Budget } from '../../../store/records.ts';
import type { StudySpec } from '../../ask/study-spec.ts';
import { shellWord } from '../../languages/shell.ts';
import { visible } from '../../languages/visible.ts';
import { targetWord } from '../../targets/reference.ts';
import type { StudyStory } from './study-story.ts';

/**
 * The command lines that repeat a study, ready to paste: one for each visit, with its budget. Null if no
 * command can: the study used a local device or a table, its trials were imported or told, or a name in it
 * would be read as an option or has invisible characters.
 */
export function repeatCommands({ study, kernel, visits, spec }: StudyStory): string | null {
  if (spec === null || spec.target.kind === 'local' || spec.target.kind === 'device') return null;
  const target = targetWord(spec.target);
  const words = [
    ...['nightshift', 'tune', askedName(spec, kernel.name), '--shape', kernel.shape, '--dtype', kernel.dtype],
    ...['--target', target, ...steeringWords(spec)],
    ...['--strategy', study.strategy, '--seed', String(study.seed)],
  ];
  if (kernel.name.startsWith('-') || words.some((word) => visible(word) !== word)) return null;
  const budgets = visits.length === 0 ? [{}] : visits.map(({ budget }) => budget);
  return budgets.map((budget) => [...words, ...budgetWords(budget)].map(shellWord).join(' ')).join('\n');
}

/** Its name; if that is the name of another kernel, the file that it came from. */
function askedName({ kernel }: StudySpec, title: string): string {
  return kernel.name === title || !('source' in kernel) ? kernel.name : kernel.source;
}

function steeringWords({ objective, limits = [], forbid, values, timeout }: StudySpec): readonly string[] {
  return [
    ...(objective === undefined ? [] : ['--objective', objective]),
    ...limits.flatMap((text) => ['--limit', text]),
    ...Object.entries(values).flatMap(([name, held]) => ['--values', `${name}=${held.join(',')}`]),
    ...forbid.flatMap((text) => ['--forbid', text]),
    ...(timeout === undefined ? [] : ['--timeout', timeout]),
  ];
}

function budgetWords({ trials, forMs, stall }: Budget): readonly string[] {
  return [
    ...(trials === undefined ? [] : ['--trials', String(trials)]),
    ...(forMs === undefined ? [] : ['--for', `${Math.round(forMs / 1000)}s`]),
    ...(stall === undefined ? [] : ['--patience', String(stall.trials)]),
  ];
}
