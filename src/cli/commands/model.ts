import { modelDocument } from '../../documents/model.ts';
import { drawModel } from '../../report/terminal/model.ts';
import { defineCommand } from '../command.ts';
import { learnedModel, learnNow } from '../learned-model.ts';
import { formatOption, TEXT_OR_JSON } from '../options/format.ts';

export const model = defineCommand({
  arguments: {},
  options: {
    train: { kind: 'switch', describe: 'Learn from all that the store has now', group: 'What:' },
    ...formatOption,
  },
  examples: [
    ['model', 'how well the model predicts what it was not shown, by kernel and target'],
    ['model --train', 'learn again after a night of tuning'],
  ],
  async act(flags, session) {
    const format = flags.oneOf('format', TEXT_OR_JSON, 'text');
    const found = flags.isOn('train')
      ? await learnNow('model', flags, session)
      : await learnedModel(flags, session);
    const document = modelDocument(found);
    if (format === 'json') session.printJson(document);
    else session.print(drawModel(document, session.out.paint));
  },
});
