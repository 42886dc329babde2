import type { ImportedKernel } from '../../../store/records.ts';
import { type LibraryKernel, libraryKernels } from '../../kernels/library.ts';
import { formatShape } from '../../kernels/shape.ts';
import { countOf } from '../../report/words/numbers.ts';
import { defineCommand } from '../command.ts';
import { listingOptions, printListing } from '../options/listing.ts';
import { readingIfThere } from '../stores.ts';

/** A kernel that `tune` understands by name. */
type Row = Readonly<{
  name: string;
  /** The default shape. */
  shape: string;
  /** What the numbers of its shape mean; null for an imported kernel. */
  shapeWords: string | null;
  dtypes: readonly string[];
  summary: string;
  source: string;
}>;

export const kernels = defineCommand({
  arguments: {},
  options: listingOptions,
  examples: [['kernels --format json', 'the same for programs']],
  async act(flags, session) {
    const own = await readingIfThere(flags, session, [], (store) => store.importedKernels());
    printListing(
      {
        name: 'kernels',
        rows: [...libraryKernels.map(ofLibrary), ...own.map(ofUser)],
        columns: [
          { title: 'kernel', yields: 'name', text: ({ name }) => name },
          { title: 'default shape', text: ({ shape }) => shape },
          { title: 'dtypes', text: ({ dtypes }) => dtypes.join(' ') },
          { title: 'shapes', yields: 'words', text: ({ shapeWords }) => shapeWords ?? '' },
          { title: 'what it computes', key: 'summary', yields: 'words', text: ({ summary }) => summary },
        ],
        document: (row) => row,
        whenEmpty: 'no kernels',
      },
      flags,
      session,
    );
  },
});

function ofLibrary({ name, summary, defaultShape, shapeWords, dtypes }: LibraryKernel): Row {
  return { name, shape: formatShape(defaultShape), shapeWords, dtypes, summary, source: 'library' };
}

function ofUser({ kernel: { name, shape, dtype, source }, calls }: ImportedKernel): Row {
  const often = calls === null ? '' : `, called ${countOf(calls, 'time')}`;
  return {
    name,
    shape,
    shapeWords: null,
    dtypes: [dtype],
    summary: `imported from ${source}${often}`,
    source,
  };
}
