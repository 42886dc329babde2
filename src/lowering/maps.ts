import type { Expression, Stage } from '../kernels/ir.ts';
import { required } from '../kernels/lookup.ts';
import { children, stageExpressions, walk } from '../kernels/walk.ts';
import type { MapStage } from './lowered-kernel.ts';

/** The maps among stages, by name. */
export function mapsOf(stages: readonly Stage[]): ReadonlyMap<string, MapStage> {
  return new Map(stages.filter((stage) => stage.kind === 'map').map((stage) => [stage.name, stage]));
}

/** The maps that a stage needs, directly or through others. */
export function mapsUnder(stage: Stage, maps: ReadonlyMap<string, MapStage>): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (expression: Expression): void =>
    walk(expression, (part) => {
      if (part.kind !== 'value' || found.has(part.name)) return;
      const map = maps.get(part.name);
      if (map === undefined) return;
      found.add(part.name);
      visit(map.value);
    });
  for (const expression of stageExpressions(stage)) visit(expression);
  return found;
}

/** Everything in the expressions of a stage and of the maps that it needs. */
export function partsUnder(stage: Stage, maps: ReadonlyMap<string, MapStage>): readonly Expression[] {
  const parts: Expression[] = [];
  const under = [...mapsUnder(stage, maps)].map((name) => required(maps, name).value);
  for (const expression of [...stageExpressions(stage), ...under])
    walk(expression, (part) => parts.push(part));
  return parts;
}

/** The names that a stage reads of other stages. */
export function namesRead(stage: Stage): readonly string[] {
  const named = (part: Expression): readonly string[] => [
    ...(part.kind === 'value' ? [part.name] : []),
    ...children(part).flatMap(named),
  ];
  return [...new Set(stageExpressions(stage).flatMap(named))];
}
