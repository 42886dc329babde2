import type { Findings } from '../../../tuner/attribution/findings.ts';

type Environment = NonNullable<Findings['environment']>;

/** The entries of a comparison's environment that are shown, in this order. */
const SAID: readonly (readonly [string, (value: string | number | boolean) => string])[] = [
  ['processes', (count) => (count === 1 ? '1 process' : `${count} processes`)],
  ['load', (load) => `load ${Number(load).toFixed(1)}`],
  ['cleanShare', (share) => `${Math.round(Number(share) * 100)} % of the samples clean`],
  ['temperature', (temperature) => `data ${temperature}`],
  ['copyGBs', (speed) => `copy ${Number(speed).toPrecision(3)} GB/s`],
  ['triadGBs', (speed) => `triad ${Number(speed).toPrecision(3)} GB/s`],
  ['multiplyAddGflops', (speed) => `multiply-adds ${Number(speed).toPrecision(3)} GFLOP/s`],
];

/** A line on the final comparison's environment; empty if the backend recorded none. */
export function drawSurroundings(environment: Environment | undefined): string {
  const known = SAID.flatMap(([name, say]) => {
    const value = environment?.[name];
    return value === undefined ? [] : [say(value)];
  });
  return known.length === 0 ? '' : `Final comparison: ${known.join(', ')}.`;
}
