import type { Budget } from '../../../store/records.ts';
import { shellWord } from '../../text/shell-word.ts';
import type { Steered } from './steering.ts';
import type { StudyStory } from './story.ts';

/**
 * The command lines that make the same study, ready to paste: one a visit, with its budget. Null where
 * none can: a kernel without IR is measured by what the store does not hold.
 */
export function repeatCommands({ study, kernel, target, visits, steered }: StudyStory): string | null {
  if (steered === null) return null;
  const words = [
    ...['nightshift', 'tune', kernel.name, '--shape', kernel.shape, '--dtype', kernel.dtype],
    ...['--target', target.name, ...steeringWords(steered)],
    ...['--strategy', study.strategy, '--seed', String(study.seed)],
  ];
  const budgets = visits.length === 0 ? [{}] : visits.map(({ budget }) => budget);
  return budgets.map((budget) => [...words, ...budgetWords(budget)].map(shellWord).join(' ')).join('\n');
}

/** All as --values, in their order: it is part of what makes a space this space. */
function steeringWords({ isExpressible, values }: Steered): readonly string[] {
  return [
    ...(isExpressible ? ['--expressible', 'hexagon-mlir'] : []),
    ...Object.entries(values).flatMap(([name, held]) => ['--values', `${name}=${held.join(',')}`]),
  ];
}

function budgetWords({ trials, forMs }: Budget): readonly string[] {
  return [
    ...(trials === undefined ? [] : ['--trials', String(trials)]),
    ...(forMs === undefined ? [] : ['--for', `${Math.round(forMs / 1000)}s`]),
  ];
}
