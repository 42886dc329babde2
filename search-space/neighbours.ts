import type { Factored } from './diagram/groups.ts';
import { nearestMember } from './diagram/nearest-member.ts';
import type { SearchSpace } from './search-space.ts';

/**
 * The neighbours of a member, each once, without itself. For each parameter and each digit in reach: the
 * member that differs in this digit alone; if constraints forbid it, the nearest member, if any, that has
 * this digit and otherwise differs only in parameters that constraints tie to the changed one.
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

/** The index of the member that differs least from these digits, found group by group; −1 if none was found. */
export function nearestOf(space: SearchSpace, { diagrams }: Factored, digits: Int32Array): number {
  const moved = Int32Array.from(digits);
  const all = new Set(digits.keys());
  return diagrams.every((diagram) => nearestMember(diagram, moved, all)) ? space.indexOfDigits(moved) : -1;
}

/** The nearest possible digits below and above. */
function besides(possible: readonly number[], digit: number): readonly number[] {
  const at = possible.indexOf(digit);
  return possible.slice(Math.max(0, at - 1), at + 2);
}
