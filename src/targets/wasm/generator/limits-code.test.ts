import { describe, expect, it } from 'vitest';
import { multiplyAddsText } from './limits-code.ts';

describe("the machine's limits", () => {
  it('load the factor of the multiply-adds, as a constant is slow on some engines', () => {
    const code = multiplyAddsText(true, 0);
    expect(code).toContain('relaxed_madd');
    expect(code).not.toContain('v128.const');
  });
});
