import { InputError } from '../../search-space/input-error.ts';
import { type BestSource, findBest, observedAnswer, type Predict } from '../answers/best/find-best.ts';
import { bestsWithoutIr, onTarget, placesOf } from '../answers/best/opaque.ts';
import { resolveSubject } from '../ask/kernel-on-target.ts';
import { importsIn } from '../ask/own-kernels.ts';
import type { Subject } from '../ask/study-spec.ts';
import { type BestDocument, bestDocument } from '../documents/best.ts';
import { isOfLibrary } from '../kernels/library.ts';
import { compareShapes, formatShape, parseShape } from '../kernels/shape.ts';
import { listed } from '../report/words/listed.ts';
import { subjectOf } from '../report/words/subject.ts';
import type { NamedSubject, WorkerStore } from './messages.ts';

type Store = BestSource & Pick<WorkerStore, 'importedKernels'>;

/** The configuration to use for a kernel on a target. Throws InputError for names and shapes that are not there. */
export async function bestOf(asked: NamedSubject, store: Store, predict: Predict): Promise<BestDocument> {
  const measured = await measuredElsewhere(asked, store);
  if (measured !== undefined) return measured;
  const subject = await resolveSubject(namedSubject(asked), importsIn(store));
  const { kernel, target } = subject;
  const answer = await findBest({ ...subject, ...soughtIn(asked) }, store, predict);
  const { shape, dtype } = kernel;
  return bestDocument({ kernel: kernel.name, shape: formatShape(shape), dtype, target: target.name }, answer);
}

function soughtIn({ objective }: NamedSubject): Readonly<{ objective?: string }> {
  return objective === undefined ? {} : { objective };
}

function namedSubject({ kernel, shape, dtype, target }: NamedSubject): Subject {
  return {
    kernel: { kind: 'named', name: kernel },
    ...(shape !== undefined && { shape }),
    ...(dtype !== undefined && { dtype }),
    target: { kind: 'named', name: target },
  };
}

async function isImported(name: string, store: Store): Promise<boolean> {
  return (await store.importedKernels()).some(({ kernel }) => kernel.name === name);
}

/**
 * The best of a kernel without IR, which only a user's own device or a table has, found by its name; undefined where
 * none was measured on the target. Throws InputError for a shape or dtype without results, and where several are meant.
 */
async function measuredElsewhere(named: NamedSubject, store: Store): Promise<BestDocument | undefined> {
  const { kernel, shape, dtype, target, objective } = named;
  const all = await bestsWithoutIr(kernel, store);
  if (onTarget(all, target).length === 0) {
    const isElsewhere = all.known.length > 0 && !isOfLibrary(kernel) && !(await isImported(kernel, store));
    if (!isElsewhere) return undefined;
    const places = `there are results for ${listed(placesOf(all.known))}`;
    throw new InputError('target', `${kernel} has not been measured on ${target}`, places);
  }
  const there = onTarget(await bestsWithoutIr(kernel, store, soughtIn(named)), target);
  if (there.length === 0)
    throw new InputError('objective', `no study of ${kernel} on ${target} seeks ${objective}`);
  const found = there.filter(
    (one) =>
      (shape === undefined || one.kernel.shape === formatShape(parseShape(shape))) &&
      (dtype === undefined || one.kernel.dtype === dtype),
  );
  const sorted = [...there].sort((a, b) => compareShapes(a.kernel.shape, b.kernel.shape));
  const hint = `there are results for ${listed(sorted.map((one) => subjectOf(one.kernel)))}`;
  const [known, ...others] = found;
  if (known === undefined) {
    const asked = [shape, dtype].filter((word) => word !== undefined).join(' ');
    throw new InputError('shape', `${kernel} has not been measured on ${target} at ${asked}`, hint);
  }
  if (others.length > 0) throw new InputError(shape === undefined ? 'shape' : 'dtype', 'is missing', hint);
  const asked = { kernel, shape: known.kernel.shape, dtype: known.kernel.dtype, target };
  return bestDocument(asked, await observedAnswer(known, store));
}
