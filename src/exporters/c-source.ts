import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { LANES_HEADER } from '../c/lanes-header.ts';
import { STAGING_HEADER } from '../targets/native/generator/staging-code.ts';
import type { ExportedFile, Exporter, TunedTarget } from './_base.ts';
import { cmakeLists } from './c-source/cmake-lists.ts';
import {
  fileStem,
  functionName,
  generalName,
  kernelFiles,
  operandName,
  sourceHead,
} from './c-source/kernel-files.ts';
import { selfTest } from './c-source/self-test.ts';
import { type SourceKernel, sourceKernel } from './c-source/source-kernel.ts';
import { checkDistinct, kernelLabel } from './names.ts';
import { GENERATED } from './words.ts';

/**
 * The tuned kernels themselves, in C: a function for each kernel and dtype, which chooses the code of the
 * shape; a CMake library of them; and a program that compares them with the float64 reference.
 */
export const cSource: Exporter = Object.freeze<Exporter>({
  name: 'c-source',
  writes: 'answers',
  summary: 'the kernels that were tuned in native code, as C with a CMake library and a self-test',
  async export(tuned) {
    if (tuned.target.kind !== 'native') return { files: [], notes: [NOT_NATIVE] };
    const made = tuned.kernels.map(sourceKernel);
    const sources = made.flatMap(({ source }) => source ?? []);
    const notes = made.flatMap(({ leftOut }) => leftOut);
    return { files: sources.length === 0 ? [] : filesOf(tuned, sources), notes };
  },
});

const NOT_NATIVE = 'no C source: only kernels tuned with --target native have any';

function filesOf(tuned: TunedTarget, sources: readonly SourceKernel[]): readonly ExportedFile[] {
  checkDistinct('c-source', sources.flatMap(namesOf));
  for (const { operands } of sources)
    checkDistinct(
      'c-source',
      operands.map((each) => ({ name: operandName(each), of: `operand '${each.name}'` })),
    );
  const all = sources.flatMap(({ variants }) => variants);
  const usesThreads = all.some(({ threads, generated }) => threads > 1 || generated.helped);
  const stages = all.some(({ generated }) => generated.stages);
  const head = sourceHead(tuned);
  const files = [
    ...sources.flatMap((source) => kernelFiles(head, source)),
    { name: 'nightshift_self_test.c', text: selfTest(head, sources) },
    { name: 'CMakeLists.txt', text: cmakeLists(tuned, sources, usesThreads), mark: GENERATED },
    { name: 'nightshift_lanes.h', text: LANES_HEADER },
    ...(stages ? [{ name: 'nightshift_staging.h', text: STAGING_HEADER }] : []),
    { name: 'nightshift_run.c', text: textOf(usesThreads ? 'run-threads.c' : 'run-alone.c') },
    ...['nightshift_run.h', 'nightshift_status.h', 'nightshift_self_test.h'].map((name) => ({
      name,
      text: textOf(name),
    })),
    ...(usesThreads ? [runnerText('processors.h')] : []),
    runnerText('elements.h'),
  ];
  return files;
}

function namesOf(source: SourceKernel) {
  const of = kernelLabel(source.tuned);
  return [
    { name: functionName(source), of: `the function of ${of}` },
    { name: fileStem(source), of: `the file of ${of}` },
    { name: generalName(source), of: `the general code of ${of}` },
    ...source.variants.map(({ plan, tuned }) => ({ name: plan, of: `${of} ${tuned.kernel.shape}` })),
  ];
}

/** A header that the runner has, too. */
function runnerText(name: string): ExportedFile {
  return { name: `nightshift_${name}`, text: read(`../targets/native/runner/${name}`) };
}

function textOf(name: string): string {
  return read(`./c-source/text/${name}`);
}

function read(path: string): string {
  return readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8');
}
