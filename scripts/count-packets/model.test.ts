import { describe, expect, it } from 'vitest';
import { countPackets, OPS, tools } from './count.ts';
import { comparedPackets, keptCounts } from './model.ts';

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

const installed = tools();

describe.skipIf(installed === undefined)(
  'counting again (where clang for Hexagon and qemu are installed)',
  () => {
    it('gives what is kept', () => {
      const kept = keptCounts();
      if (installed?.version !== kept.compiler) return;
      const rows = countPackets('vadd', installed);
      const same = kept.rows.filter(({ op }) => op === 'vadd');
      expect(rows.map(({ code, interleave }) => [code, interleave])).toEqual(
        same.map(({ code, interleave }) => [code, interleave]),
      );
      for (const [place, { packetsPerElement }] of rows.entries())
        expect(packetsPerElement).toBeCloseTo(same[place].packetsPerElement, 4);
    });
  },
);
