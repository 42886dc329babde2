import type { House } from './house.ts';
import type { Import } from './imports.ts';
import { isWithin } from './source.ts';

/** Each named package may be imported at one place only, and none in a pure folder. */
export function doorComplaint({ from, specifier }: Import, { doors, pure }: House): string | undefined {
  if (/^[./]/.test(specifier)) return undefined;
  const still = pure.find((folder) => isWithin(from, folder));
  if (still !== undefined) return `${from} imports '${specifier}', but ${still} has no I/O and no packages.`;
  if (from.startsWith('scripts/')) return undefined;
  const door = Object.entries(doors).find(
    ([name]) => specifier === name || specifier.startsWith(name.endsWith('/') ? name : `${name}/`),
  );
  if (door === undefined || from.startsWith(door[1])) return undefined;
  return `${from} imports '${specifier}', but that package enters at ${door[1]} only.`;
}
