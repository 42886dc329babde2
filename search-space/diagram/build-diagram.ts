import type { PythonValue } from '../python-arithmetic.ts';
import { ChoiceSets } from './choice-sets.ts';
import type { Diagram, DiagramLevel } from './diagram.ts';
import { GrowingInts } from './growing-ints.ts';
import type { Level } from './levels.ts';
import type { WorkMeter } from './meter.ts';
import type { Representatives } from './need.ts';
import { StateTable } from './state-table.ts';

/** The digits a parameter may take, ascending, and their operands. */
export type Choices = Readonly<{ digits: readonly number[]; operands: readonly PythonValue[] }>;

/** A level with more tries than this stands one state for many where it can; in smaller ones that would not pay. */
const large = 2 ** 17;

/** A level before its dead ends are known: edges of node n end at ends[n]. */
type RawLevel = Readonly<{ place: number; ends: GrowingInts; digit: GrowingInts; child: GrowingInts }>;

/**
 * Builds a group's diagram level by level; undefined where no configuration is left. `names` are the parameters
 * of the levels, for whoever hears of progress.
 */
export function buildDiagram(
  levels: readonly Level[],
  choicesAt: readonly Choices[],
  names: readonly string[],
  meter: WorkMeter,
): Diagram | undefined {
  const raw: RawLevel[] = [];
  let states = new StateTable(1);
  states.numberOf([0]);
  levels.forEach((level, i) => {
    meter.enter({ state: 'deciding', parameters: names, decided: i });
    const next = new StateTable(levels[i + 1]?.width ?? 1);
    raw.push(expand(level, choicesAt[level.place], states, next, meter));
    meter.hold(-states.bytes);
    states = next;
  });
  return counted(raw);
}

/** An edge takes eight bytes while levels are made, and sixteen in the diagram; its lists grow by doubling. */
const bytesOfEdge = 24;
const bytesOfNode = 16;

/** Tries each value that is left in each state; equal next states become one node. */
function expand(
  level: Level,
  { digits, operands }: Choices,
  states: StateTable,
  next: StateTable,
  meter: WorkMeter,
): RawLevel {
  const raw: RawLevel = {
    place: level.place,
    ends: new GrowingInts(),
    digit: new GrowingInts(),
    child: new GrowingInts(),
  };
  const { width, own } = level;
  const slots = new Array<PythonValue>(width + 1 + level.parts.length + level.sets.length).fill(0);
  const isLarge = states.count * digits.length > large;
  const representatives = isLarge ? level.parts.map((part) => part.representatives()) : [];
  const carried = isLarge
    ? level.carried.map(({ representatives, ...part }) => ({ ...part, standing: representatives() }))
    : [];
  const following = new Array<PythonValue>(next.width).fill(0);
  for (let node = 0; node < states.count; node++) {
    states.read(node, slots);
    for (const { slot, unless, standing } of carried) {
      if (standing !== undefined && !isWorthless(Number(slots[0]), unless))
        slots[slot] = standing.of(slots[slot]);
    }
    const choices = own.choices.members(own.from < 0 ? ChoiceSets.ALL : Number(slots[own.from]));
    meter.spend(1 + choices.length * level.effort);
    const [statesBefore, edgesBefore] = [next.bytes, raw.digit.length];
    for (const choice of choices) {
      slots[width] = operands[choice];
      if (!step(level, representatives, slots, following)) continue;
      raw.digit.push(digits[choice]);
      raw.child.push(next.numberOf(following));
    }
    raw.ends.push(raw.digit.length);
    meter.hold(next.bytes - statesBefore + bytesOfNode + bytesOfEdge * (raw.digit.length - edgesBefore));
  }
  return raw;
}

/** The state that a decision leads to; false where a constraint can no longer hold. */
function step(
  level: Level,
  representatives: readonly (Representatives | undefined)[],
  slots: PythonValue[],
  following: PythonValue[],
): boolean {
  let settled = Number(slots[0]);
  let slot = level.width + 1;
  for (let i = 0; i < level.parts.length; i++) {
    const { evaluate, unless } = level.parts[i];
    if (isWorthless(settled, unless)) slots[slot++] = 0;
    else {
      const value = evaluate(slots);
      slots[slot++] = representatives[i]?.of(value) ?? value;
    }
  }
  for (const { bit, provable, bounds } of level.outlooks) {
    if ((settled & bit) !== 0) continue;
    if (bounds.high(slots) === 0) return false;
    if (provable && bounds.low(slots) === 1) settled |= bit;
  }
  const firstSet = slot;
  for (const { from } of level.sets) slots[slot++] = from < 0 ? ChoiceSets.ALL : slots[from];
  for (const { bit, set, closing } of level.closings) {
    if ((settled & bit) !== 0) continue;
    const left = level.sets[set].choices.meet(Number(slots[firstSet + set]), closing.allowed(slots));
    if (left === ChoiceSets.NONE) return false;
    slots[firstSet + set] = left;
  }
  settled &= level.openBits;
  let to = 0;
  following[to++] = settled;
  for (const part of level.memory) {
    following[to++] = isWorthless(settled, part.unless) ? 0 : slots[part.slot];
  }
  for (let set = 0; set < level.sets.length; set++) following[to++] = slots[firstSet + set];
  return true;
}

function isWorthless(settled: number, unless: number): boolean {
  return unless !== -1 && (settled & unless) === unless;
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
