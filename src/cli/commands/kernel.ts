import { unknownName } from '../../../search-space/input-error.ts';
import { kernelDocument } from '../../documents/kernel.ts';
import { describeKernel } from '../../kernels/describe.ts';
import { drawKernel } from '../../report/terminal/kernel.ts';
import { defineCommand } from '../command.ts';
import { formatOption, TEXT_OR_JSON } from '../options/format.ts';
import { kernelArgument, shapeOptions } from '../options/kernel.ts';
import { namedKernel } from '../subject.ts';

export const kernel = defineCommand({
  arguments: { verb: 'show', ...kernelArgument },
  words: { verb: ['show'] },
  options: { ...shapeOptions, ...formatOption },
  examples: [['kernel show softmax --shape 64x1024', 'its IR, operations, bytes and intensity']],
  async act(flags, session) {
    const format = flags.oneOf('format', TEXT_OR_JSON, 'text');
    if (flags.required('verb') !== 'show') throw unknownName('verb', flags.required('verb'), ['show']);
    const { kernel: found, source } = await namedKernel(flags, flags.text('shape'), session);
    const document = kernelDocument(describeKernel(found), source);
    if (format === 'json') return session.printJson(document);
    session.show(document, (seen, { paint }) => drawKernel(seen, paint));
  },
});
