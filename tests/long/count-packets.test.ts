import { expect, it } from 'vitest';
import { countPackets, tools } from '../../scripts/count-packets/count.ts';
import { keptCounts } from '../../scripts/count-packets/model.ts';

const installed = tools();

it.skipIf(installed === undefined).each(['vadd', 'axpy'])(
  'counting packets again gives what is kept: %s (where clang for Hexagon and qemu are installed)',
  (op) => {
    const kept = keptCounts();
    if (installed?.version !== kept.compiler) return;
    const rows = countPackets(op, installed);
    const same = kept.rows.filter((row) => row.op === op);
    expect(rows.map(({ code, interleave }) => [code, interleave])).toEqual(
      same.map(({ code, interleave }) => [code, interleave]),
    );
    for (const [place, { packetsPerElement }] of rows.entries())
      expect(packetsPerElement).toBeCloseTo(same[place].packetsPerElement, 4);
  },
);
