import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { keptCounts } from './model.ts';

const file = new URL('../../../shared/facts/hexagon-packets.json', import.meta.url);
const isThere = existsSync(file);

const table = z.object({
  rows: z.array(
    z.object({
      op: z.string(),
      code: z.enum(['scalar', 'hvx']),
      float: z.enum(['ieee-fp', 'qfloat']).nullable(),
      interleave: z.union([z.int(), z.string()]),
      packetsPerElement: z.number(),
    }),
  ),
});

/** Their descriptions leave no constant open. That a compiler counts what is kept, the long tests show. */
const PLAIN = ['vadd', 'axpy', 'dot'];

describe.skipIf(!isThere)(
  `packets that somebody else counted${isThere ? '' : ' (skipped: ../shared/facts is not there)'}`,
  () => {
    const rows = isThere ? table.parse(JSON.parse(readFileSync(file, 'utf8'))).rows : [];
    it.each(PLAIN)('%s', (op) => {
      const { compiler, rows: kept } = keptCounts();
      expect(compiler).toContain('19.1.7');
      const counted = kept.filter((row) => row.op === op && row.code !== 'scalar');
      expect(counted.length).toBeGreaterThan(3);
      for (const { code, interleave, packetsPerElement } of counted) {
        const float = code === 'ieee' ? 'ieee-fp' : 'qfloat';
        const row = rows.find((one) => one.op === op && one.float === float && one.interleave === interleave);
        expect(row?.packetsPerElement, `${code}, ${interleave}`).toBeCloseTo(packetsPerElement, 4);
      }
    });
  },
);
