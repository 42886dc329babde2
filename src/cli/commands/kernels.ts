import { libraryKernels } from '../../kernels/library.ts';
import { formatShape } from '../../kernels/shape.ts';
import { defineCommand } from '../command.ts';
import { listingOptions, printListing } from '../options/listing.ts';

export const kernels = defineCommand({
  arguments: {},
  options: listingOptions,
  examples: [['kernels --format json', 'the same for programs']],
  async act(flags, session) {
    printListing(
      {
        name: 'kernels',
        rows: libraryKernels,
        columns: [
          { title: 'kernel', text: ({ name }) => name },
          { title: 'default shape', text: ({ defaultShape }) => formatShape(defaultShape) },
          { title: 'dtypes', text: ({ dtypes }) => dtypes.join(' ') },
          { title: 'shape', text: ({ shapeWords }) => shapeWords },
          { title: 'what it computes', text: ({ summary }) => summary },
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
