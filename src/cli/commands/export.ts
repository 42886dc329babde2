import { statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { InputError, unknownName } from '../../../search-space/input-error.ts';
import type { TargetRecord } from '../../../store/records.ts';
import { targetKinds } from '../../../store/target-kinds.ts';
import type { Exported, ExportedFile, TunedTarget } from '../../exporters/_base.ts';
import { lock } from '../../exporters/lock.ts';
import { exporters, storeExporters } from '../../exporters/registry.ts';
import { type ExportFilter, tunedTargets } from '../../exporters/tuned.ts';
import { differences, writeFiles } from '../../exporters/write.ts';
import { countOf } from '../../report/words/numbers.ts';
import type { Target } from '../../targets/_base.ts';
import { resolveTarget } from '../../targets/resolve.ts';
import { CheckFailed } from '../check-failed.ts';
import { defineCommand } from '../command.ts';
import { NothingFound } from '../nothing-found.ts';
import { objectiveOptions, soughtBy } from '../options/objective.ts';
import type { Session } from '../session.ts';
import { reading } from '../stores.ts';

const FORMATS = [...exporters, ...storeExporters].map(({ name }) => name);

export const exportTuned = defineCommand({
  arguments: {},
  options: {
    format: {
      kind: 'text',
      describe: `${FORMATS.join(', ')}; several with commas`,
      words: FORMATS,
      otherwise: 'json',
      alias: 'f',
      group: 'Output:',
    },
    out: {
      kind: 'text',
      describe: 'The folder; for lock alone also a file, such as nightshift.lock.json',
      otherwise: '.',
      alias: 'o',
      group: 'Output:',
    },
    check: {
      kind: 'switch',
      describe: 'Write nothing; exit with 1 if a file differs from what would be written',
      group: 'Output:',
    },
    kernel: { kind: 'text', describe: 'Only this kernel', group: 'What:' },
    target: { kind: 'text', describe: 'Only this target', alias: 't', group: 'What:' },
    ...objectiveOptions,
  },
  examples: [
    ['export --format c-header,json -o tuned/', 'what a build takes'],
    ['export --format c-header,json -o tuned/ --check', 'in CI: are the committed files up to date?'],
    ['export --format lock -o nightshift.lock.json', 'for programs that look up at run time'],
  ],
  async act(flags, session) {
    const formats = (flags.text('format') ?? 'json').split(',').map(formatOf);
    const { folder, file } = placeOf(flags.text('out') ?? '.', formats);
    const kernel = flags.text('kernel');
    const target = flags.text('target');
    const objective = soughtBy(flags);
    const filter = {
      ...(kernel !== undefined && { kernel }),
      ...(target !== undefined && { target }),
      ...(objective !== undefined && { objective }),
    };
    const { files, notes } = await reading(flags, session, async (store) => {
      const tuned = await tunedTargets(store, filter, currentTarget);
      const exported = await exportAll(formats, tuned);
      if (exported.files.length > 0) return exported;
      const all = await tunedTargets(store, {}, currentTarget);
      throw new NothingFound([nothingOf(filter, all), ...exported.notes].join('; '));
    });
    const named = files.map((each) => ({ ...each, name: file ?? each.name }));
    if (flags.isOn('check')) return check(folder, named, session);
    if (!flags.isOn('quiet')) for (const note of notes) session.say(`note: ${note}\n`);
    for (const { path, state } of await writeFiles(folder, named)) session.printLine(`${path} ${state}`);
  },
});

/** Each note begins with its target’s name. Names that differ in capitals only are one on some file systems. */
async function exportAll(formats: readonly string[], tuned: readonly TunedTarget[]): Promise<Exported> {
  const files = new Map<string, ExportedFile>();
  const add = (file: ExportedFile): void => {
    const key = file.name.toLowerCase();
    if (files.has(key))
      throw new InputError(
        'export',
        `two files would be called ${file.name}`,
        'export one --target at a time',
      );
    files.set(key, file);
  };
  const notes = tuned.flatMap(({ target, leftOut }) =>
    leftOut.map((sentence) => `${target.name}: left out ${sentence}`),
  );
  for (const exporter of exporters.filter(({ name }) => formats.includes(name))) {
    for (const each of tuned) {
      if (exporter.writes === 'answers' && each.kernels.length === 0) continue;
      const exported = await exporter.export(each);
      notes.push(...exported.notes.map((note) => `${each.target.name}: ${note}`));
      exported.files.forEach(add);
    }
  }
  if (tuned.some(({ kernels }) => kernels.length > 0)) {
    for (const exporter of storeExporters.filter(({ name }) => formats.includes(name)))
      exporter.export(tuned).files.forEach(add);
  }
  return { files: [...files.values()], notes };
}

function nothingOf({ kernel, target, objective }: ExportFilter, everything: readonly TunedTarget[]): string {
  const all = everything.filter(({ kernels }) => kernels.length > 0);
  if (all.length === 0) return 'there is nothing to export yet; begin with `nightshift tune gelu`';
  const asked = [
    kernel ?? 'any kernel',
    ...(target === undefined ? [] : [`on ${target}`]),
    ...(objective === undefined ? [] : [`sought for ${objective}`]),
  ].join(' ');
  const known = all.map(
    ({ target: { name }, kernels }) => `${kernels.map((each) => each.name).join(', ')} on ${name}`,
  );
  return `there is nothing to export of ${asked}; the store has ${known.join('; ')}`;
}

function formatOf(word: string): string {
  const found = FORMATS.find((name) => name === word.trim());
  if (found === undefined) throw unknownName('format', word, FORMATS);
  return found;
}

/** The folder to write into, and the file's own name if `-o` is a file. */
function placeOf(out: string, formats: readonly string[]): Readonly<{ folder: string; file?: string }> {
  if (!out.endsWith('.json') || isFolder(out)) return { folder: out };
  if (formats.every((name) => name === lock.name)) return { folder: dirname(out), file: basename(out) };
  throw new InputError('-o', `is the file ${out}, but ${formats.join(',')} write several`, 'name a folder');
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

async function check(folder: string, files: readonly ExportedFile[], session: Session) {
  const found = await differences(folder, files);
  for (const { path, state } of found) session.printLine(`${path} ${state}`);
  if (found.length > 0) {
    const outdated = found.length === 1 ? 'is' : 'are';
    session.printLine(
      `${found.length} of ${countOf(files.length, 'file')} ${outdated} out of date; the same command without --check writes them`,
    );
    throw new CheckFailed();
  }
  session.printLine(`${countOf(files.length, 'file')} up to date`);
}

/** Today's target of that name, if its fingerprint is still that of the results. */
async function currentTarget({ name, kind, fingerprint }: TargetRecord): Promise<Target | undefined> {
  if (!targetKinds[kind].isSimulated) return undefined;
  try {
    const target = await resolveTarget({ kind: 'named', name });
    return target.fingerprint === fingerprint ? target : undefined;
  } catch {
    return undefined;
  }
}
