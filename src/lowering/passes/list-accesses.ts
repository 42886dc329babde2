import { BYTES, type Expression, type Stage } from '../../kernels/ir.ts';
import { operandNamed, required } from '../../kernels/lookup.ts';
import { stageExpressions, stageResults, walk } from '../../kernels/walk.ts';
import type { LoopNest, LoweredKernel, NestAccess } from '../lowered-kernel.ts';

type Touch = Omit<NestAccess, 'again'>;

/** Lists the arrays that each nest loads and stores: every way of addressing one, once. */
export function listAccesses(lowered: LoweredKernel): LoweredKernel {
  const touched = new Set<string>();
  const nests = lowered.nests.map((nest) => {
    const accesses = touchesOf(lowered, nest).map((touch) => ({
      ...touch,
      again: touched.has(touch.array),
    }));
    for (const { array } of accesses) touched.add(array);
    return { ...nest, accesses };
  });
  return { ...lowered, nests };
}

function touchesOf(lowered: LoweredKernel, { stages }: LoopNest): readonly Touch[] {
  const found = new Map<string, Touch>();
  const add = (touch: Touch) => found.set(JSON.stringify(touch), touch);
  for (const stage of stages) for (const touch of operandTouches(lowered, stage)) add(touch);
  const made = new Set(stages.flatMap((stage) => stageResults(stage).map(({ name }) => name)));
  const read = new Set(
    stages.flatMap((stage) =>
      partsOf(lowered, stage).flatMap((part) => (part.kind === 'value' ? [part.name] : [])),
    ),
  );
  for (const { name, at, dtype, place } of lowered.temporaries) {
    if (place.kind === 'register' || !(read.has(name) || made.has(name))) continue;
    const role = made.has(name) ? 'store' : 'load';
    add({ array: name, role, elementBytes: BYTES[dtype], strides: at.strides });
  }
  return [...found.values()];
}

function operandTouches(lowered: LoweredKernel, stage: Stage): readonly Touch[] {
  const bytesOf = (name: string) => BYTES[operandNamed(lowered.kernel, name).dtype];
  const loads = partsOf(lowered, stage).flatMap((part): Touch[] =>
    part.kind === 'load'
      ? [
          {
            array: part.operand,
            role: 'load',
            elementBytes: bytesOf(part.operand),
            strides: part.at.strides,
          },
        ]
      : [],
  );
  if (stage.kind !== 'store') return loads;
  const { operand, at } = stage;
  return [...loads, { array: operand, role: 'store', elementBytes: bytesOf(operand), strides: at.strides }];
}

/** What a nest evaluates for a stage: its expressions, and those of the maps that are computed again. */
function partsOf({ recomputed }: LoweredKernel, stage: Stage): readonly Expression[] {
  const parts: Expression[] = [];
  const seen = new Set<string>();
  const visit = (expression: Expression): void =>
    walk(expression, (part) => {
      parts.push(part);
      if (part.kind !== 'value' || seen.has(part.name) || !recomputed.has(part.name)) return;
      seen.add(part.name);
      visit(required(recomputed, part.name).value);
    });
  for (const expression of stageExpressions(stage)) visit(expression);
  return parts;
}
