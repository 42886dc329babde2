import { InputError } from '../../../../search-space/input-error.ts';

/** A figure as a target file has it. */
export type WrittenFigure = Readonly<{ value: number; source: string; range: readonly [number, number] }>;

/** A target file's content with some figures written anew, each at its path. Throws InputError where it has none there. */
export function withWrittenFigures(
  json: unknown,
  file: string,
  figures: Readonly<Record<string, WrittenFigure>>,
): Record<string, unknown> {
  const copy: unknown = structuredClone(json);
  if (!isRecord(copy)) throw new InputError('target', `${file} is no object`);
  for (const [path, figure] of Object.entries(figures)) {
    let place: unknown = copy;
    for (const key of path.split('.')) place = isRecord(place) ? place[key] : undefined;
    if (!isRecord(place)) throw new InputError('target', `${file} has no figure at ${path}`);
    Object.assign(place, figure);
  }
  return copy;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
