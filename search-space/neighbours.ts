import type { Factored } from './diagram/groups.ts';
import { nearestMember } from './diagram/nearest-member.ts';
import type { Parameter } from './parameter.ts';
import type { SearchSpace } from './search-space.ts';

/**
 * The members next to one, each once, never itself. For each parameter and each digit in reach: the
 * member that differs in that alone; where constraints forbid it, the nearest member that has this
 * digit and differs otherwise only in parameters tied to the changed one, if there is any.
 */
export function neighboursOf(
  space: SearchSpace,
  { diagrams, tied }: Factored,
  index: number,
  reach: 'adjacent' | 'hamming',
): readonly number[] {
  const digits = space.digitsAt(index);
  const found = new Set<number>();
  space.parameters.forEach((parameter, place) => {
    const diagram = diagrams.find(({ levels }) => levels.some((level) => level.place === place));
    for (const digit of digitsInReach(parameter, digits[place], reach)) {
      const changed = Int32Array.from(digits);
      changed[place] = digit;
      const single = space.indexOfDigits(changed);
      if (single >= 0) found.add(single);
      else if (diagram !== undefined && nearestMember(diagram, changed, tied[place])) {
        found.add(space.indexOfDigits(changed));
      }
    }
  });
  return [...found];
}

function digitsInReach(
  { kind, values }: Parameter,
  digit: number,
  reach: 'adjacent' | 'hamming',
): readonly number[] {
  if (reach === 'adjacent' && kind === 'ordinal') {
    return [digit - 1, digit + 1].filter((next) => next >= 0 && next < values.length);
  }
  return values.map((_, other) => other).filter((other) => other !== digit);
}
