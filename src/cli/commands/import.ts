import { resolve } from 'node:path';
import { InputError } from '../../../search-space/input-error.ts';
import { libraryKernels } from '../../kernels/library.ts';
import { readTtir } from '../../kernels/resolve.ts';
import { parseShape } from '../../kernels/shape.ts';
import { importDocument } from '../../report/documents/import.ts';
import { drawImport } from '../../report/terminal/import.ts';
import { kernelRecord } from '../../study-request.ts';
import { defineCommand } from '../command.ts';
import { formatOption, TEXT_OR_JSON } from '../options/format.ts';
import { shapeOptions } from '../options/kernel.ts';
import { writing } from '../stores.ts';

export const importKernels = defineCommand({
  arguments: { file: "A .ttir file, as PyTorch's Inductor writes it" },
  options: {
    name: { kind: 'text', describe: 'What it shall be called', otherwise: "the file's name", group: 'What:' },
    shape: shapeOptions.shape,
    ...formatOption,
  },
  examples: [['import softmax.ttir --name my-softmax', 'then `nightshift tune my-softmax`']],
  async act(flags, session) {
    const format = flags.oneOf('format', TEXT_OR_JSON, 'text');
    const file = resolve(flags.required('file'));
    const shape = flags.text('shape');
    const kernel = await readTtir(
      file,
      shape === undefined ? undefined : parseShape(shape),
      flags.text('name'),
    );
    if (libraryKernels.some(({ name }) => name === kernel.name)) {
      throw new InputError('--name', `'${kernel.name}' is a kernel of the library`, 'choose another --name');
    }
    const record = kernelRecord(kernel, file);
    await writing('import', flags, session, (store) => store.importKernel(record, null));
    const document = importDocument([{ kernel: record, calls: null }], []);
    if (format === 'json') return session.printJson(document);
    session.print(drawImport(document, session.out.paint));
  },
});
