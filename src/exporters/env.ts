import type { Configuration } from '../../search-space/parameter.ts';
import { shellWord } from '../text/shell-word.ts';
import { configurationOf, type Exporter, type TunedKernel } from './_base.ts';
import { checkNames, fileWord, kernelMacro, macroName, shapeMacro } from './names.ts';
import { describeFallback, headLines, oneLine, originOf } from './words.ts';

/** NAME='value' lines that a shell, make and docker read; one variable a parameter. */
export const env: Exporter = Object.freeze<Exporter>({
  name: 'env',
  summary: 'lines of NAME=value for shells and make',
  async export(tuned) {
    checkNames(tuned.kernels);
    const head = headLines(tuned, 'env').map((line) => `# ${line}`);
    const lines = [
      ...head,
      `NIGHTSHIFT_TARGET=${shellWord(oneLine(tuned.target.name))}`,
      ...tuned.kernels.flatMap(kernelLines),
    ];
    return {
      files: [{ name: `${fileWord(tuned.target.name)}.env`, text: `${lines.join('\n')}\n` }],
      notes: [],
    };
  },
});

function kernelLines(kernel: TunedKernel): readonly string[] {
  const listed = kernel.shapes.flatMap(({ kernel: { shape }, best }) => [
    `# ${oneLine(`${kernel.name} ${kernel.dtype} ${shape}`)}: ${originOf(best)}`,
    ...assignments(shapeMacro(kernel, shape), best.configuration),
  ]);
  return [
    ...listed,
    `# ${oneLine(`${kernel.name} ${kernel.dtype}`)}, ${describeFallback(kernel.fallback)}`,
    ...assignments(`${kernelMacro(kernel)}_DEFAULT`, configurationOf(kernel.fallback)),
  ];
}

function assignments(prefix: string, configuration: Configuration): readonly string[] {
  return Object.entries(configuration).map(
    ([name, value]) => `${prefix}_${macroName(name)}=${shellWord(String(value))}`,
  );
}
