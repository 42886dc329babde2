import type { Configuration, Value } from '../../search-space/parameter.ts';
import { hashComment } from '../languages/comment.ts';
import { decimal } from '../languages/decimal.ts';
import { expressibleName, fileName, filePart } from '../languages/file-names.ts';
import { assignment, isAssignable } from '../languages/shell.ts';
import { configurationOf, type Exporter, type TunedKernel } from './_base.ts';
import {
  checkDistinct,
  defaultMacro,
  type GivenName,
  kernelLabel,
  parameterMacro,
  shapeMacro,
} from './names.ts';
import { checkValues, describeFallback, headLines, originOf } from './words.ts';

/** NAME=value lines, one for each parameter, which shells and make recipes read alike. */
export const env: Exporter = Object.freeze<Exporter>({
  name: 'env',
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
  const listed = kernel.shapes.flatMap(({ kernel: { shape }, best }) => [
    `${kernel.name} ${kernel.dtype} ${shape}: ${originOf(best)}`,
    ...variables(shapeMacro(kernel, shape), best.configuration, `${kernelLabel(kernel)} ${shape}`),
  ]);
  return [
    ...listed,
    `${kernel.name} ${kernel.dtype}, ${describeFallback(kernel.fallback)}`,
    ...variables(
      defaultMacro(kernel),
      configurationOf(kernel.fallback),
      `the default of ${kernelLabel(kernel)}`,
    ),
  ];
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
