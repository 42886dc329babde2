import type { BestAnswer } from '../../answers/best/answer.ts';
import { type BestQuestion, findBest } from '../../answers/best/find-best.ts';
import { predictBest } from '../../answers/model/predict-best.ts';
import { bestDocument } from '../../documents/best.ts';
import { formatShape } from '../../kernels/shape.ts';
import { drawBest } from '../../report/terminal/best.ts';
import { defineCommand } from '../command.ts';
import type { Flags } from '../flags.ts';
import { learnedModel } from '../learned-model.ts';
import { formatOption, TEXT_OR_JSON } from '../options/format.ts';
import type { GlobalOption } from '../options/global.ts';
import { kernelArgument, shapeOptions, targetOption } from '../options/kernel.ts';
import type { Session } from '../session.ts';
import { readingIfThere } from '../stores.ts';
import { kernelOnTarget } from '../subject.ts';

export const predict = defineCommand({
  arguments: kernelArgument,
  options: { ...shapeOptions, ...targetOption, ...formatOption },
  examples: [['predict gelu --shape 300000 --target wasm', 'a shape that was never tried, with an interval']],
  async act(flags, session) {
    const format = flags.oneOf('format', TEXT_OR_JSON, 'text');
    const question = await kernelOnTarget(flags, flags.text('shape'), session);
    const { kernel, target } = question;
    const asked = {
      kernel: kernel.name,
      shape: formatShape(kernel.shape),
      dtype: kernel.dtype,
      target: target.name,
    };
    const document = bestDocument(asked, await answerTo(question, flags, session));
    if (format === 'json') session.printJson(document);
    else session.show(document, (seen, { columns, paint }) => drawBest(seen, columns, paint));
  },
});

/** What `best` answers; a model, which may have to be trained first, where it knows no better than the default. */
async function answerTo(
  question: BestQuestion,
  flags: Flags<GlobalOption>,
  session: Session,
): Promise<BestAnswer> {
  const answer =
    (await readingIfThere(flags, session, undefined, (store) => findBest(question, store))) ??
    (await findBest(question, undefined));
  if (answer.how !== 'default') return answer;
  const { from, isFar, why } = answer;
  const predicted = predictBest(await learnedModel(flags, session), question);
  return { how: 'predicted', from, configuration: predicted.configuration, predicted, isFar, why };
}
