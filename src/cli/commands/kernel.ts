import { unknownName } from '../../../search-space/input-error.ts';
import { describeKernel } from '../../kernels/describe.ts';
import { resolveKernel } from '../../kernels/resolve.ts';
import { kernelDocument } from '../../report/documents/kernel.ts';
import { drawKernel } from '../../report/terminal/kernel.ts';
import { defineCommand } from '../command.ts';
import { formatOption, TEXT_OR_JSON } from '../options/format.ts';
import { kernelArgument, shapeOptions } from '../options/kernel.ts';
import { importsOf } from '../stores.ts';

export const kernel = defineCommand({
  arguments: { verb: 'show', ...kernelArgument },
  options: { ...shapeOptions, ...formatOption },
  examples: [['kernel show softmax --shape 64x1024', 'its IR, operations, bytes and intensity']],
  async act(flags, session) {
    const format = flags.oneOf('format', TEXT_OR_JSON, 'text');
    if (flags.required('verb') !== 'show') throw unknownName('verb', flags.required('verb'), ['show']);
    const reference = {
      name: flags.required('kernel'),
      shape: flags.text('shape'),
      dtype: flags.text('dtype'),
    };
    const { kernel: found, source } = await resolveKernel(reference, importsOf(flags, session));
    const document = kernelDocument(describeKernel(found), source);
    if (format === 'json') return session.printJson(document);
    session.print(drawKernel(document, session.out.paint));
  },
});
