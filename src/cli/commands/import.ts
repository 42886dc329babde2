import { InputError } from '../../../search-space/input-error.ts';
import { importDocument } from '../../documents/import.ts';
import { drawImport } from '../../report/terminal/import.ts';
import { defineCommand } from '../command.ts';
import { holdsResults, importResults, resultsOptions } from '../import-results.ts';
import { readCache, readFile } from '../import-sources.ts';
import { keepImports } from '../keep-imports.ts';
import { formatOption, TEXT_OR_JSON } from '../options/format.ts';
import { shapeOptions } from '../options/kernel.ts';
import { sayNotes } from '../subject.ts';

export const importKernels = defineCommand({
  arguments: {
    file: "A .ttir file, as PyTorch's Inductor writes it; or results: T1, T4, a Kernel Tuner cache (.json)",
  },
  options: {
    cache: { kind: 'text', describe: 'A torchinductor cache folder instead: a whole model', group: 'What:' },
    name: {
      kind: 'text',
      describe: 'The name to import it under',
      otherwise: "the file's name, with its shape where the library has that name",
      group: 'What:',
    },
    shape: shapeOptions.shape,
    ...resultsOptions,
    ...formatOption,
  },
  examples: [
    ['import softmax.ttir --name my-softmax', 'then `nightshift tune my-softmax`'],
    ['import --cache ./torchinductor_me', 'all kernels of a model, with how often it calls them'],
    ['import gemm_cache.json', "Kernel Tuner's results, as a study"],
  ],
  async act(flags, session) {
    const format = flags.oneOf('format', TEXT_OR_JSON, 'text');
    const [file, cache] = [flags.text('file'), flags.text('cache')];
    if ((file === undefined) === (cache === undefined)) {
      throw new InputError('import', 'takes a file or --cache with a folder', 'see nightshift import --help');
    }
    if (file !== undefined && holdsResults(file)) return importResults(file, flags, session);
    const {
      imported,
      refused,
      notes: assumed,
    } = cache === undefined
      ? await readFile(flags.required('file'), flags.text('name'), flags.text('shape'))
      : readCache(cache);
    const notes = [...assumed, ...(await keepImports(imported, flags, session))];
    const document = importDocument(imported, refused, notes);
    sayNotes(notes, flags, session);
    if (format === 'json') return session.printJson(document);
    session.show(document, (seen, { paint }) => drawImport(seen, paint));
  },
});
