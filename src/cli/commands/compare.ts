import { existsSync, statSync } from 'node:fs';
import { InputError } from '../../../search-space/input-error.ts';
import { openStore } from '../../../store/open-store.ts';
import { compareSides } from '../../answers/compare/compare.ts';
import { type Entry, sideOfStore, sideOfStudy } from '../../answers/compare/side.ts';
import type { OwnKernel } from '../../ask/resolve-kernel.ts';
import { type CompareDocument, compareDocument } from '../../documents/compare.ts';
import { drawCompare } from '../../report/terminal/compare.ts';
import { CheckFailed } from '../check-failed.ts';
import { CheckUndecided } from '../check-undecided.ts';
import { defineCommand } from '../command.ts';
import type { Flags } from '../flags.ts';
import { NothingFound } from '../nothing-found.ts';
import { formatOption, TEXT_OR_JSON } from '../options/format.ts';
import type { GlobalOption } from '../options/global.ts';
import { verifyForMs, verifyForOption } from '../options/verification.ts';
import { percentage } from '../percentage.ts';
import type { Session } from '../session.ts';
import { ownKernels, reading } from '../stores.ts';
import { STUDY_ID } from '../study-id.ts';
import { type VerifyingChanges, verifyChanges } from '../verify-changes.ts';

export const compare = defineCommand({
  arguments: { before: 'A study of the store, or another store', after: 'The same' },
  options: {
    'fail-above': {
      kind: 'text',
      describe:
        'Exit with 1 if something is known to be slower by more than this (5%), with 7 if a change is unknown',
      group: 'What:',
    },
    verify: {
      kind: 'switch',
      describe:
        'Time anew, side by side in fresh processes, what seems slower than --fail-above, or is unknown',
      group: 'What:',
    },
    ...verifyForOption,
    force: { kind: 'switch', describe: 'Compare although the targets’ fingerprints differ', group: 'What:' },
    ...formatOption,
  },
  examples: [
    ['compare 1a2b 3c4d', 'two studies'],
    ['compare last-week.db nightshift.db --fail-above 5%', 'two stores, in CI'],
    ['compare last-week.db nightshift.db --fail-above 5% --verify', 'the same, without false alarms'],
  ],
  async act(flags, session) {
    const format = flags.oneOf('format', TEXT_OR_JSON, 'text');
    const limit = flags.text('fail-above');
    const failAbove = limit === undefined ? undefined : percentage('--fail-above', limit);
    const verification = verificationOf(failAbove, flags);
    const before = await sideOf(flags.required('before'), flags, session);
    const after = await sideOf(flags.required('after'), flags, session);
    const seen = compareSides(before.entries, after.entries, { failAbove, force: flags.isOn('force') });
    const imports = async () => after.own;
    const compared =
      verification === undefined
        ? seen
        : await verifyChanges(seen, { ...verification, imports }, flags, session);
    const document = compareDocument(compared, failAbove);
    if (format === 'json') session.printJson(document);
    else session.show(document, (seen, { room, paint }) => drawCompare(seen, room, paint));
    if (document.failed > 0) throw new CheckFailed(`${document.failed} got slower by more than --fail-above`);
    if (failAbove !== undefined) decide(document);
  },
});

/** Undefined without --verify. Throws InputError for options that need each other. */
function verificationOf(
  failAbove: number | undefined,
  flags: Flags<'verify' | 'for'>,
): Omit<VerifyingChanges, 'imports'> | undefined {
  const time = flags.text('for');
  if (!flags.isOn('verify') && time !== undefined)
    throw new InputError('--for', 'is for --verify', 'leave it out');
  if (!flags.isOn('verify')) return undefined;
  if (failAbove === undefined)
    throw new InputError(
      '--verify',
      'has nothing to show without --fail-above',
      'say how much is allowed: 5%',
    );
  return { failAbove, forMs: verifyForMs(time) };
}

/** Throws CheckUndecided where something may be slower than allowed: its change is unknown, or it has no time after. */
function decide({ unknown, onlyBefore }: CompareDocument): void {
  const reasons = [
    unknown === 0 ? [] : `of ${unknown} it is unknown, as the table says`,
    onlyBefore.length === 0 ? [] : `${onlyBefore.length} of before have no time after`,
  ].flat();
  if (reasons.length === 0) return;
  throw new CheckUndecided(`--fail-above cannot be decided: ${reasons.join(', and ')}`);
}

type Side = Readonly<{ entries: readonly Entry[]; own: readonly OwnKernel[] }>;

/** A study of the current store, or a store if there is such a file. */
async function sideOf(reference: string, flags: Flags<GlobalOption>, session: Session): Promise<Side> {
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
          return { entries: await sideOfStudy(study.id, store), own: await ownKernels(store) };
        });
  if (side.entries.length === 0) throw new NothingFound(`nothing has been timed in ${reference} yet`);
  return side;
}

async function ofStore(path: string, { clock }: Session): Promise<Side> {
  const store = await openStore(path, { mode: 'read', clock });
  try {
    return { entries: await sideOfStore(store), own: await ownKernels(store) };
  } finally {
    await store.close();
  }
}
