import type { FindingStore } from '../../../store/finding-store.ts';
import type { StudyStore, StudySummary } from '../../../store/study-store.ts';
import { isKnown } from '../../../tuner/attribution/gain.ts';
import { LEAST_TRIALS } from '../../../tuner/attribution/importance.ts';
import { importanceInStudy } from '../../answers/importance.ts';
import { storedReference } from '../../documents/findings.ts';
import { importanceDocument } from '../../documents/importance.ts';
import { libraryKernels } from '../../kernels/library.ts';
import { drawImportance } from '../../report/terminal/importance.ts';
import { defineCommand } from '../command.ts';
import type { Flags } from '../flags.ts';
import { NothingFound } from '../nothing-found.ts';
import { formatOption, TEXT_OR_JSON } from '../options/format.ts';
import type { GlobalOption } from '../options/global.ts';
import { shapeOptions, studyOption, targetOption } from '../options/kernel.ts';
import type { Session } from '../session.ts';
import { reading } from '../stores.ts';
import { chooseStudy } from '../study-choice.ts';

export const importance = defineCommand({
  arguments: { kernel: 'A kernel that was tuned, or the id of a study' },
  options: { ...shapeOptions, ...targetOption, ...studyOption, ...formatOption },
  examples: [
    ['importance gelu', 'which parameters matter, and which act together'],
    ['importance 1a2b --format json', 'of a study, for programs'],
  ],
  async act(flags, session) {
    const format = flags.oneOf('format', TEXT_OR_JSON, 'text');
    const document = await reading(flags, session, async (store) => {
      const summary = await studyAsked(flags, session, store);
      const found = await importanceInStudy(summary.study, store);
      if (!isKnown(found)) throw new NothingFound(`study ${summary.study.id}: ${found.why}`);
      return importanceDocument(storedReference(summary), summary.target.kind, found);
    });
    if (format === 'json') return session.printJson(document);
    session.show(document, (seen, { paint }) => drawImportance(seen, paint));
  },
});

/** A name that a kernel has means the kernel. Throws NothingFound. */
async function studyAsked(
  flags: Flags<
    'kernel' | keyof typeof shapeOptions | keyof typeof targetOption | keyof typeof studyOption | GlobalOption
  >,
  session: Session,
  store: StudyStore & FindingStore,
): Promise<StudySummary> {
  const word = flags.required('kernel');
  const isKernel =
    libraryKernels.some(({ name }) => name === word) ||
    (await store.studies({ kernelName: word, limit: 1 })).length > 0;
  const study = isKernel ? undefined : await store.study(word);
  const summary = study === undefined ? undefined : await store.summary(study.id);
  return summary ?? (await chooseStudy(flags, session, store, ({ timed }) => timed >= LEAST_TRIALS)).summary;
}
