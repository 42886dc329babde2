import { InputError, unknownName } from '../../../search-space/input-error.ts';
import type { CatalogStore } from '../../../store/catalog-store.ts';
import type { TargetRecord } from '../../../store/records.ts';
import type { Collected, Merged, Store } from '../../../store/store.ts';
import { targetKinds } from '../../../store/target-kinds.ts';
import { countOf } from '../../report/words/numbers.ts';
import { resolveTarget } from '../../targets/resolve.ts';
import { defineCommand } from '../command.ts';
import { formatOption, TEXT_OR_JSON } from '../options/format.ts';
import type { Session } from '../session.ts';
import { writing } from '../stores.ts';

const VERBS = ['merge', 'gc'] as const;

export const store = defineCommand({
  arguments: { verb: VERBS.join(' or '), files: 'For merge: the stores to take in' },
  words: { verb: VERBS },
  options: {
    fingerprint: {
      kind: 'list',
      describe: 'For gc: delete this target’s results too, whatever its kind. Repeatable',
      group: 'What:',
    },
    'dry-run': { kind: 'switch', describe: 'For gc: only list what would be deleted', group: 'What:' },
    ...formatOption,
  },
  examples: [
    ['store merge laptop.db phone.db', 'results of other machines; yours stay as they are'],
    ['store gc --dry-run', 'simulated targets that have changed since; gc deletes their results'],
  ],
  async act(flags, session) {
    const asJson = flags.oneOf('format', TEXT_OR_JSON, 'text') === 'json';
    const verb = VERBS.find((known) => known === flags.required('verb'));
    if (verb === undefined) throw unknownName('verb', flags.required('verb'), VERBS);
    const files = flags.list('files');
    if (verb === 'gc' && files.length > 0) throw new InputError('gc', 'takes no files', 'use --fingerprint');
    if (verb === 'merge' && files.length === 0)
      throw new InputError('merge', 'needs a store', 'store merge other.db');
    await writing(`store ${verb}`, flags, session, async (opened) => {
      if (verb === 'merge') return mergeAll(opened, files, asJson, session);
      const gone = await goneTargets(opened, flags.list('fingerprint'));
      if (flags.isOn('dry-run')) return sayGone(gone, asJson, session);
      const collected = await opened.collect(gone.map(({ fingerprint }) => fingerprint));
      if (asJson) return session.printJson({ schemaVersion: 1, collected });
      session.print(`Deleted ${counted(collected)}.\n`);
    });
  },
});

async function mergeAll(
  opened: Store,
  files: readonly string[],
  asJson: boolean,
  session: Session,
): Promise<void> {
  const merged: (Merged & Readonly<{ file: string }>)[] = [];
  for (const file of files) merged.push({ file, ...(await opened.merge(file)) });
  if (asJson) session.printJson({ schemaVersion: 1, merged });
  else for (const { file, ...taken } of merged) session.printLine(`${file}: took in ${counted(taken)}.`);
}

/**
 * Simulated targets whose fingerprint is no longer that of their name, and those named by `--fingerprint`.
 * Others (another host's WASM engine, a device, a target file that is not here) are kept: they may still
 * exist.
 */
async function goneTargets(opened: CatalogStore, named: readonly string[]): Promise<readonly TargetRecord[]> {
  const records = await opened.targets();
  for (const fingerprint of named) {
    if (!records.some((record) => record.fingerprint === fingerprint)) {
      const known = records.map((record) => record.fingerprint);
      throw unknownName('fingerprint', fingerprint, known);
    }
  }
  const gone: TargetRecord[] = [];
  for (const record of records) {
    if (named.includes(record.fingerprint) || (await hasChanged(record))) gone.push(record);
  }
  return gone;
}

async function hasChanged({ kind, name, fingerprint }: TargetRecord): Promise<boolean> {
  if (!targetKinds[kind].isSimulated) return false;
  try {
    return (await resolveTarget({ kind: 'named', name })).fingerprint !== fingerprint;
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}

function sayGone(gone: readonly TargetRecord[], asJson: boolean, session: Session): void {
  const rows = gone.map(({ name, kind, fingerprint }) => ({ name, kind, fingerprint }));
  if (asJson) session.printJson({ schemaVersion: 1, gone: rows });
  else if (rows.length === 0) session.print('Nothing would be deleted.\n');
  else for (const { name, fingerprint } of rows) session.printLine(`${name} ${fingerprint} would be deleted`);
}

/** "1 kernel, 2 studies, 1,200 trials" */
function counted(counts: Merged | Collected): string {
  return Object.entries(counts)
    .map(([what, count]) => countOf(count, what === 'studies' ? 'study' : what.replace(/s$/, ''), what))
    .join(', ');
}
