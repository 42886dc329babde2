import {
  and,
  constraint,
  or,
  param,
  product,
  sum,
  type Term,
  value,
} from '../../../../search-space/builder.ts';
import type { Constraint } from '../../../../search-space/constraint.ts';
import type { Configuration } from '../../../../search-space/parameter.ts';
import type { LoweredKernel } from '../../../lowering/lowered-kernel.ts';
import type { SimulatedTarget, Staging } from '../machine/schema.ts';
import { gated, operationsOf, workOver } from '../simulator/gate.ts';
import { readSchedule } from '../simulator/schedule.ts';

/**
 * Threads that the compiler would not use are not in the space: such a configuration is carried out as another one
 * of the space, and must not be told as what it says.
 */
export function carriedOut(
  lowered: LoweredKernel,
  { compiler, contexts }: SimulatedTarget,
  stagings: readonly Staging[],
): Constraint[] {
  if (contexts === 1) return [];
  const { chunks, gate } = compiler.habits;
  const alone = param('threads').eq(1);
  const found: Constraint[] = [];
  if (chunks !== 'threads') {
    found.push(
      constraint(
        or(param('split').ne('chunks'), param('threads').le(chunks)),
        `a tile is cut into ${chunks} chunks, whatever the threads`,
      ),
    );
  }
  if (gate > 0) {
    const kept = constraint(or(alone, usesThreads(lowered, gate, stagings)), gateSentence(gate));
    found.push({ ...kept, gates: 'mt' });
  }
  return found;
}

/** The configuration with the threads that the compiler would use: asked of one that another shape's space has. */
export function asCarriedOut(
  lowered: LoweredKernel,
  target: SimulatedTarget,
  configuration: Configuration,
): Configuration {
  const isOfOtherLoops = lowered.tiled.some(({ parameter }) => configuration[parameter] === undefined);
  if (isOfOtherLoops) return configuration;
  const { threads, split } = gated(lowered, target, readSchedule(configuration, lowered));
  return { ...configuration, threads, split };
}

function gateSentence(gate: number): string {
  return `the compiler runs less than ${gate} of elements × operations / 2 (of a tile, where there are tiles) on one thread`;
}

/** Whether a tile, or the whole call where nothing is staged, has enough work for several threads. */
function usesThreads(lowered: LoweredKernel, gate: number, stagings: readonly Staging[]): Term {
  const work = operationsOf(lowered).map(({ loops, ops }) => timesTile(lowered, loops, ops));
  const ofTile = sum(value(0), ...work).ge(2 * gate);
  if (!stagings.includes('direct')) return ofTile;
  const ofCall = value(workOver(lowered, lowered.extents)).ge(2 * gate);
  if (stagings.length === 1) return ofCall;
  return or(and(param('staging').eq('direct'), ofCall), and(param('staging').ne('direct'), ofTile));
}

/** A factor times the iterations of some loops in a tile, as a term of the space's parameters. */
export function timesTile(lowered: LoweredKernel, loops: readonly string[], factor: number): Term {
  const { tiled, single, extents } = lowered;
  const sizes: Term[] = [];
  let fixed = factor;
  for (const loop of loops) {
    const parameter = tiled.find((other) => other.loop === loop)?.parameter;
    if (parameter !== undefined) sizes.push(param(parameter));
    else if (!single.includes(loop)) fixed *= extents[loop];
  }
  return product(value(fixed), ...sizes);
}
