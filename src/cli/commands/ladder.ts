import { withoutFindings } from '../../answers/study-end.ts';
import { parseFindings, storedReference, studyDocument } from '../../documents/findings.ts';
import { drawFindings } from '../../report/terminal/findings.ts';
import { defineCommand } from '../command.ts';
import { NothingFound } from '../nothing-found.ts';
import { formatOption, TEXT_OR_JSON } from '../options/format.ts';
import { kernelArgument, shapeOptions, studyOption, targetOption } from '../options/kernel.ts';
import { reading } from '../stores.ts';
import { chooseStudy } from '../study-choice.ts';

export const ladder = defineCommand({
  arguments: kernelArgument,
  options: { ...shapeOptions, ...targetOption, ...studyOption, ...formatOption },
  examples: [
    ['ladder gelu', 'gelu at its default shape and target, else its newest study'],
    ['ladder gelu --shape 2^20 --target hexagon-v75', 'gelu at this shape, on this target'],
    ['ladder --study 1a2b', 'this study'],
  ],
  async act(flags, session) {
    const format = flags.oneOf('format', TEXT_OR_JSON, 'text');
    await reading(flags, session, async (store) => {
      const { summary, findings: stored } = await chooseStudy(flags, session, store);
      const findings = parseFindings(stored);
      if (findings === undefined) throw new NothingFound(withoutFindings(summary.study, stored));
      const document = studyDocument(storedReference(summary), findings);
      if (format === 'json') return session.printJson(document);
      const place = `study ${document.study.id} in ${store.location}`;
      session.show({ document, place }, (seen, surface) => drawFindings({ ...seen, ...surface }));
    });
  },
});
