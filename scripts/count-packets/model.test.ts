import { describe, expect, it } from 'vitest';
import { OPS } from './count.ts';
import { comparedPackets } from './model.ts';

const rows = comparedPackets();
const described = rows.map((row) => [`${row.op}, ${row.code}, interleaved ${row.interleave}`, row] as const);

describe('the packets of a simulated loop', () => {
  it('are compared for every loop', () => {
    expect(new Set(rows.map(({ op }) => op))).toEqual(new Set(OPS));
  });

  it.each(described.filter(([, { code, interleave }]) => code !== 'scalar' && interleave !== 2))(
    '%s: within 25 %% of real object code',
    (_, { counted, simulated }) => {
      expect(Math.abs(simulated / counted - 1)).toBeLessThanOrEqual(0.25);
    },
  );

  it.each(described.filter(([, { code }]) => code === 'scalar'))(
    '%s: within a factor 1.5',
    (_, { counted, simulated }) => {
      expect(Math.max(simulated / counted, counted / simulated)).toBeLessThanOrEqual(1.5);
    },
  );
});
