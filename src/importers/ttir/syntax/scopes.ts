import { type Place, refusal } from '../refusal.ts';
import type { FunctionDefinition, Region } from './ast.ts';

/** Throws `InputError` where an SSA name is defined again while its first definition can still be seen. */
export function requireSingleDefinitions(main: FunctionDefinition, file: string): void {
  visitRegion(main.body, main, new Set(), file);
}

function visitRegion(region: Region, owner: Place, visible: Set<string>, file: string): void {
  const own: string[] = [];
  const define = (name: string, place: Place): void => {
    if (visible.has(name))
      throw refusal(file, place, `${name} is defined twice`, 'give each value its own name');
    visible.add(name);
    own.push(name);
  };
  for (const block of region.blocks) {
    for (const { name } of block.arguments) define(name, owner);
    for (const op of block.operations) {
      for (const inner of op.regions) visitRegion(inner, op, visible, file);
      for (const name of op.results) define(name, op);
    }
  }
  for (const name of own) visible.delete(name);
}
