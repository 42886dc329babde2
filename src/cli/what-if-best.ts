import { InputError } from '../../search-space/input-error.ts';
import { whatIfBest } from '../answers/what-if/what-if.ts';
import { whatIfDocument } from '../documents/what-if.ts';
import { formatShape } from '../kernels/shape.ts';
import { drawWhatIfBest } from '../report/terminal/what-if.ts';
import { machineOf } from '../targets/npu/machine/load.ts';
import { simulatedTarget } from '../targets/npu/target.ts';
import type { Flags } from './flags.ts';
import type { TEXT_OR_JSON } from './options/format.ts';
import type { GlobalOption } from './options/global.ts';
import type { targetOption } from './options/kernel.ts';
import type { Session } from './session.ts';
import { usedToday } from './simulated-call.ts';
import { namedKernel, targetFrom } from './subject.ts';

type Asked = Flags<
  'kernel' | 'shape' | 'shapes' | 'robust' | 'dtype' | keyof typeof targetOption | 'what-if' | GlobalOption
>;

/** The best on a changed simulated machine, and from which value of the figure on it is another one. Throws InputError. */
export async function showWhatIfBest(
  flags: Asked,
  format: (typeof TEXT_OR_JSON)[number],
  session: Session,
): Promise<void> {
  if (flags.isOn('robust') || flags.text('shapes') !== undefined)
    throw new InputError('--what-if', 'excludes --shapes and --robust', 'it answers for one --shape');
  const machine = machineOf(targetFrom(flags));
  const { kernel } = await namedKernel(flags, flags.text('shape'), session);
  const used = await usedToday({ kernel, target: simulatedTarget(machine) }, flags, session);
  const best = whatIfBest(kernel, machine, flags.list('what-if'), used);
  const { name, shape, dtype } = kernel;
  const asked = { kernel: name, shape: formatShape(shape), dtype, target: machine.name };
  const document = whatIfDocument(asked, best);
  if (format === 'json') session.printJson(document);
  else session.show(document, (seen, { columns, paint }) => drawWhatIfBest(seen, columns, paint));
}
