import type { Parameter } from '../../search-space/parameter.ts';
import type { SettledTrial } from '../../store/trial.ts';

/** A parameter's share, from 0 to 1. */
export type ParameterShare = Readonly<{ name: string; share: number }>;

/**
 * The share of the variance of ln(time) that each parameter explains by itself (the correlation ratio η²
 * of one-way analysis of variance, Fisher 1925), over the timed trials as they were tried. Most
 * important first; empty for fewer than two different times.
 */
export function parameterShares(
  parameters: readonly Parameter[],
  trials: readonly SettledTrial[],
): readonly ParameterShare[] {
  const timed = trials.flatMap((trial) =>
    trial.state === 'timed' ? [{ ...trial, logTime: Math.log(trial.timeUs) }] : [],
  );
  const mean = meanOf(timed.map(({ logTime }) => logTime));
  const whole = timed.reduce((sum, { logTime }) => sum + (logTime - mean) ** 2, 0);
  if (!(whole > 0)) return [];
  const shares = parameters.map(({ name, values }) => {
    const between = values.reduce<number>((sum, value) => {
      const group = timed.filter(({ configuration }) => configuration[name] === value);
      return sum + group.length * (meanOf(group.map(({ logTime }) => logTime)) - mean) ** 2 || sum;
    }, 0);
    return { name, share: between / whole };
  });
  return shares.sort((a, b) => b.share - a.share);
}

function meanOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}
