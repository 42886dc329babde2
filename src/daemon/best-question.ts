import { targetKinds } from '../../store/target-kinds.ts';
import { type BestSource, findBest, observedAnswer, type Predict } from '../answers/best/find-best.ts';
import { resolveSubject } from '../ask/kernel-on-target.ts';
import type { Subject } from '../ask/study-spec.ts';
import { type BestDocument, bestDocument } from '../documents/best.ts';
import { formatShape, parseShape } from '../kernels/shape.ts';
import type { NamedSubject, WorkerStore } from './messages.ts';

type Store = BestSource & Pick<WorkerStore, 'importedKernels'>;

/** The configuration to use for a kernel on a target. Throws InputError for names and shapes that are not there. */
export async function bestOf(asked: NamedSubject, store: Store, predict: Predict): Promise<BestDocument> {
  const measured = await measuredElsewhere(asked, store);
  if (measured !== undefined) return measured;
  const subject = await resolveSubject(subjectOf(asked), () => store.importedKernels());
  const { kernel, target } = subject;
  const answer = await findBest(subject, store, predict);
  const { shape, dtype } = kernel;
  return bestDocument({ kernel: kernel.name, shape: formatShape(shape), dtype, target: target.name }, answer);
}

function subjectOf({ kernel, shape, dtype, target }: NamedSubject): Subject {
  return {
    kernel: { kind: 'named', name: kernel },
    ...(shape !== undefined && { shape }),
    ...(dtype !== undefined && { dtype }),
    target: { kind: 'named', name: target },
  };
}

/** The best of a kernel without IR, measured by an external harness and found by its name. */
async function measuredElsewhere(
  { kernel, shape, dtype, target }: NamedSubject,
  store: Store,
): Promise<BestDocument | undefined> {
  const bests = await store.bests({ kernelName: kernel });
  const known = bests.find(
    (one) =>
      targetKinds[one.target.kind].runs === 'opaque kernels' &&
      one.target.name === target &&
      (shape === undefined || one.kernel.shape === formatShape(parseShape(shape))) &&
      (dtype === undefined || one.kernel.dtype === dtype),
  );
  if (known === undefined) return undefined;
  const asked = { kernel, shape: known.kernel.shape, dtype: known.kernel.dtype, target };
  return bestDocument(asked, await observedAnswer(known, store));
}
