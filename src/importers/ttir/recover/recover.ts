import type { DType } from '../../../kernels/ir.ts';
import { laneSize } from '../execute/axes.ts';
import type { Program } from '../execute/program.ts';
import { refusal } from '../refusal.ts';
import { constantIndex, variablesOf } from '../symbols/index-expression.ts';
import { misfitRefusal, splitDigits } from './digits.ts';
import { dimensionsOf } from './dimensions.ts';
import {
  allIndices,
  boundTogether,
  type IterationDomain,
  replaceVariables,
  variablesOfSink,
} from './domain.ts';
import type { Recovered } from './emit.ts';
import { type ExtentsFrom, settleExtents } from './extents.ts';
import { fuseVariables } from './fuse.ts';
import { mergeVariables } from './merge-variables.ts';
import { operandsOf } from './operands.ts';
import { shrinkToMasks } from './shrink.ts';
import { unswizzle } from './swizzle.ts';

export type About = Readonly<{ file: string; name: string; arguments: readonly string[] }>;

/**
 * From what one program does to a kernel over true extents: merges blocks and lanes, bounds them,
 * drops the masks that then always hold, and splits what the program divides.
 * `asked` gives extents by program id, `grid` the number of programs along x, y and z.
 */
export function recover(
  program: Program,
  about: About,
  asked: ReadonlyMap<string, number>,
  grid: readonly number[] = [],
): Readonly<{ recovered: Recovered; from: ExtentsFrom }> {
  const domain = domainOf(program, about.file);
  if (domain.sinks.length === 0)
    throw refusal(about.file, { line: 1, column: 1 }, 'the program stores nothing');
  unswizzle(domain);
  mergeVariables(domain);
  const from = settleExtents(domain, asked, grid);
  shrinkToMasks(domain);
  const misfit = splitDigits(domain);
  if (misfit !== undefined) throw misfitRefusal(domain, misfit);
  replaceVariables(domain, (name) => (domain.extents.get(name) === 1 ? constantIndex(0) : undefined));
  fuseVariables(domain);
  const dimensions = dimensionsOf(domain, about.arguments);
  const operands = operandsOf(domain, about.arguments, program.pointees);
  const shape = dimensions.map(({ extent }) => extent);
  const recovered = {
    name: about.name,
    shape: shape.length === 0 ? [1] : shape,
    dtype: mainDtype(program, domain),
    domain,
    dimensions,
    operands,
  };
  return { recovered, from };
}

function domainOf(program: Program, file: string): IterationDomain {
  const domain: IterationDomain = {
    pool: program.pool,
    file,
    sinks: program.sinks,
    loads: program.loads,
    extents: new Map(program.extents),
    roots: new Map(),
    scales: new Map(),
  };
  const names = new Set(domain.sinks.flatMap((sink) => [...variablesOfSink(sink)]));
  for (const index of allIndices(domain)) variablesOf(index, names);
  for (const name of boundTogether(domain).keys()) names.add(name);
  for (const name of names) {
    const size = laneSize(name);
    if (size !== undefined) domain.extents.set(name, size);
    if (!name.startsWith('pid')) continue;
    if (!domain.extents.has(name)) domain.extents.set(name, Number.POSITIVE_INFINITY);
    domain.roots.set(name, { key: name, per: 1, block: 1 });
  }
  replaceVariables(domain);
  return domain;
}

/** The dtype of the first float operand that is written, else of the first that is read. */
function mainDtype(program: Program, domain: IterationDomain): DType {
  const written = domain.sinks.map((sink) => sink.pointee);
  const all = [...written, ...program.pointees.values()];
  return all.find((dtype) => ['f16', 'bf16', 'f32', 'f64'].includes(dtype)) ?? all[0];
}
