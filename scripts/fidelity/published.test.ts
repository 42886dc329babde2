import { expect, it } from 'vitest';
import { publishedGains } from '../../src/answers/published.ts';
import { publishedTimings } from './published.ts';

const MECHANISM = { 'scalar / vec': 'vec', 'vec / vec+mt': 'mt' } as const;

it('the published gains that outputs show are those that the simulator is fitted to and judged by', () => {
  const ratios = publishedTimings().flatMap((row) =>
    'ratio' in row && typeof row.value === 'number' && row.ratio in MECHANISM ? [row] : [],
  );
  expect(ratios.length).toBeGreaterThan(5);
  for (const { kernel, shape, dtype, ratio, value, source } of ratios) {
    const subject = {
      target: 'hexagon-mlir',
      kernel: kernel.replace(' (likely)', ''),
      shape: shape?.join('x') ?? '1048576',
      dtype: dtype === 'f16' ? 'f16' : 'f32',
    };
    const mechanism = Object.entries(MECHANISM).find(([name]) => name === ratio)?.[1];
    const shown = publishedGains(subject, { ladder: [], gains: {} }).filter((gain) =>
      source.startsWith(gain.source),
    );
    expect(shown).toContainEqual(expect.objectContaining({ mechanism, value }));
  }
});
