import { defineCommand } from '../command.ts';
import { listingOptions, printListing } from '../options/listing.ts';

export const kernels = defineCommand({
  usage: 'kernels',
  summary: 'List the kernels there are: the library, and what was imported',
  arguments: {},
  options: { ...listingOptions },
  examples: [['kernels --format json', 'the same for programs']],
  async act(flags, session) {
    const { libraryKernels } = await import('../../kernels/library.ts');
    const { formatShape } = await import('../../kernels/shape.ts');
    printListing(
      {
        name: 'kernels',
        rows: libraryKernels,
        columns: [
          { title: 'kernel', text: ({ name }) => name },
          { title: 'what', text: ({ summary }) => summary },
          { title: 'shape', text: ({ shapeWords }) => shapeWords },
          { title: 'default', text: ({ defaultShape }) => formatShape(defaultShape) },
          { title: 'dtypes', text: ({ dtypes }) => dtypes.join(' ') },
        ],
        document: ({ name, summary, shapeWords, defaultShape, dtypes }) => ({
          name,
          summary,
          shapeWords,
          defaultShape: formatShape(defaultShape),
          dtypes,
        }),
        whenEmpty: 'no kernels',
      },
      flags,
      session,
    );
  },
});
