import { isKnown } from '../../../tuner/attribution/gain.ts';
import { LEAST_TRIALS } from '../../../tuner/attribution/importance.ts';
import { importanceInStudy } from '../../answers/importance.ts';
import { storedReference } from '../../documents/findings.ts';
import { importanceDocument } from '../../documents/importance.ts';
import { drawImportance } from '../../report/terminal/importance.ts';
import { defineCommand } from '../command.ts';
import { NothingFound } from '../nothing-found.ts';
import { formatOption, TEXT_OR_JSON } from '../options/format.ts';
import { shapeOptions, studyOption, targetOption } from '../options/kernel.ts';
import { reading } from '../stores.ts';
import { studyAsked } from '../study-choice.ts';

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
      const summary = await studyAsked(flags, session, store, ({ timed }) => timed >= LEAST_TRIALS);
      const found = await importanceInStudy(summary.study, store);
      if (!isKnown(found)) throw new NothingFound(`study ${summary.study.id}: ${found.why}`);
      return importanceDocument(storedReference(summary), summary.target.kind, found);
    });
    if (format === 'json') return session.printJson(document);
    session.show(document, (seen, { columns, paint }) => drawImportance(seen, columns, paint));
  },
});
