import type { Configuration, Value } from '../../search-space/parameter.ts';
import { hashComment } from '../languages/comment.ts';
import { decimal } from '../languages/decimal.ts';
import { expressibleName, fileName, filePart } from '../languages/file-names.ts';
import { assignment, isAssignable } from '../languages/shell.ts';
import { branchesOf, type Exporter, type TunedKernel } from './_base.ts';
import {
  checkDistinct,
  defaultMacro,
  type GivenName,
  kernelLabel,
  parameterMacro,
  shapeMacro,
} from './names.ts';
import { checkValues, describeFallback, headLines, originOf, withoutChoice } from './words.ts';

/** NAME=value lines, one for each parameter, which shells and make recipes read alike. */
export const env: Exporter = Object.freeze<Exporter>({
  name: 'env',
  writes: 'answers',
  summary: 'lines of NAME=value for shells and make',
  async export(tuned) {
    const { name } = tuned.target;
    const target = {
      name: 'NIGHTSHIFT_TARGET',
      of: 'the target',
      value: expressibleName(name, isAssignable),
    };
    const entries = [target, ...tuned.kernels.flatMap(linesOf)];
    checkDistinct('env', entries.filter(isVariable));
    checkValues('env', tuned.kernels, written);
    const lines = [
      ...headLines(tuned, 'env').map(hashComment),
      ...entries.map((entry) =>
        typeof entry === 'string' ? hashComment(entry) : assignment(entry.name, entry.value, entry.of),
      ),
    ];
    return {
      files: [{ name: fileName([filePart(name)], '.env'), text: `${lines.join('\n')}\n` }],
      notes: [],
    };
  },
});

type Variable = GivenName & Readonly<{ value: string }>;

/** Comments and variables. */
function linesOf(kernel: TunedKernel): readonly (string | Variable)[] {
  const label = kernelLabel(kernel);
  return branchesOf(kernel).flatMap(({ shape, configuration, space }) => {
    const about =
      shape === null
        ? [`${kernel.name} ${kernel.dtype}, ${describeFallback(kernel.fallback)}`, `the default of ${label}`]
        : [
            `${kernel.name} ${kernel.dtype} ${shape.kernel.shape}: ${originOf(shape)}`,
            `${label} ${shape.kernel.shape}`,
          ];
    const prefix = shape === null ? defaultMacro(kernel) : shapeMacro(kernel, shape.kernel.shape);
    return [about[0], ...withoutChoice(space, configuration), ...variables(prefix, configuration, about[1])];
  });
}

function variables(prefix: string, configuration: Configuration, of: string): readonly Variable[] {
  return Object.entries(configuration).map(([parameter, value]) => ({
    name: `${prefix}_${parameterMacro(parameter)}`,
    of: `parameter '${parameter}' of ${of}`,
    value: written(value),
  }));
}

function isVariable(entry: string | Variable): entry is Variable {
  return typeof entry !== 'string';
}

function written(value: Value): string {
  return typeof value === 'number' ? decimal(value) : String(value);
}
