import { InputError } from '../input-error.ts';
import { holds, type Operand } from '../python-arithmetic.ts';
import type { Diagram, DiagramLevel } from './diagram.ts';
import { GrowingInts } from './growing-ints.ts';
import type { Level } from './levels.ts';
import { StateTable } from './state-table.ts';

/** The digits a parameter may take, ascending, and their operands. */
export type Choices = Readonly<{ digits: readonly number[]; operands: readonly Operand[] }>;

/** A level before its dead ends are known: edges of node n end at ends[n]. */
type RawLevel = Readonly<{ place: number; ends: GrowingInts; digit: GrowingInts; child: GrowingInts }>;

/** Edges beyond this would not fit in memory; such constraints tie too many parameters at once. */
const mostEdges = 30_000_000;

/** Builds a group's diagram level by level; undefined where no configuration is left. */
export function buildDiagram(levels: readonly Level[], choicesAt: readonly Choices[]): Diagram | undefined {
  const raw: RawLevel[] = [];
  let states = new StateTable(1);
  states.numberOf([0]);
  levels.forEach((level, i) => {
    const next = new StateTable(levels[i + 1]?.width ?? 1);
    raw.push(expand(level, choicesAt[level.place], states, next));
    states = next;
  });
  return counted(raw);
}

/** Tries each value of a level's parameter in each state; equal next states become one node. */
function expand(level: Level, choices: Choices, states: StateTable, next: StateTable): RawLevel {
  const raw: RawLevel = {
    place: level.place,
    ends: new GrowingInts(),
    digit: new GrowingInts(),
    child: new GrowingInts(),
  };
  const slots: Operand[] = new Array<Operand>(level.width + 1).fill(0);
  const following: Operand[] = new Array<Operand>(next.width).fill(0);
  for (let node = 0; node < states.count; node++) {
    states.read(node, slots);
    for (let choice = 0; choice < choices.digits.length; choice++) {
      slots[level.width] = choices.operands[choice];
      if (!step(level, slots, following)) continue;
      raw.digit.push(choices.digits[choice]);
      raw.child.push(next.numberOf(following));
    }
    raw.ends.push(raw.digit.length);
    if (raw.digit.length > mostEdges) {
      throw new InputError('constraints', 'tie so many parameters that the space cannot be counted exactly');
    }
  }
  return raw;
}

/** The state that a decision leads to; false where a constraint is broken or can no longer hold. */
function step(level: Level, slots: readonly Operand[], following: Operand[]): boolean {
  let settled = Number(slots[0]);
  for (const { bit, test } of level.checks) {
    if ((settled & bit) === 0 && !holds(test(slots))) return false;
  }
  for (const { bit, provable, bounds } of level.outlooks) {
    if ((settled & bit) !== 0) continue;
    if (bounds.high(slots) === 0) return false;
    if (provable && bounds.low(slots) === 1) settled |= bit;
  }
  settled &= level.openBits;
  following[0] = settled;
  for (let i = 0; i < level.memory.length; i++) {
    const { evaluate, neededUnless } = level.memory[i];
    const forgotten = neededUnless !== -1 && (settled & neededUnless) === neededUnless;
    following[i + 1] = forgotten ? 0 : evaluate(slots);
  }
  return true;
}

/** Counts members from the last level up, and drops the edges that lead to none. */
function counted(raw: readonly RawLevel[]): Diagram | undefined {
  const levels: DiagramLevel[] = [];
  let below: Float64Array = Float64Array.of(1);
  for (const level of raw.toReversed()) {
    const nodes = level.ends.length;
    const counts = new Float64Array(nodes);
    const firstEdge = new Int32Array(nodes + 1);
    const digit = new Int32Array(level.digit.length);
    const child = new Int32Array(level.digit.length);
    const before = new Float64Array(level.digit.length);
    let kept = 0;
    for (let node = 0, edge = 0; node < nodes; node++) {
      for (const end = level.ends.at(node); edge < end; edge++) {
        const members = below[level.child.at(edge)];
        if (members === 0) continue;
        digit[kept] = level.digit.at(edge);
        child[kept] = level.child.at(edge);
        before[kept++] = counts[node];
        counts[node] += members;
      }
      firstEdge[node + 1] = kept;
    }
    levels.push({
      place: level.place,
      firstEdge,
      digit: digit.slice(0, kept),
      child: child.slice(0, kept),
      before: before.slice(0, kept),
    });
    below = counts;
  }
  return below[0] === 0 ? undefined : { size: below[0], levels: levels.toReversed() };
}
