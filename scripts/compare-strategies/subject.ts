import { permutation, randomFor } from '../../search-space/random.ts';
import { derived, derivedFamilies } from './families/derived.ts';
import { madeUp, madeUpFamilies } from './families/made-up.ts';
import { transferred, transferredFamilies } from './families/transferred.ts';
import { type Landscape, landscapeOf } from './landscape.ts';
import type { Shelf } from './shelf.ts';

/** What is searched, as data that a worker makes a landscape of. */
export type Subject =
  | Readonly<{ kind: 'table'; path: string }>
  | Readonly<{ kind: 'derived'; path: string; family: string; seed: number; draw: number }>
  | Readonly<{ kind: 'made-up'; family: string; seed: number; draw: number }>
  | Readonly<{ kind: 'transferred'; family: string; seed: number; draw: number }>;

export const familyNames: readonly string[] = Object.freeze([
  ...derivedFamilies,
  ...madeUpFamilies,
  ...transferredFamilies,
]);

/** So many landscapes of each family; a derived family takes its tables in an order drawn by the seed. */
export function drawnSubjects(
  families: readonly string[],
  paths: readonly string[],
  { draws, seed }: Readonly<{ draws: number; seed: number }>,
): readonly Subject[] {
  const numbers = Array.from({ length: draws }, (_, draw) => draw);
  return families.flatMap((family) => {
    const order = permutation(randomFor('tables', family, seed), paths.length);
    return numbers.map((draw): Subject => {
      if (derivedFamilies.includes(family))
        return { kind: 'derived', path: paths[order[draw % order.length]], family, seed, draw };
      const kind = transferredFamilies.includes(family) ? 'transferred' : 'made-up';
      return { kind, family, seed, draw };
    });
  });
}

export async function landscapeOfSubject(subject: Subject, shelf: Shelf): Promise<Landscape> {
  if (subject.kind === 'made-up') return madeUp(subject.family, subject.seed, subject.draw);
  if (subject.kind === 'transferred')
    return transferred(subject.family, subject.seed, subject.draw).landscape;
  const table = await shelf.table(subject.path);
  if (subject.kind === 'table') return landscapeOf(table);
  return derived(subject.family, table, subject.seed, subject.draw);
}
