import { beforeAll, describe, expect, it } from 'vitest';
import { publishedTimings } from './published.ts';
import { fidelityReport, type Report } from './report.ts';

describe('the fidelity report', () => {
  let report: Report;
  beforeAll(() => {
    report = fidelityReport();
  });

  it('covers every published figure, two-valued rows twice', () => {
    const published = publishedTimings();
    expect(new Set(report.rows.map(({ id }) => id))).toEqual(new Set(published.map(({ id }) => id)));
    const twice = published.filter((row) => 'vector_ops' in row).length;
    expect(report.rows).toHaveLength(published.length + twice);
  });

  it('has no figure, and no check, where the compiler would run both sides alike', () => {
    const without = report.rows.filter(({ simulated }) => simulated === null);
    expect(without.map(({ id, reason }) => [id, reason])).toEqual([
      ['companion-mt-small', 'gated by the compiler'],
    ]);
    const gelu = report.crossings.find(({ what }) => what.includes('gelu on hexagon-mlir'));
    expect(gelu?.simulated).toMatch(/^4096: gated by the compiler, .*32768: [23]\./);
  });

  it('fits calibrated figures within 10 %', () => {
    const fitted = report.rows.filter(({ use }) => use === 'calibration');
    expect(fitted).toHaveLength(11);
    for (const { ratio } of fitted) expect(Math.abs((ratio ?? 0) - 1)).toBeLessThan(0.1);
  });

  it('predicts rows of held-out sizes and operations: median 20 %, worst 40 %', () => {
    expect(report.spreads).toHaveLength(8);
    for (const { median, worst } of report.spreads) {
      expect(median).toBeLessThan(0.2);
      expect(worst).toBeLessThan(0.4);
    }
  });

  it('reproduces the published orderings and crossovers', () => {
    expect(report.crossings.filter(({ holds }) => !holds)).toEqual([]);
  });

  it('fits fewer figures than it has', () => {
    for (const { free, figures, sets } of report.devices) {
      expect(free.length).toBeLessThan(figures);
      expect(sets).toBeGreaterThanOrEqual(32);
    }
  });
});
