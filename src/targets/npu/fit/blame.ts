import type { SimulatedTarget } from '../machine/schema.ts';
import { type CallPart, callParts } from '../simulator/call-parts.ts';
import { type LoggedTime, misfits } from './logged-times.ts';

/** What a call's time consists of. */
export const TIME_TERMS = Object.freeze(['memory', 'DMA', 'issue', 'stalls', 'fork-join'] as const);
export type TimeTerm = (typeof TIME_TERMS)[number];

/** A term which, made longer or shorter by a factor, would explain a share of the squared misfit. */
export type Blame = Readonly<{ term: TimeTerm; factor: number; explains: number }>;

/** Factors that are tried, evenly in the logarithm, either way from 1. */
const FARTHEST = 10;
const TRIED = 60;

/** The term that explains most of what a target's times are off by. */
export function blameOf(target: SimulatedTarget, times: readonly LoggedTime[]): Blame {
  const off = misfits(target, times).map((misfit, i) => ({
    misfit,
    weight: times[i].uncertainty ** -2,
    shares: sharesOf(callParts(times[i].kernel, target, times[i].configuration)),
  }));
  const left = (term: TimeTerm, factor: number): number =>
    off.reduce(
      (sum, { misfit, weight, shares }) =>
        sum + weight * (misfit + Math.log(1 + (factor - 1) * shares[term])) ** 2,
      0,
    );
  const factors = Array.from({ length: 2 * TRIED + 1 }, (_, i) => FARTHEST ** (i / TRIED - 1));
  const all = left('memory', 1);
  const found = TIME_TERMS.flatMap((term) =>
    factors.map((factor) => ({ term, factor, explains: all === 0 ? 0 : 1 - left(term, factor) / all })),
  );
  return found.reduce((most, one) => (one.explains > most.explains ? one : most));
}

/** The share of each term in a call's time. */
export function sharesOf(parts: readonly CallPart[]): Record<TimeTerm, number> {
  const shares: Record<TimeTerm, number> = { memory: 0, DMA: 0, issue: 0, stalls: 0, 'fork-join': 0 };
  const whole = parts.reduce((sum, { us }) => sum + us, 0);
  for (const part of parts) shares[termOf(part)] += part.us / whole;
  return shares;
}

/** Scalar accesses stall on memory; so they count as memory, as the cores' copies do. */
function termOf({ kind, what, figure }: CallPart): TimeTerm {
  if (figure?.endsWith('scalarAccessNs')) return 'memory';
  if (kind !== 'rest') return kind;
  if (what.includes('DMA')) return 'DMA';
  return what.startsWith('copies') || what.startsWith('accesses') ? 'memory' : 'fork-join';
}
