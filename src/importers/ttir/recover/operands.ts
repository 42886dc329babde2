import type { DType, Operand } from '../../../kernels/ir.ts';
import type { Sink } from '../execute/context.ts';
import { refusal } from '../refusal.ts';
import { type Index, type Range, type Ranges, rangeOf } from '../symbols/index-expression.ts';
import { type Node, reachable } from '../symbols/node.ts';
import { type IterationDomain, maskConjuncts, rangesOf, sinkNodes, upperBound } from './domain.ts';

/**
 * The operands of the kernel in the order of the program's arguments; as long as the highest index
 * that the program reads or writes.
 */
export function operandsOf(
  domain: IterationDomain,
  order: readonly string[],
  pointees: ReadonlyMap<string, DType>,
): Operand[] {
  const reads = new Map<string, number>();
  const writes = new Map<string, number>();
  for (const { form } of reachable(sinkNodes(domain.sinks))) {
    if (form.kind === 'load') extend(reads, form.operand, highest(domain, form.index, form.mask));
  }
  for (const sink of domain.sinks) {
    requireInside(domain, sink);
    extend(writes, sink.operand, highest(domain, sink.index, sink.mask));
  }
  return order.flatMap((name): Operand[] => {
    const [read, written] = [reads.get(name), writes.get(name)];
    if (read === undefined && written === undefined) return [];
    const role = written === undefined ? 'input' : read === undefined ? 'output' : 'inout';
    const elements = Math.max(read ?? 0, written ?? 0) + 1;
    return [{ name, role, dtype: pointees.get(name) ?? 'f32', elements }];
  });
}

function extend(found: Map<string, number>, name: string, index: number): void {
  found.set(name, Math.max(found.get(name) ?? 0, index));
}

function highest(domain: IterationDomain, index: Index, mask: Node | undefined): number {
  return rangeOf(index, maskedRanges(domain, mask)).greatest;
}

function requireInside(domain: IterationDomain, sink: Sink): void {
  const { least } = rangeOf(sink.index, maskedRanges(domain, sink.mask));
  if (least >= 0 || sink.mask !== undefined) return;
  if (!Number.isFinite(least)) {
    throw refusal(
      domain.file,
      sink,
      `tt.store: the address in %${sink.operand} is not affine in the indices`,
    );
  }
  throw refusal(domain.file, sink, `tt.store: %${sink.operand} is written before its start, at ${least}`);
}

/** The ranges of the variables where a mask holds, as far as it compares single variables. */
function maskedRanges(domain: IterationDomain, mask: Node | undefined): Ranges {
  const whole = rangesOf(domain);
  const narrowed = new Map<string, Range>();
  for (const part of maskConjuncts(mask)) {
    const upper = upperBound(part);
    const lower = lowerBound(part);
    const name = upper?.name ?? lower?.name;
    if (name === undefined) continue;
    const { least, greatest } = narrowed.get(name) ?? whole(name);
    narrowed.set(name, {
      least: Math.max(least, lower?.from ?? least),
      greatest: Math.min(greatest, upper === undefined ? greatest : upper.below - 1),
    });
  }
  return (name) => narrowed.get(name) ?? whole(name);
}

/** If the condition says `variable ≥ n` and nothing else. */
function lowerBound({ form }: Node): Readonly<{ name: string; from: number }> | undefined {
  if (form.kind !== 'sign' || form.sign !== 'ge' || form.index.terms.size !== 1) return undefined;
  const [{ atom, factor }] = [...form.index.terms.values()];
  if (atom.kind !== 'variable' || factor <= 0) return undefined;
  return { name: atom.name, from: Math.ceil(-form.index.constant / factor) };
}
