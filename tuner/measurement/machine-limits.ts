import type { Comparison } from '../../store/comparison.ts';

type Environment = Comparison['environment'];

/** A limit of the machine that a backend measured, and the most that a variant's thread reached of the same. */
const LIMITS = Object.freeze([
  { limit: 'multiplyAddGflops', reached: 'reachedGflops', unit: 'GFLOP/s', of: 'multiply-adds' },
  { limit: 'copyGBs', reached: 'reachedCopyGBs', unit: 'GB/s', of: 'copying' },
  { limit: 'triadGBs', reached: 'reachedTriadGBs', unit: 'GB/s', of: 'a triad' },
] as const);

/** A limit is measured on its best of several runs; a sample may still be a little luckier. */
const TOLERANCE = 1.1;

/** A sentence for each limit that a variant is above: no variant can be faster than its machine. */
export function contradictions(environment: Environment): readonly string[] {
  return LIMITS.flatMap(({ limit, reached, unit, of }) => {
    const [most, seen] = [environment[limit], environment[reached]];
    if (typeof most !== 'number' || typeof seen !== 'number' || seen <= most * TOLERANCE) return [];
    return [
      `A contradiction: a variant did ${seen.toPrecision(3)} ${unit} a thread, and the machine's limit of ${of} was measured as ${most.toPrecision(3)}. The limit is wrong, as on a disturbed machine, or the time is: measure again on a quieter machine, and report it if it stays.`,
    ];
  });
}

/** What two processes say, the later one last, with the most that either measured of each limit and reached. */
export function withMostOf(before: Environment, after: Environment): Environment {
  const most = LIMITS.flatMap(({ limit, reached }) => [limit, reached]).flatMap((name) => {
    const known = [before[name], after[name]].filter((value) => typeof value === 'number');
    return known.length === 0 ? [] : [[name, Math.max(...known)] as const];
  });
  return { ...before, ...after, ...Object.fromEntries(most) };
}
