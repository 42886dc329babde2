import { studyDocument } from '../../report/documents/findings.ts';
import { drawFindings } from '../../report/terminal/findings.ts';
import { spaceOf } from '../../study-request.ts';
import { defineCommand } from '../command.ts';
import { budgetFrom, budgetOptions } from '../options/budget.ts';
import { formatOption, TEXT_OR_JSON } from '../options/format.ts';
import { kernelArgument, shapeOptions, targetOption } from '../options/kernel.ts';
import { steeringOptions } from '../options/steering.ts';
import { strategyOptions } from '../options/strategy.ts';
import { questionOf } from '../questions.ts';
import { referenceOf, requestFrom } from '../request.ts';
import { writing } from '../stores.ts';
import { visit } from '../visit.ts';

export const tune = defineCommand({
  arguments: kernelArgument,
  options: {
    ...shapeOptions,
    ...targetOption,
    ...budgetOptions,
    ...strategyOptions,
    ...steeringOptions,
    ...formatOption,
  },
  examples: [
    ['tune gelu', 'a first look, in seconds'],
    ['tune vector-add --shape 64x16384 --target hexagon-mlir --trials 300', "a paper's kernel and device"],
    ['tune softmax --for 10m --fix threads=4 --values tile=4096,8192', 'a steered study'],
    ['tune gelu --format json > gelu.json', 'one document for programs'],
  ],
  async act(flags, session) {
    const format = flags.oneOf('format', TEXT_OR_JSON, 'text');
    const question = await questionOf(flags, flags.text('shape'), session);
    const request = requestFrom(question, flags);
    const budget = budgetFrom(flags, question.target, spaceOf(request).size);
    const options = { quiet: flags.isOn('quiet'), heading: '', signal: session.interruption() };
    await writing('tune', flags, session, async (store) => {
      const { study, findings } = await visit(request, budget, store, options, session);
      const title = referenceOf(request, study.id);
      if (format === 'json') return session.printJson(studyDocument(title, findings));
      const place = `study ${study.id} in ${store.location}`;
      session.print(drawFindings({ title, findings, place, ...session.out }));
    });
  },
});
