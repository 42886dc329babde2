import { withoutFindings } from '../../answers/study-end.ts';
import { whyOf } from '../../answers/why/why.ts';
import { parseFindings, storedReference } from '../../documents/findings.ts';
import { whyDocument } from '../../documents/why.ts';
import { drawWhy } from '../../report/terminal/why.ts';
import { defineCommand } from '../command.ts';
import { NothingFound } from '../nothing-found.ts';
import { formatOption, TEXT_OR_JSON } from '../options/format.ts';
import { shapeOptions, studyOption, targetOption } from '../options/kernel.ts';
import { reading } from '../stores.ts';
import { studyAsked } from '../study-choice.ts';

export const why = defineCommand({
  arguments: { kernel: 'A kernel that was tuned, or the id of a study' },
  options: { ...shapeOptions, ...targetOption, ...studyOption, ...formatOption },
  examples: [
    ['why gelu', 'from the default to the configuration to use, one parameter at a time; what limits it now'],
    ['why 1a2b --format json', 'of a study, for programs, with its roofline'],
  ],
  async act(flags, session) {
    const format = flags.oneOf('format', TEXT_OR_JSON, 'text');
    const document = await reading(flags, session, async (store) => {
      const summary = await studyAsked(flags, session, store, ({ timed }) => timed > 0);
      const stored = await store.findings(summary.study.id);
      const findings = parseFindings(stored);
      if (findings === undefined) throw new NothingFound(withoutFindings(summary.study, stored));
      const found = await whyOf(summary, findings, store);
      return whyDocument(storedReference(summary), summary.study.defaultConfiguration, findings, found);
    });
    if (format === 'json') return session.printJson(document);
    session.show(document, (seen, { columns, paint }) => drawWhy(seen, columns, paint));
  },
});
