import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { withFigures } from '../../src/targets/npu/machine/calibration.ts';
import { loadTarget } from '../../src/targets/npu/machine/load.ts';
import { comparedPackets } from '../count-packets/model.ts';
import { errorOf } from '../fit/fit.ts';
import { LADDER_ROWS } from './ladder-rows.ts';
import { ladderTable, packetTable } from './ladder-table.ts';
import { JUDGED_TARGET, judgedRows, leftOutFits, observationsWithout, setsWithout } from './left-out.ts';
import { observations } from './observations.ts';
import { originTable } from './origin-counts.ts';

const JUDGED = judgedRows();
const PAGE = readFileSync(new URL('../../docs/fidelity.md', import.meta.url), 'utf8');

describe('docs/fidelity.md', () => {
  it('has the nine published gains as the fits without each of them judge them', () => {
    expect(PAGE).toContain(`\n\n${ladderTable(JUDGED)}\n\n`);
  });

  it('has packets as the simulator counts them beside object code, and the origins of the targets’ figures', () => {
    expect(PAGE).toContain(`\n\n${packetTable(comparedPackets())}\n\n`);
    expect(PAGE).toContain(`\n\n${originTable()}\n\n`);
  });
});

describe('the fits without a row', () => {
  const fits = leftOutFits();
  const target = loadTarget(JUDGED_TARGET);
  const all = observations();

  it.each(LADDER_ROWS)('$id are those of today’s simulator, and were not shown it', (row) => {
    const shown = observationsWithout(row, all);
    expect(shown.filter(({ id }) => row.leftOut.includes(id))).toEqual([]);
    const [best, ...others] = setsWithout(fits, row);
    expect(errorOf(withFigures(target, best), shown)).toBeCloseTo(fits.fits[row.id].error, 6);
    expect(others).toHaveLength(39);
  });

  it('hold at least eight of the nine figures, six in intervals no wider than a factor 1.6 and all within 2.1', () => {
    expect(JUDGED.filter(({ holds }) => holds).length).toBeGreaterThanOrEqual(8);
    const widths = JUDGED.map(({ low, high }) => high / low);
    expect(widths.filter((width) => width < 1.6).length).toBeGreaterThanOrEqual(6);
    expect(Math.max(...widths)).toBeLessThan(2.1);
  });
});
