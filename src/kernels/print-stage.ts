import type { Stage } from './ir.ts';
import { printExpression, printFactor, printIndex } from './print-expression.ts';

/** A stage as lines of text: `max0[i] = max over j of x0`. */
export function printStage(stage: Stage): readonly string[] {
  const dims = stage.dims.join(', ');
  switch (stage.kind) {
    case 'map':
      return [`${stage.name}[${dims}] = ${printExpression(stage.value)}`];
    case 'contract': {
      const factors = `${printFactor(stage.left)} * ${printFactor(stage.right)}`;
      return [`${stage.name}[${dims}] = sum over ${stage.over.join(', ')} in ${stage.dtype} of ${factors}`];
    }
    case 'store': {
      const where = stage.when === undefined ? '' : ` where ${printExpression(stage.when)}`;
      return [`${stage.operand}[${printIndex(stage.at)}] = ${printExpression(stage.value)}${where}`];
    }
    case 'reduce':
      return printReduce(stage);
  }
}

function printReduce({
  names,
  dims,
  over,
  combine,
  values,
}: Extract<Stage, { kind: 'reduce' }>): readonly string[] {
  const targets = names.map((name) => `${name}[${dims.join(', ')}]`).join(', ');
  const reduced = `over ${over.join(', ')} of ${values.map(printExpression).join('; ')}`;
  if (combine.kind !== 'region') return [`${targets} = ${combine.kind} ${reduced}`];
  const rules = combine.results.map((result, n) => {
    const sides = `${combine.left[n]}, ${combine.right[n]}`;
    return `  (${sides}) from ${combine.identity[n]}: ${printExpression(result)}`;
  });
  return [`${targets} = region ${reduced}`, ...rules];
}
