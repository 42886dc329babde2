import type { ConstraintExpression } from '../constraint.ts';
import { compile } from '../evaluate.ts';
import { holds } from '../python-arithmetic.ts';
import type { Analysis } from './analysis.ts';

type Fold = (expression: ConstraintExpression) => ConstraintExpression;

/**
 * The expression with parameters of one value and decided parts replaced by constants, chains of
 * comparisons split, and nested `and`/`or` flattened. It holds for the same configurations.
 */
export function simplify(expression: ConstraintExpression, analysis: Analysis): ConstraintExpression {
  return asTruth(simplifyValue(expression, analysis), analysis);
}

/** The constraints that an `and` joins; each must hold by itself. */
export function conjunctsOf(expression: ConstraintExpression): readonly ConstraintExpression[] {
  return expression.kind === 'and' ? expression.operands : [expression];
}

function simplifyValue(expression: ConstraintExpression, analysis: Analysis): ConstraintExpression {
  const inner: Fold = (part) => simplifyValue(part, analysis);
  const truth: Fold = (part) => asTruth(inner(part), analysis);
  const done: Fold = (part) => decided(analysis.unique(part), analysis);
  switch (expression.kind) {
    case 'constant':
      return done({ kind: 'constant', value: expression.value });
    case 'name': {
      const values = analysis.domain(expression.name)?.values;
      return done(values?.length === 1 ? { kind: 'constant', value: values[0] } : expression);
    }
    case 'list':
      return analysis.unique({ kind: 'list', items: expression.items.map(inner) });
    case 'unary': {
      const operand = expression.op === 'not' ? truth(expression.operand) : inner(expression.operand);
      return done({ kind: 'unary', op: expression.op, operand });
    }
    case 'binary':
      return done({ ...expression, left: inner(expression.left), right: inner(expression.right) });
    case 'compare':
      return comparison(expression, inner, done, analysis);
    case 'and':
    case 'or':
      return joined(expression.kind, expression.operands.map(inner), analysis);
    case 'call': {
      const [only] = expression.arguments;
      const given = only.kind === 'list' ? only.items : expression.arguments;
      return done({ kind: 'call', name: expression.name, arguments: given.map(inner) });
    }
  }
}

function comparison(
  chain: Extract<ConstraintExpression, { kind: 'compare' }>,
  inner: Fold,
  done: Fold,
  analysis: Analysis,
): ConstraintExpression {
  const operands = [chain.first, ...chain.rest.map(({ operand }) => operand)].map(inner);
  const links = chain.rest.map(({ op }, i) =>
    done({ kind: 'compare', first: operands[i], rest: [{ op, operand: operands[i + 1] }] }),
  );
  return joined('and', links, analysis);
}

/** Drops what cannot decide, and what stands behind a constant that does. */
function joined(
  kind: 'and' | 'or',
  operands: readonly ConstraintExpression[],
  analysis: Analysis,
): ConstraintExpression {
  const decisive = kind === 'or';
  const kept: ConstraintExpression[] = [];
  for (const operand of operands.flatMap((part) => (part.kind === kind ? part.operands : [part]))) {
    const last = kept.at(-1);
    if (last?.kind === 'constant') {
      if (decides(last, decisive)) break;
      kept.pop();
    }
    kept.push(operand);
  }
  return kept.length === 1 ? kept[0] : analysis.unique({ kind, operands: kept });
}

function decides(constant: ConstraintExpression & { kind: 'constant' }, decisive: boolean): boolean {
  const value = constant.value;
  return Number.isNaN(value) || holds(typeof value === 'boolean' ? Number(value) : value) === decisive;
}

/** The same truth as 0 or 1, so that `and` and `or` may be regrouped. */
function asTruth(expression: ConstraintExpression, analysis: Analysis): ConstraintExpression {
  if (expression.kind === 'and' || expression.kind === 'or') {
    const operands = expression.operands.map((part) => asTruth(part, analysis));
    return joined(expression.kind, trimmed(expression.kind, operands), analysis);
  }
  if (expression.kind === 'constant') {
    const { value } = expression;
    const truth = Number.isNaN(value) ? value : Number(decides(expression, true));
    return analysis.unique({ kind: 'constant', value: truth });
  }
  if (analysis.isTruth(expression) || !analysis.facts(expression).numeric) return expression;
  const zero = analysis.unique({ kind: 'constant', value: 0 });
  return analysis.unique({ kind: 'compare', first: expression, rest: [{ op: '!=', operand: zero }] });
}

/** As a truth, `x and 1` and `x and x` are x, and so is `x or 0`. */
function trimmed(
  kind: 'and' | 'or',
  operands: readonly ConstraintExpression[],
): readonly ConstraintExpression[] {
  const last = operands.at(-1);
  const idle = last?.kind === 'constant' && last.value === (kind === 'and' ? 1 : 0);
  return [...new Set(idle && operands.length > 1 ? operands.slice(0, -1) : operands)];
}

/** An expression without parameters, or whose bounds meet, is a constant. */
function decided(expression: ConstraintExpression, analysis: Analysis): ConstraintExpression {
  const { variables, numeric, safe, low, high } = analysis.facts(expression);
  if (expression.kind === 'constant') return expression;
  if (variables.length === 0) {
    return analysis.unique({ kind: 'constant', value: compile(expression, () => undefined)([]) });
  }
  if (numeric && safe && low === high) return analysis.unique({ kind: 'constant', value: low });
  return expression;
}
