import { InputError } from '../../search-space/input-error.ts';
import type { CatalogStore } from '../../store/catalog-store.ts';
import type { FindingStore } from '../../store/finding-store.ts';
import type { StoredBest } from '../../store/records.ts';
import type { Store } from '../../store/store.ts';
import { storedShape } from '../answers/best/known-shape.ts';
import { bestsWithoutIr, onTarget, placesOf } from '../answers/best/opaque.ts';
import { leastRegret, type RobustChoice } from '../answers/best/robust.ts';
import { DEFAULT_TARGET } from '../ask/study-spec.ts';
import { isOfLibrary } from '../kernels/library.ts';
import { compareShapes } from '../kernels/shape.ts';
import { listed } from '../report/words/listed.ts';
import type { Flags } from './flags.ts';
import { NothingFound } from './nothing-found.ts';

/**
 * The bests of a kernel without IR, found by its name, on a target that was asked for; undefined if the store has
 * no such kernel, or the name means another. One target's name stands for all the commands that measured on it.
 * Sorted by shape.
 */
export async function opaqueBests(
  flags: Flags<'kernel' | 'dtype' | 'target'>,
  store: Store,
  sought: Readonly<{ objective?: string }> = {},
): Promise<readonly StoredBest[] | undefined> {
  const name = flags.required('kernel');
  const records = (await store.kernels({ name })).filter(({ ir }) => ir === null);
  if (records.length === 0) return undefined;
  const bests = await bestsWithoutIr(name, store, sought);
  const { known } = bests;
  const target = flags.text('target');
  if (await isAnotherMeant(name, target, known, store)) return undefined;
  const there = onTarget(bests, target);
  const found = there.filter(({ kernel: { dtype } }) => dtype === (flags.text('dtype') ?? dtype));
  if (found.length === 0 && sought.objective !== undefined)
    throw new NothingFound(`no study of ${name} there seeks ${sought.objective}`);
  if (found.length === 0) throw notMeasured(name, known);
  return found.sort((a, b) => compareShapes(a.kernel.shape, b.kernel.shape));
}

/** Those of the asked shapes, or all. Throws NothingFound for a shape without any. */
export function atShapes(
  bests: readonly StoredBest[],
  shapes: readonly string[] | undefined,
): readonly StoredBest[] {
  if (shapes === undefined) return bests;
  return shapes.flatMap((shape) => {
    const found = bests.filter(({ kernel }) => kernel.shape === shape);
    if (found.length === 0) throw notMeasured(bests[0].kernel.name, bests);
    return found;
  });
}

/** One configuration for all these shapes of a kernel. Throws InputError if they are of several targets or dtypes. */
export async function robustOpaque(bests: readonly StoredBest[], store: Store): Promise<RobustChoice | null> {
  onlyOne('--target', new Set(bests.map(({ target }) => target.name)));
  onlyOne('--dtype', new Set(bests.map(({ kernel }) => kernel.dtype)));
  const known = await Promise.all(
    bests.map(({ kernel, target }) => storedShape(kernel, target.fingerprint, store)),
  );
  const study = await store.study(bests[0].studyId);
  if (study === undefined) return null;
  const simplicity = { space: study.space, default: study.defaultConfiguration };
  return leastRegret(
    known.filter((shape) => shape !== undefined),
    simplicity,
  );
}

function onlyOne(option: string, names: ReadonlySet<string>): void {
  if (names.size > 1) throw new InputError(option, `is missing: there are results for ${listed([...names])}`);
}

/**
 * Whether a name means a library or imported kernel, and not the opaque kernel of the same name. The target
 * decides; without one, the name means the kernel that has results on the default target. Throws InputError
 * where neither tells.
 */
async function isAnotherMeant(
  name: string,
  target: string | undefined,
  known: readonly StoredBest[],
  store: CatalogStore & FindingStore,
): Promise<boolean> {
  const isShared = isOfLibrary(name) || (await store.importedKernel(name)) !== undefined;
  if (!isShared) return false;
  if (target !== undefined) return known.every((best) => best.target.name !== target);
  const bests = await store.bests({ kernelName: name });
  if (bests.some(({ kernel, target: on }) => kernel.source !== 'opaque' && on.name === DEFAULT_TARGET))
    return true;
  const named = new Map(known.map((best) => [best.kernel.name, best.target.name]));
  const others = [...named].map(([title, on]) => `'${title}' on ${on}`).join(', ');
  throw new InputError(name, `is also the name of a kernel without IR: ${others}`, 'say which with --target');
}

function notMeasured(name: string, known: readonly StoredBest[]): NothingFound {
  const places = placesOf(known);
  const where = places.length === 0 ? 'nothing has been timed yet' : `results exist for ${places.join(', ')}`;
  return new NothingFound(
    `${name} has not been measured there, and only its own device can measure it; ${where}`,
  );
}
