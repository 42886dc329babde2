import type { Findings } from './findings.ts';
import { type GainFigure, isKnown } from './gain.ts';

type Known = Pick<Findings, 'gainOverDefault' | 'gainOfBest' | 'default' | 'best' | 'winner'>;

/**
 * The gain of the configuration to use, for rows that show its time. Findings of earlier versions tell that of the fastest
 * only: where that is another one, the gain is the ratio of the two times, without an interval.
 */
export function usedGain(findings: Known): GainFigure {
  const { gainOverDefault, gainOfBest, default: preferred, best, winner } = findings;
  if (gainOfBest !== undefined) return gainOfBest;
  if (!isKnown(gainOverDefault) || preferred === null || best === null || winner === null)
    return gainOverDefault;
  if (best.timeUs === winner.timeUs) return gainOverDefault;
  return { value: preferred.timeUs / best.timeUs, low: null, high: null };
}
