import type { Factored } from './diagram/groups.ts';
import { nearestMember } from './diagram/nearest-member.ts';
import type { SearchSpace } from './search-space.ts';

/**
 * The members next to one, each once, never itself. For each parameter and each digit in reach: the
 * member that differs in that alone; where constraints forbid it, the nearest member that has this
 * digit and differs otherwise only in parameters tied to the changed one, if there is any.
 */
export function neighboursOf(
  space: SearchSpace,
  { decided, tied }: Factored,
  index: number,
  reach: 'adjacent' | 'hamming',
): readonly number[] {
  const digits = space.digitsAt(index);
  const found = new Set<number>();
  space.parameters.forEach(({ kind }, place) => {
    const { diagram, digits: possible } = decided[place];
    const steps = reach === 'adjacent' && kind === 'ordinal';
    for (const digit of steps ? besides(possible, digits[place]) : possible) {
      if (digit === digits[place]) continue;
      const changed = Int32Array.from(digits);
      changed[place] = digit;
      const single = space.indexOfDigits(changed);
      if (single >= 0) found.add(single);
      else if (nearestMember(diagram, changed, tied[place])) found.add(space.indexOfDigits(changed));
    }
  });
  return [...found];
}

/** The member that differs least from these digits, group by group; −1 where none was found. */
export function nearestOf(space: SearchSpace, { diagrams }: Factored, digits: Int32Array): number {
  const moved = Int32Array.from(digits);
  const all = new Set(digits.keys());
  return diagrams.every((diagram) => nearestMember(diagram, moved, all)) ? space.indexOfDigits(moved) : -1;
}

/** The digits one step down and up; a digit that no member has is stepped over. */
function besides(possible: readonly number[], digit: number): readonly number[] {
  const at = possible.indexOf(digit);
  return possible.slice(Math.max(0, at - 1), at + 2);
}
