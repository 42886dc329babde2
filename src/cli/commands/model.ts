import type { TrialStore } from '../../../store/trial-store.ts';
import { type StoredModel, storedModel, trainStoredModel } from '../../model/stored-model.ts';
import { modelDocument } from '../../report/documents/model.ts';
import { drawModel } from '../../report/terminal/model.ts';
import { defineCommand } from '../command.ts';
import { NothingFound } from '../nothing-found.ts';
import { formatOption, TEXT_OR_JSON } from '../options/format.ts';
import type { Session } from '../session.ts';
import { readingIfThere, writing } from '../stores.ts';

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
      ? await writing('model', flags, session, (store) => trained(store, session))
      : await readingIfThere(flags, session, undefined, storedModel);
    if (found === undefined)
      throw new NothingFound('nothing was learned yet; tune, then learn with `nightshift model --train`');
    const document = modelDocument(found);
    if (format === 'json') session.printJson(document);
    else session.print(drawModel(document, session.out.paint));
  },
});

async function trained(store: TrialStore, session: Session): Promise<StoredModel | undefined> {
  const outcome = await trainStoredModel(store, session.interruption());
  if (outcome === 'trained') return storedModel(store);
  throw new NothingFound(
    'the store has too little to learn from: it takes four studies with ten times each; tune more kernels, shapes or targets',
  );
}
