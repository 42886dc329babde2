import type { Primitive, Primitives } from './primitives.ts';

/** A primitive, or one of the other methods of `Primitives` that compute. */
export type StepName =
  | Primitive
  | Exclude<keyof Primitives<unknown>, 'do' | 'f32' | 'i32' | 'mask' | 'rounded'>;

/** One step of an expansion; `inputs` are positions of earlier steps, without operands and constants. */
export type RecordedStep = Readonly<{ name: StepName; inputs: readonly number[] }>;

/** A value while steps are recorded: a step's result, or an operand or constant, which no step computes. */
type Recorded = Readonly<{ key: string; step: number | undefined }>;

/** The steps of an expansion with so many operands; equal steps are one. */
export function recordSteps(
  expansion: (m: Primitives<Recorded>, ...operands: readonly Recorded[]) => Recorded,
  operands: number,
): readonly RecordedStep[] {
  const steps: RecordedStep[] = [];
  const known = new Map<string, Recorded>();
  const record = (name: StepName, given: readonly Recorded[], detail = ''): Recorded => {
    const key = `${name}${detail}(${given.map((value) => value.key).join()})`;
    const same = known.get(key);
    if (same !== undefined) return same;
    const inputs = given.flatMap(({ step }) => (step === undefined ? [] : [step]));
    const made = { key: `#${steps.length}`, step: steps.push({ name, inputs }) - 1 };
    known.set(key, made);
    return made;
  };
  const named =
    (name: StepName) =>
    (...given: readonly Recorded[]): Recorded =>
      record(name, given);
  const outside = (key: string): Recorded => ({ key, step: undefined });
  const recorder: Primitives<Recorded> = {
    f32: (value) => outside(`f${value}`),
    i32: (value) => outside(`i${value}`),
    mask: (value) => outside(`m${value}`),
    do: (name, ...given) => record(name, given),
    shift: (op, x, places) => record('shift', [x], `${op}${places}`),
    mulAdd: named('mulAdd'),
    mulSub: named('mulSub'),
    quotient: named('quotient'),
    rsqrt: named('rsqrt'),
    larger: named('larger'),
    smaller: named('smaller'),
    atLeast: named('atLeast'),
    atMost: named('atMost'),
    positivePart: named('positivePart'),
    select: named('select'),
  };
  expansion(recorder, ...Array.from({ length: operands }, (_, n) => outside(`operand${n}`)));
  return steps;
}
