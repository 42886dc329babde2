const INFO = /^Location (.*) corresponds to ID (\d+) \| Collected ops: ?(.*)$/;

export function looksLikeLwpInfo(text: string): boolean {
  return text.split(/\r?\n/, 50).some((line) => INFO.test(line));
}

/** What the text beside a profile says of a region: its lines "12, 14", and its operations "math.exp". */
export type LwpInfo = Readonly<{ lines: string; ops: readonly string[] }>;

export function readLwpInfo(text: string): ReadonlyMap<number, LwpInfo> {
  const lines = text.split(/\r?\n/).map((line) => INFO.exec(line));
  return new Map(
    lines.flatMap((found) => {
      if (found === null) return [];
      const ops = found[3].split(',').map((op) => op.trim());
      return [[Number(found[2]), { lines: found[1], ops: ops.filter((op) => op !== '') }]];
    }),
  );
}

/** "region 1 (lines 12, 14: math.exp, arith.mulf)" */
export function regionWords(id: number, info: LwpInfo | undefined): string {
  return info === undefined ? `region ${id}` : `region ${id} (lines ${info.lines}: ${info.ops.join(', ')})`;
}

/**
 * Cycles from one record to a later one: they are written with 32 bits, which run over. Undefined where a count that falls
 * has not run over, since the time between would be more than half of all that the counter has.
 */
export function cyclesBetween(from: number, to: number): number | undefined {
  if (to >= from) return to - from;
  const over = to + RUNS_OVER - from;
  return from < RUNS_OVER && over < RUNS_OVER / 2 ? over : undefined;
}

const RUNS_OVER = 2 ** 32;
