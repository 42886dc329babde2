import { predictBest } from '../../answers/model/predict-best.ts';
import { bestDocument } from '../../documents/best.ts';
import { formatShape } from '../../kernels/shape.ts';
import { drawBest } from '../../report/terminal/best.ts';
import { defineCommand } from '../command.ts';
import { learnedModel } from '../learned-model.ts';
import { formatOption, TEXT_OR_JSON } from '../options/format.ts';
import { kernelArgument, shapeOptions, targetOption } from '../options/kernel.ts';
import { kernelOnTarget } from '../subject.ts';

export const predict = defineCommand({
  arguments: kernelArgument,
  options: { ...shapeOptions, ...targetOption, ...formatOption },
  examples: [
    ['predict gelu --shape 3000000 --target hexagon-v75', 'a shape that was never tried, with an interval'],
  ],
  async act(flags, session) {
    const format = flags.oneOf('format', TEXT_OR_JSON, 'text');
    const question = await kernelOnTarget(flags, flags.text('shape'), session);
    const { kernel, target } = question;
    const model = await learnedModel(flags, session);
    const predicted = predictBest(model, question);
    const asked = {
      kernel: kernel.name,
      shape: formatShape(kernel.shape),
      dtype: kernel.dtype,
      target: target.name,
    };
    const from = target.kind;
    const { configuration } = predicted;
    const document = bestDocument(asked, { how: 'predicted', from, configuration, predicted });
    if (format === 'json') session.printJson(document);
    else session.show(document, (seen, { columns, paint }) => drawBest(seen, columns, paint));
  },
});
