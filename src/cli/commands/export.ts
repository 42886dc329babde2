import { unknownName } from '../../../search-space/input-error.ts';
import type { TargetRecord } from '../../../store/records.ts';
import type { ExportedFile, Exporter } from '../../exporters/_base.ts';
import { exporters } from '../../exporters/registry.ts';
import { tunedTargets } from '../../exporters/tuned.ts';
import { differences, writeFiles } from '../../exporters/write.ts';
import type { Target } from '../../targets/_base.ts';
import { resolveTarget } from '../../targets/resolve.ts';
import { CheckFailed } from '../check-failed.ts';
import { defineCommand } from '../command.ts';
import { NothingFound } from '../nothing-found.ts';
import { reading } from '../stores.ts';

const FORMATS = exporters.map(({ name }) => name);

export const exportTuned = defineCommand({
  arguments: {},
  options: {
    format: {
      kind: 'text',
      describe: `${FORMATS.join(', ')}; several with commas`,
      otherwise: 'json',
      alias: 'f',
      group: 'Output:',
    },
    out: { kind: 'text', describe: 'The folder', otherwise: '.', alias: 'o', group: 'Output:' },
    check: {
      kind: 'switch',
      describe: 'Write nothing; exit with 1 where a file is not what would be written',
      group: 'Output:',
    },
    kernel: { kind: 'text', describe: 'Only this kernel', group: 'What:' },
    target: { kind: 'text', describe: 'Only this target', alias: 't', group: 'What:' },
  },
  examples: [
    ['export --format c-header,json -o tuned/', 'what a build takes'],
    ['export --format c-header,json -o tuned/ --check', 'in CI: is what is committed still right?'],
  ],
  async act(flags, session) {
    const chosen = (flags.text('format') ?? 'json').split(',').map(exporterOf);
    const folder = flags.text('out') ?? '.';
    const kernel = flags.text('kernel');
    const target = flags.text('target');
    const filter = { ...(kernel !== undefined && { kernel }), ...(target !== undefined && { target }) };
    const { files, notes } = await reading(flags, session, async (store) => {
      const tuned = await tunedTargets(store, filter, currentTarget);
      if (tuned.length === 0) {
        throw new NothingFound('there is nothing to export yet; begin with `nightshift tune gelu`');
      }
      const exported = [];
      for (const exporter of chosen) {
        for (const each of tuned) exported.push(await exporter.export(each));
      }
      return {
        files: exported.flatMap((each) => each.files),
        notes: exported.flatMap((each) => each.notes),
      };
    });
    if (!flags.isOn('quiet')) for (const note of notes) session.say(`note: ${note}\n`);
    if (flags.isOn('check')) return check(folder, files, (text) => session.print(text));
    for (const { path, state } of await writeFiles(folder, files)) session.print(`${path} ${state}\n`);
  },
});

function exporterOf(name: string): Exporter {
  const found = exporters.find((exporter) => exporter.name === name.trim());
  if (found === undefined) throw unknownName('format', name, FORMATS);
  return found;
}

async function check(folder: string, files: readonly ExportedFile[], print: (text: string) => void) {
  const found = await differences(folder, files);
  for (const { path, state } of found) print(`${path} ${state}\n`);
  if (found.length > 0) {
    throw new CheckFailed(
      `${found.length} of ${files.length} files are not what the store says; the same command without --check writes them`,
    );
  }
  print(`${files.length} files are what the store says\n`);
}

/** The target as nightshift knows it today, if that is still what the results were made on. */
async function currentTarget({ name, kind, fingerprint }: TargetRecord): Promise<Target | undefined> {
  if (kind !== 'simulator') return undefined;
  try {
    const target = await resolveTarget(name);
    return target.fingerprint === fingerprint ? target : undefined;
  } catch {
    return undefined;
  }
}
