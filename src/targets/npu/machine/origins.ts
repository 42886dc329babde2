import { z } from 'zod';
import type { SimulatedTarget } from './schema.ts';

/** Where a figure comes from: something published or read in a manual, a fit to published times, or a judgement. */
export const ORIGINS = Object.freeze(['measured', 'fitted', 'prior'] as const);

export type FigureOrigin = Readonly<{
  kind: (typeof ORIGINS)[number];
  source: string;
  value: number | string;
  /** Within which it is known; absent where it is taken as exact. */
  range?: readonly [low: number, high: number];
}>;

const figureSchema = z.object({
  value: z.union([z.number(), z.string()]),
  source: z.string(),
  range: z.tuple([z.number(), z.number()]).exactOptional(),
});

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
  const figure = figureSchema.safeParse(part);
  if (figure.success) {
    found.set(path, { kind: kindOf(figure.data.source), ...figure.data });
    return;
  }
  for (const [key, inner] of Object.entries(part))
    collect(inner, path === '' ? key : `${path}.${key}`, found);
}

function kindOf(source: string): FigureOrigin['kind'] {
  if (/^fitted(:|$)/.test(source)) return 'fitted';
  return source.startsWith('prior') ? 'prior' : 'measured';
}
