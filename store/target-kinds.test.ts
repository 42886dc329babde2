import { describe, expect, it } from 'vitest';
import { TARGET_KINDS, targetKinds } from './target-kinds.ts';

describe('the kinds of target', () => {
  it('have labels that tell them apart', () => {
    for (const field of ['label', 'longLabel'] as const)
      expect(new Set(TARGET_KINDS.map((kind) => targetKinds[kind][field])).size).toBe(TARGET_KINDS.length);
  });

  it.each(TARGET_KINDS.filter((kind) => targetKinds[kind].isSimulated))(
    '%s says after each time that nothing was measured',
    (kind) => {
      expect(targetKinds[kind].label).toContain('simulated');
      expect(targetKinds[kind].longLabel).toContain('not measured');
    },
  );
});
