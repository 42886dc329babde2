import type { SimulatedTarget } from './schema.ts';

/** Where a figure comes from: something published or read in a manual, a fit to published times, or a judgement. */
export type FigureOrigin = Readonly<{ kind: 'measured' | 'fitted' | 'prior'; source: string }>;

const known = new WeakMap<SimulatedTarget, ReadonlyMap<string, FigureOrigin>>();

/** Remembers where the figures of a target's file come from, by their paths. Returns the target. */
export function rememberOrigins(target: SimulatedTarget, json: unknown): SimulatedTarget {
  const found = new Map<string, FigureOrigin>();
  collect(json, '', found);
  known.set(target, found);
  return target;
}

/** The origin of each figure, by its dotted path; none for a target that was not read from a file. */
export function originsOf(target: SimulatedTarget): ReadonlyMap<string, FigureOrigin> {
  return known.get(target) ?? new Map();
}

function collect(part: unknown, path: string, found: Map<string, FigureOrigin>): void {
  if (typeof part !== 'object' || part === null) return;
  if ('source' in part && typeof part.source === 'string' && 'value' in part) {
    found.set(path, { kind: kindOf(part.source), source: part.source });
    return;
  }
  for (const [key, inner] of Object.entries(part))
    collect(inner, path === '' ? key : `${path}.${key}`, found);
}

function kindOf(source: string): FigureOrigin['kind'] {
  if (source === 'fitted') return 'fitted';
  return source.startsWith('prior') ? 'prior' : 'measured';
}
