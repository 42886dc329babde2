import { modelDocument } from '../../documents/model.ts';
import { drawModel } from '../../report/terminal/model.ts';
import { defineCommand } from '../command.ts';
import { learnedModel, learnNow } from '../learned-model.ts';
import { formatOption, TEXT_OR_JSON } from '../options/format.ts';

export const model = defineCommand({
  arguments: {},
  options: {
    train: { kind: 'switch', describe: 'Train the model on all studies of the store', group: 'What:' },
    ...formatOption,
  },
  examples: [
    ['model', 'how well the model predicts held-out studies, by kernel and target'],
    ['model --train', 'train it again after a night of tuning'],
  ],
  async act(flags, session) {
    const format = flags.oneOf('format', TEXT_OR_JSON, 'text');
    const found = flags.isOn('train')
      ? await learnNow('model', flags, session)
      : await learnedModel(flags, session);
    const document = modelDocument(found);
    if (format === 'json') session.printJson(document);
    else session.show(document, (seen, { paint }) => drawModel(seen, paint));
  },
});
