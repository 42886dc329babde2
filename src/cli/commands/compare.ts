import { existsSync, statSync } from 'node:fs';
import { openStore } from '../../../store/open-store.ts';
import { compareSides } from '../../answers/compare/compare.ts';
import { type Entry, sideOfStore, sideOfStudy } from '../../answers/compare/side.ts';
import { type CompareDocument, compareDocument } from '../../documents/compare.ts';
import { drawCompare } from '../../report/terminal/compare.ts';
import { CheckFailed } from '../check-failed.ts';
import { CheckUndecided } from '../check-undecided.ts';
import { defineCommand } from '../command.ts';
import type { Flags } from '../flags.ts';
import { NothingFound } from '../nothing-found.ts';
import { formatOption, TEXT_OR_JSON } from '../options/format.ts';
import type { GlobalOption } from '../options/global.ts';
import { percentage } from '../percentage.ts';
import type { Session } from '../session.ts';
import { reading } from '../stores.ts';
import { STUDY_ID } from '../study-id.ts';

export const compare = defineCommand({
  arguments: { before: 'A study of the store, or another store', after: 'The same' },
  options: {
    'fail-above': {
      kind: 'text',
      describe:
        'Exit with 1 if something is known to be slower by more than this (5%), with 7 if a change is unknown',
      group: 'What:',
    },
    force: { kind: 'switch', describe: 'Compare although the targets’ fingerprints differ', group: 'What:' },
    ...formatOption,
  },
  examples: [
    ['compare 1a2b 3c4d', 'two studies'],
    ['compare last-week.db nightshift.db --fail-above 5%', 'two stores, in CI'],
  ],
  async act(flags, session) {
    const format = flags.oneOf('format', TEXT_OR_JSON, 'text');
    const limit = flags.text('fail-above');
    const failAbove = limit === undefined ? undefined : percentage('--fail-above', limit);
    const before = await sideOf(flags.required('before'), flags, session);
    const after = await sideOf(flags.required('after'), flags, session);
    const compared = compareSides(before, after, { failAbove, force: flags.isOn('force') });
    const document = compareDocument(compared, failAbove);
    if (format === 'json') session.printJson(document);
    else session.show(document, (seen, { paint }) => drawCompare(seen, paint));
    if (document.failed > 0) throw new CheckFailed(`${document.failed} got slower by more than --fail-above`);
    if (failAbove !== undefined) decide(document);
  },
});

/** Throws CheckUndecided where something may be slower than allowed: its change is unknown, or it has no time after. */
function decide({ unknown, onlyBefore }: CompareDocument): void {
  const reasons = [
    unknown === 0 ? [] : `of ${unknown} the change is unknown, as the table says`,
    onlyBefore.length === 0 ? [] : `${onlyBefore.length} of before have no time after`,
  ].flat();
  if (reasons.length === 0) return;
  throw new CheckUndecided(`--fail-above cannot be decided: ${reasons.join(', and ')}`);
}

/** A study of the current store, or a store if there is such a file. */
async function sideOf(
  reference: string,
  flags: Flags<GlobalOption>,
  session: Session,
): Promise<readonly Entry[]> {
  const side =
    !STUDY_ID.test(reference) && existsSync(reference) && statSync(reference).isFile()
      ? await ofStore(reference, session)
      : await reading(flags, session, async (store) => {
          const study = await store.study(reference);
          if (study === undefined) {
            throw new NothingFound(
              `'${reference}' is neither a store nor a single study; \`nightshift studies\` lists them`,
            );
          }
          return sideOfStudy(study.id, store);
        });
  if (side.length === 0) throw new NothingFound(`nothing has been timed in ${reference} yet`);
  return side;
}

async function ofStore(path: string, { clock }: Session): Promise<readonly Entry[]> {
  const store = await openStore(path, { mode: 'read', clock });
  try {
    return await sideOfStore(store);
  } finally {
    await store.close();
  }
}
