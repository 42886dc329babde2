import { expect, it } from 'vitest';
import { loadTarget } from './load.ts';
import { originsOf } from './origins.ts';

it('is measured, fitted or prior for each figure of a target', () => {
  const origins = originsOf(loadTarget('hexagon-mlir'));
  expect(origins.get('packet.width')?.kind).toBe('measured');
  expect(origins.get('scratchpad.scalarAccessNs')?.kind).toBe('fitted');
  expect(origins.get('memory.0.latencyNs')).toMatchObject({ kind: 'prior', value: 20, range: [10, 40] });
  expect(origins.size).toBeGreaterThan(50);
});
