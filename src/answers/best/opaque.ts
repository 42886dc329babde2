import type { CatalogStore } from '../../../store/catalog-store.ts';
import type { FindingStore } from '../../../store/finding-store.ts';
import type { StoredBest } from '../../../store/records.ts';
import { UNKNOWN_DTYPE } from '../../kernels/opaque.ts';
import { gather } from './gather.ts';

/** The bests of kernels without IR of a name: those that count under each target's name, and all. */
export type OpaqueBests = Readonly<{
  /** With the target's name instead of a title, because one name stands for all the commands that measured there. */
  known: readonly StoredBest[];
  all: readonly StoredBest[];
}>;

export async function bestsWithoutIr(
  name: string,
  store: Pick<CatalogStore, 'targets'> & Pick<FindingStore, 'bests'>,
  sought: Readonly<{ objective?: string }> = {},
): Promise<OpaqueBests> {
  const all = (await store.bests({ kernelName: name, ...sought })).filter(
    ({ kernel }) => kernel.source === 'opaque',
  );
  const records = all.length === 0 ? [] : await store.targets();
  const names = [...new Set(records.map((record) => record.name))];
  const known = names.flatMap((target) => {
    const [latest, ...earlier] = records.filter((record) => record.name === target);
    const prints = new Set([latest, ...earlier].map(({ fingerprint }) => fingerprint));
    const own = all.filter((best) => prints.has(best.target.fingerprint));
    return gather([latest, ...earlier], own).bests.map((best) => ({
      ...best,
      target: { ...best.target, name: target },
    }));
  });
  return { known, all };
}

/** Those on the target of a name; of a title, where one name is that of several devices. */
export function onTarget({ known, all }: OpaqueBests, target: string | undefined): readonly StoredBest[] {
  const named = known.filter((best) => target === undefined || best.target.name === target);
  return named.length > 0 ? named : all.filter((best) => best.target.name === target);
}

/** "8 on board", for each best; "on board" where the shape was not given. */
export function placesOf(bests: readonly StoredBest[]): readonly string[] {
  return bests.map(({ kernel: { shape }, target }) => {
    const isGiven = shape !== '' && shape !== UNKNOWN_DTYPE;
    return isGiven ? `${shape} on ${target.name}` : `on ${target.name}`;
  });
}
