import { type HostClass, instructionOf } from './instructions.ts';
import { type Form, functionIn, headOf, isList } from './text.ts';

/** One operation of a stretch of code. */
export type Operation = Readonly<{
  class: HostClass;
  inVector: boolean;
  /** Places, in the same stretch, of what it waits for. */
  after: readonly number[];
  /** The same of the turn before, where the stretch is a loop's. */
  carried: readonly number[];
}>;

/** A stretch of code, and the loops that stand in it. */
export type Code = Readonly<{ operations: readonly Operation[]; loops: readonly Loop[] }>;
export type Loop = Readonly<{ turns: number; body: Code }>;

/**
 * Reads what a generated function does for the work from 0 to `end`: its integers are followed, so
 * that the turns of each loop are known; a loop's body is read once. Throws RangeError for a loop
 * whose turns the text does not tell.
 */
export function readCode(module: string, name: string, end: number): Code {
  const { parameters, body } = functionIn(module, name);
  const known = new Map<string, number>(parameters.map((parameter) => [parameter, 0]));
  known.set('$end', end);
  return new Reader(known).stretch(body);
}

/** What an expression gives: the operation that makes it, its number, the local that is only read. */
type Value = Readonly<{ from?: number; number?: number; local?: string }>;

type Draft = {
  class: HostClass;
  inVector: boolean;
  after: number[];
  carried: number[];
};

/** One stretch while it is read. */
type Stretch = {
  readonly drafts: Draft[];
  readonly loops: Loop[];
  /** Which operation of this stretch made a local. */
  readonly made: Map<string, number>;
  /** Who reads a local before this stretch makes it. */
  readonly early: Map<string, number[]>;
};

class Reader {
  private readonly known: Map<string, number>;
  private readonly stack: Value[] = [];

  constructor(known: Map<string, number>) {
    this.known = known;
  }

  stretch(forms: readonly Form[]): Code {
    const stretch: Stretch = { drafts: [], loops: [], made: new Map(), early: new Map() };
    for (const form of forms) this.statement(form, stretch);
    for (const [local, readers] of stretch.early) {
      const from = stretch.made.get(local);
      if (from !== undefined) for (const reader of readers) stretch.drafts[reader].carried.push(from);
    }
    return { operations: stretch.drafts, loops: stretch.loops };
  }

  private statement(form: Form, stretch: Stretch): void {
    const head = headOf(form);
    if (!isList(form) || head === 'param' || head === 'local' || head === 'export') return;
    if (head === 'loop') this.loop(form, stretch);
    else if (head === 'if') this.branch(form, stretch);
    else if (head === 'local.set') this.assign(form, stretch);
    else if (head !== 'br_if') {
      const value = this.value(form, stretch);
      if (!head.includes('store')) this.stack.push(value);
    }
  }

  private assign([, local, form]: readonly Form[], stretch: Stretch): void {
    const value = form === undefined ? (this.stack.pop() ?? {}) : this.value(form, stretch);
    const name = String(local);
    if (value.number === undefined) this.known.delete(name);
    else this.known.set(name, value.number);
    const from = value.from ?? (value.local === undefined ? undefined : stretch.made.get(value.local));
    if (from === undefined) stretch.made.delete(name);
    else stretch.made.set(name, from);
  }

  private branch([, condition, then]: readonly Form[], stretch: Stretch): void {
    const { number } = this.value(condition, stretch);
    if (number === 0 || !isList(then)) return;
    for (const form of then.slice(1)) this.statement(form, stretch);
  }

  /** The body is read as in its first turn; its last line says how long the counter stays in bounds. */
  private loop(form: readonly Form[], stretch: Stretch): void {
    const [, condition] = [form.at(-1)].flatMap((last) => (isList(last) ? [last[1], last[2]] : []));
    const counter = isList(condition) && isList(condition[1]) ? String(condition[1][1]) : '';
    const first = this.known.get(counter);
    const body = this.stretch([...form.slice(2, -1), ...(isList(condition) ? [condition] : [])]);
    this.stack.pop();
    const next = this.known.get(counter);
    const bound = isList(condition) ? this.number(condition[2]) : undefined;
    if (first === undefined || next === undefined || bound === undefined || next <= first) {
      throw new RangeError(`nothing tells the turns of loop ${String(form[1])}`);
    }
    const step = next - first;
    const reach = headOf(condition ?? '') === 'i32.le_s' ? bound + 1 : bound;
    const turns = Math.max(1, Math.ceil((reach - first) / step));
    this.known.set(counter, first + turns * step);
    stretch.loops.push({ turns, body });
  }

  private number(form: Form): number | undefined {
    const idle: Stretch = { drafts: [], loops: [], made: new Map(), early: new Map() };
    return this.value(form, idle).number;
  }

  private value(form: Form, stretch: Stretch): Value {
    if (!isList(form)) return {};
    const head = headOf(form);
    if (head === 'local.get') return this.read(String(form[1]), stretch);
    if (head === 'i32.const') return { number: Number(form[1]) };
    if (head.endsWith('.const')) return {};
    const given = form
      .slice(1)
      .filter(isList)
      .map((part) => this.value(part, stretch));
    const numbers = given.map(({ number }) => number);
    const number = evaluate(head === 'call' ? String(form[1]) : head, numbers);
    return { ...this.emit(head, given, stretch), ...(number !== undefined && { number }) };
  }

  private read(local: string, stretch: Stretch): Value {
    const number = this.known.get(local);
    const from = stretch.made.get(local);
    return { local, ...(from !== undefined && { from }), ...(number !== undefined && { number }) };
  }

  private emit(head: string, given: readonly Value[], { drafts, early }: Stretch): Value {
    const { classes, inVector } = instructionOf(head);
    const place = drafts.length;
    const after = given.flatMap(({ from }) => (from === undefined ? [] : [from]));
    classes.forEach((kind, n) => {
      drafts.push({ class: kind, inVector, after: n === 0 ? after : [place + n - 1], carried: [] });
    });
    for (const { local, from } of given) {
      if (local === undefined || from !== undefined) continue;
      early.set(local, [...(early.get(local) ?? []), place]);
    }
    return { from: drafts.length - 1 };
  }
}

const INTEGERS: Readonly<Record<string, (a: number, b: number) => number>> = {
  'i32.add': (a, b) => a + b,
  'i32.sub': (a, b) => a - b,
  'i32.mul': (a, b) => a * b,
  'i32.shl': (a, b) => a * 2 ** b,
  'i32.div_u': (a, b) => Math.floor(a / b),
  'i32.rem_u': (a, b) => a % b,
  'i32.le_s': (a, b) => (a <= b ? 1 : 0),
  'i32.lt_s': (a, b) => (a < b ? 1 : 0),
  $imin: Math.min,
  $imax: Math.max,
};

/** An integer's value where its parts are known. */
function evaluate(name: string, [a, b]: readonly (number | undefined)[]): number | undefined {
  const apply = INTEGERS[name];
  return apply === undefined || a === undefined || b === undefined ? undefined : apply(a, b);
}
