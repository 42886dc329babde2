import { expect, it } from 'vitest';
import { countPackets, tools } from '../../scripts/count-packets/count.ts';
import { keptCounts } from '../../scripts/count-packets/model.ts';

const installed = tools();

it.skipIf(installed === undefined)(
  'counting packets again gives what is kept (where clang for Hexagon and qemu are installed)',
  () => {
    const kept = keptCounts();
    if (installed?.version !== kept.compiler) return;
    const rows = countPackets('vadd', installed);
    const same = kept.rows.filter(({ op }) => op === 'vadd');
    expect(rows.map(({ code, interleave }) => [code, interleave])).toEqual(
      same.map(({ code, interleave }) => [code, interleave]),
    );
    for (const [place, { packetsPerElement }] of rows.entries())
      expect(packetsPerElement).toBeCloseTo(same[place].packetsPerElement, 4);
  },
);
