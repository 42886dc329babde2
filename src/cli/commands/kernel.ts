import { completeConfiguration } from '../../../search-space/complete-configuration.ts';
import { InputError, unknownName } from '../../../search-space/input-error.ts';
import { kernelDocument } from '../../documents/kernel.ts';
import { type NestsDocument, nestsDocument } from '../../documents/nests.ts';
import { describeKernel } from '../../kernels/describe.ts';
import type { Kernel } from '../../kernels/ir.ts';
import { describeNests } from '../../lowering/describe-nests.ts';
import { drawKernel } from '../../report/terminal/kernel.ts';
import { resolveTarget } from '../../targets/resolve.ts';
import { assignments, setOption } from '../assignments.ts';
import { defineCommand } from '../command.ts';
import type { Flags } from '../flags.ts';
import { formatOption, TEXT_OR_JSON } from '../options/format.ts';
import { kernelArgument, shapeOptions, targetOption } from '../options/kernel.ts';
import { namedKernel, targetFrom } from '../subject.ts';

export const kernel = defineCommand({
  arguments: { verb: 'show', ...kernelArgument },
  words: { verb: ['show'] },
  options: {
    ...shapeOptions,
    nest: { kind: 'switch', describe: 'Also its loops in a configuration on a target', group: 'What:' },
    ...targetOption,
    ...setOption,
    ...formatOption,
  },
  examples: [
    ['kernel show softmax --shape 64x1024', 'its IR, operations, bytes and intensity'],
    ['kernel show softmax --nest --set staging=dma,buffers=2', 'also its loops in a configuration'],
  ],
  async act(flags, session) {
    const format = flags.oneOf('format', TEXT_OR_JSON, 'text');
    if (flags.required('verb') !== 'show') throw unknownName('verb', flags.required('verb'), ['show']);
    const { kernel: found, source } = await namedKernel(flags, flags.text('shape'), session);
    const document = kernelDocument(describeKernel(found), source, await loopsAskedFor(found, flags));
    if (format === 'json') return session.printJson(document);
    session.show(document, (seen, { paint }) => drawKernel(seen, paint));
  },
});

/** Null without `--nest`. Throws InputError for a target that has no loops, and impossible values. */
async function loopsAskedFor(
  asked: Kernel,
  flags: Flags<'nest' | keyof typeof targetOption | 'set'>,
): Promise<NestsDocument | null> {
  if (!flags.isOn('nest')) {
    if (flags.list('set').length === 0 && flags.text('target') === undefined) return null;
    throw new InputError('--nest', 'is missing: --target and --set choose the loops that it shows');
  }
  const target = await resolveTarget(targetFrom(flags));
  if (target.loops === undefined) {
    const hint = 'a simulated target, or wasm';
    throw new InputError('--target', `${target.name} makes no loops from a kernel's IR`, hint);
  }
  const space = target.space(asked);
  const preferred = target.defaultConfiguration(asked, space);
  const whyLacking = (name: string) => target.whyLacking?.(asked, name);
  const given = assignments(flags.list('set'), space, '--set', whyLacking);
  const configuration = completeConfiguration(space, preferred, given);
  return nestsDocument(target.name, configuration, describeNests(target.loops(asked, configuration)));
}
