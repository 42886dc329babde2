import { InputError } from '../../../search-space/input-error.ts';
import type { Value } from '../../../search-space/parameter.ts';
import type { StudyRequest } from '../../ask/study-request.ts';
import { expressible } from '../../exporters/hexagon-mlir/expressible.ts';
import type { OptionSpec } from '../command.ts';
import type { Flags } from '../flags.ts';

const COMPILERS = ['hexagon-mlir'] as const;

export const expressibleOption = Object.freeze({
  expressible: {
    kind: 'text',
    describe: 'Only what the options of this compiler can say: hexagon-mlir',
    group: 'Steering:',
  },
} as const satisfies Record<string, OptionSpec>);

/** The request within what a compiler's options can say, beside what else it was steered to. */
export function onlyExpressible(request: StudyRequest, flags: Flags<'expressible'>): StudyRequest {
  if (flags.text('expressible') === undefined) return request;
  flags.oneOf('expressible', COMPILERS, 'hexagon-mlir');
  const { kernel, target, values } = request;
  const restriction = expressible(kernel, target.space(kernel));
  const both: Record<string, readonly Value[]> = { ...restriction.values };
  for (const [name, wanted] of Object.entries(values)) {
    both[name] = wanted.filter((value) => restriction.values[name]?.includes(value) ?? true);
    if (both[name].length === 0)
      throw new InputError('--expressible', `hexagon-mlir has no option for ${name}=${wanted.join(',')}`);
  }
  return { ...request, values: both, ...(restriction.someNot && { without: restriction.someNot }) };
}

/** A compiler's options say nothing of a kernel whose IR is not known. */
export function refuseExpressible(flags: Flags<'expressible'>): void {
  if (flags.text('expressible') !== undefined)
    throw new InputError('--expressible', 'needs a kernel with IR and a target that compiles it');
}
