import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { tools, vectorPackets } from './count.ts';

const file = new URL('../../../shared/facts/hexagon-packets.json', import.meta.url);
const found = tools();
const reason = !existsSync(file)
  ? '../shared/facts is not there'
  : found === undefined
    ? 'no clang for Hexagon, ld.lld, llvm-objdump and qemu-hexagon here'
    : !found.version.includes('19.1.7')
      ? `the table is of clang 19.1.7, and this is ${found.version}`
      : undefined;

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

const folder = mkdtempSync(join(tmpdir(), 'packets-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/**
 * Their descriptions leave no constant open. All rows but one (`dot`, qfloat, interleaved four times) are the same to the
 * packet; the table's sources are not known, so a tenth is allowed.
 */
const PLAIN = ['vadd', 'axpy', 'dot'];

describe.skipIf(reason !== undefined)(
  `packets that somebody else counted${reason === undefined ? '' : ` (skipped: ${reason})`}`,
  () => {
    const rows = reason === undefined ? table.parse(JSON.parse(readFileSync(file, 'utf8'))).rows : [];
    it.each(PLAIN)('%s', (op) => {
      if (found === undefined) throw new Error('no programs');
      const counted = vectorPackets(op, found, folder);
      expect(counted.length).toBeGreaterThan(3);
      for (const { code, interleave, packetsPerElement } of counted) {
        const float = code === 'ieee' ? 'ieee-fp' : 'qfloat';
        const row = rows.find((one) => one.op === op && one.float === float && one.interleave === interleave);
        const told = row?.packetsPerElement ?? Number.NaN;
        expect(Math.abs(told / packetsPerElement - 1), `${code}, ${interleave}`).toBeLessThanOrEqual(0.1);
      }
    });
  },
);
