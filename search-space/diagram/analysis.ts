import type { ConstraintExpression } from '../constraint.ts';
import { partsOf } from '../expression-parts.ts';
import type { PythonValue } from '../python-arithmetic.ts';
import { pythonValueOf } from '../python-arithmetic.ts';
import { comparisonFacts, type Derived, type Facts, hull, ranged, unaryFacts, union } from './facts.ts';
import { ANYTHING, excludesZero, type Interval, intervalOf, isCounting } from './intervals.ts';

/** A parameter's place, and the values it may still take. */
export type ParameterDomain = Readonly<{ place: number; values: readonly PythonValue[] }>;

const EXACT = Number.MAX_SAFE_INTEGER;
/** Rounding cannot carry a product that ends below this beyond what a double holds. */
const GREATEST = 1e300;

/** Makes equal expressions one object, and knows facts about each. */
export class Analysis {
  readonly #domains: ReadonlyMap<string, ParameterDomain>;
  readonly #byKey = new Map<string, ConstraintExpression>();
  readonly #facts = new Map<ConstraintExpression, Facts>();

  constructor(domains: ReadonlyMap<string, ParameterDomain>) {
    this.#domains = domains;
  }

  /** The one object for this expression; its parts must come from here already. */
  unique<E extends ConstraintExpression>(expression: E): ConstraintExpression {
    const key = this.#key(expression);
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    this.#byKey.set(key, expression);
    this.#facts.set(expression, { ...this.#derive(expression), id: this.#facts.size });
    return expression;
  }

  facts(expression: ConstraintExpression): Facts {
    const facts = this.#facts.get(expression);
    if (facts === undefined) throw new Error('an expression was not made unique before it was analysed');
    return facts;
  }

  domain(name: string): ParameterDomain | undefined {
    return this.#domains.get(name);
  }

  isTruth(expression: ConstraintExpression): boolean {
    const { numeric, whole, low, high } = this.facts(expression);
    return numeric && whole && low >= 0 && high <= 1;
  }

  /** The operands of an expression that may be regrouped; `isCompared` where it is only compared with exact numbers. */
  chainOf(
    expression: ConstraintExpression,
    isCompared: boolean,
  ): readonly ConstraintExpression[] | undefined {
    const { chain, growing } = this.facts(expression);
    return chain ?? (isCompared ? growing : undefined);
  }

  /** Whether a part of an expression is only compared with exact numbers, where the expression itself is or is not. */
  comparesPart(expression: ConstraintExpression, part: ConstraintExpression, isCompared: boolean): boolean {
    if (expression.kind !== 'compare') return isCompared && this.facts(expression).growing !== undefined;
    return partsOf(expression)
      .filter((other) => other !== part)
      .every((other) => {
        const { numeric, low, high } = this.facts(other);
        return numeric && low >= -EXACT && high <= EXACT;
      });
  }

  #key(expression: ConstraintExpression): string {
    const ids = partsOf(expression).map((part) => this.facts(part).id);
    switch (expression.kind) {
      case 'constant':
        return `${typeof expression.value} ${String(expression.value)}`;
      case 'name':
        return `name ${expression.name}`;
      case 'compare':
        return `${expression.rest.map(({ op }) => op).join()} ${ids.join()}`;
      case 'unary':
        return `unary ${expression.op} ${ids.join()}`;
      case 'binary':
        return `binary ${expression.op} ${ids.join()}`;
      case 'call':
        return `${expression.name} ${ids.join()}`;
      default:
        return `${expression.kind} ${ids.join()}`;
    }
  }

  #derive(expression: ConstraintExpression): Derived {
    const parts = partsOf(expression).map((part) => this.facts(part));
    const variables = union(parts.map((part) => part.variables));
    const safe = parts.every((part) => part.safe);
    switch (expression.kind) {
      case 'constant':
        return ranged([pythonValueOf(expression.value)], []);
      case 'name':
        return this.#ofName(expression.name);
      case 'list':
        return { ...hull(parts), variables, safe };
      case 'unary':
        return { ...unaryFacts(expression.op, parts[0]), variables };
      case 'binary':
        return this.#ofBinary(expression, parts[0], parts[1], variables);
      case 'compare':
        return { ...comparisonFacts(expression, parts), variables };
      case 'and':
      case 'or': {
        const truths = expression.operands.every((operand) => this.isTruth(operand));
        return { ...hull(parts), variables, safe, ...(truths && safe ? { chain: expression.operands } : {}) };
      }
      case 'call':
        return { ...this.#ofCall(expression, parts), variables };
    }
  }

  #ofName(name: string): Derived {
    const domain = this.#domains.get(name);
    if (domain === undefined) throw new Error(`no domain is known for '${name}'`);
    return ranged(domain.values, [domain.place]);
  }

  #ofBinary(
    expression: Extract<ConstraintExpression, { kind: 'binary' }>,
    left: Facts,
    right: Facts,
    variables: readonly number[],
  ): Derived {
    const { op } = expression;
    const numeric = left.numeric && right.numeric;
    const interval = numeric ? intervalOf(op, left, right) : ANYTHING;
    const exact = Math.max(-interval.low, interval.high) <= EXACT;
    const divides = op === '/' || op === '//' || op === '%';
    const defined = divides ? excludesZero(right) : op !== '**' || isCounting(left, right);
    const whole =
      left.whole && right.whole && op !== '/' && (op !== '**' || isCounting(left, right)) && exact;
    const safe =
      numeric && left.safe && right.safe && defined && Number.isFinite(interval.high - interval.low);
    const steady = op === '+' || op === '-' || op === '*';
    const integral = steady ? left.integral && right.integral : whole;
    // Text and text make text by +; text and a number by *.
    const neverText = op === '+' ? left.numeric || right.numeric : op !== '*' || numeric;
    const derived = { ...interval, variables, integral, whole, numeric: neverText, safe };
    return steady && integral && numeric ? { ...derived, ...this.#grouping(expression, interval) } : derived;
  }

  /** The operands of a sum or product that may be regrouped. */
  #grouping(
    expression: Extract<ConstraintExpression, { kind: 'binary' }>,
    { low, high }: Interval,
  ): Pick<Facts, 'chain' | 'growing'> {
    const family = expression.op === '*' ? '*' : '+';
    const left = this.#operands(expression.left, family);
    const right = this.#operands(expression.right, family);
    const operands = [...left, ...(expression.op === '-' ? right.map((part) => this.#negated(part)) : right)];
    const sizes = operands.map((part) => Math.max(-this.facts(part).low, this.facts(part).high));
    const largest = sizes.reduce(
      (a, b) => (family === '+' ? a + b : a * Math.max(1, b)),
      family === '+' ? 0 : 1,
    );
    if (largest <= EXACT) return { chain: operands };
    const grows = low >= 0 && operands.every((part) => this.facts(part).low >= 0) && high < GREATEST;
    return grows ? { growing: operands } : {};
  }

  #operands(part: ConstraintExpression, family: '+' | '*'): readonly ConstraintExpression[] {
    const { chain, growing } = this.facts(part);
    if (part.kind !== 'binary') return [part];
    return (part.op === '*') === (family === '*') ? (chain ?? growing ?? [part]) : [part];
  }

  #negated(part: ConstraintExpression): ConstraintExpression {
    if (part.kind === 'unary' && part.op === '-') return part.operand;
    return this.unique({ kind: 'unary', op: '-', operand: part });
  }

  #ofCall(
    expression: Extract<ConstraintExpression, { kind: 'call' }>,
    parts: readonly Facts[],
  ): Omit<Derived, 'variables'> {
    const numeric = parts.every((part) => part.numeric);
    const safe = numeric && parts.every((part) => part.safe);
    const { low, high, integral, whole } = hull(parts);
    if (expression.name === 'abs') {
      const nearest = low > 0 ? low : high < 0 ? -high : 0;
      return { low: nearest, high: Math.max(-low, high), integral, whole, numeric: true, safe };
    }
    const pick = expression.name === 'min' ? Math.min : Math.max;
    const interval = { low: pick(...parts.map((p) => p.low)), high: pick(...parts.map((p) => p.high)) };
    return {
      ...interval,
      integral,
      whole,
      numeric,
      safe,
      ...(numeric ? { chain: expression.arguments } : {}),
    };
  }
}
