import type { Configuration, Mechanism } from '../../../../search-space/parameter.ts';
import type { Causes } from '../../../../tuner/attribution/gain.ts';
import type { Kernel } from '../../../kernels/ir.ts';
import { type FigureOrigin, originsOf } from '../machine/origins.ts';
import type { SimulatedTarget } from '../machine/schema.ts';
import { type CallPart, callParts, type PartKind } from './call-parts.ts';

const KINDS: readonly PartKind[] = Object.freeze(['issue', 'stalls', 'rest']);
const NAMES: Readonly<Record<Mechanism, string>> = Object.freeze({ vec: 'Vec', mt: 'MT', db: 'DB' });
/** A smaller gain has no size that could rest on anything. */
const LEAST_GAIN = 1.02;
/** A prior with less of the saved time is not named beside a larger one. */
const NAMED = 0.2;

/** What a simulated gain consists of, and whether most of it rests on figures that are a judgement. */
export function explainGain(
  kernel: Kernel,
  target: SimulatedTarget,
  mechanism: Mechanism,
  sides: Readonly<{ before: Configuration; after: Configuration }>,
): Causes {
  const [before, after] = [sides.before, sides.after].map((side) => callParts(kernel, target, side));
  const caution = cautionOf(mechanism, before, after, originsOf(target));
  return {
    ...(mechanism === 'vec' && { factors: factorsOf(before, after) }),
    ...(caution !== undefined && { caution }),
  };
}

/**
 * The gain as a product: by what factor the time falls as one kind of time becomes that of the second side, averaged
 * over the orders in which the kinds change (Shapley 1953, on logarithms). A kind that both sides have alike has factor
 * 1, one that grows a factor below 1.
 */
function factorsOf(before: readonly CallPart[], after: readonly CallPart[]): NonNullable<Causes['factors']> {
  const [from, to] = [before, after].map(byKind);
  const timeWith = (changed: ReadonlySet<PartKind>): number =>
    KINDS.reduce((sum, kind) => sum + (changed.has(kind) ? to : from)[kind], 0);
  const logs = { issue: 0, stalls: 0, rest: 0 };
  const orders = ordersOf(KINDS);
  for (const order of orders) {
    const changed = new Set<PartKind>();
    for (const kind of order) {
      const slow = timeWith(changed);
      changed.add(kind);
      logs[kind] += Math.log(slow / timeWith(changed)) / orders.length;
    }
  }
  return { issue: Math.exp(logs.issue), stalls: Math.exp(logs.stalls), rest: Math.exp(logs.rest) };
}

function byKind(parts: readonly CallPart[]): Record<PartKind, number> {
  const sums = { issue: 0, stalls: 0, rest: 0 };
  for (const { kind, us } of parts) sums[kind] += us;
  return sums;
}

function ordersOf<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length === 0) return [[]];
  return items.flatMap((first) =>
    ordersOf(items.filter((other) => other !== first)).map((rest) => [first, ...rest]),
  );
}

/**
 * "85 % of the scalar time that Vec saves is a prior: stalls of scalar accesses to the scratchpad", where it is more than
 * half. What the second side has less of is saved.
 */
function cautionOf(
  mechanism: Mechanism,
  before: readonly CallPart[],
  after: readonly CallPart[],
  origins: ReadonlyMap<string, FigureOrigin>,
): string | undefined {
  const [from, to] = [before, after].map((parts) => parts.reduce((sum, { us }) => sum + us, 0));
  if (from < LEAST_GAIN * to) return undefined;
  const saved = before
    .map((part) => ({ ...part, us: part.us - (after.find(({ what }) => what === part.what)?.us ?? 0) }))
    .filter(({ us }) => us > 0)
    .sort((a, b) => b.us - a.us);
  const sum = (parts: readonly CallPart[]): number => parts.reduce((total, { us }) => total + us, 0);
  const priors = saved.filter(({ figure }) => isPrior(figure, origins));
  const share = sum(priors) / sum(saved);
  if (share <= 0.5) return undefined;
  const named = priors.filter(({ us }) => us >= NAMED * sum(priors)).map(({ what }) => what);
  const time = mechanism === 'vec' ? 'scalar time' : 'time';
  return `${Math.round(100 * share)} % of the ${time} that ${NAMES[mechanism]} saves is a prior: ${named.join(', ')}`;
}

/** Waits for vector results are latencies times a factor, which may be fitted; those of scalar ones are latencies. */
function isPrior(figure: string | undefined, origins: ReadonlyMap<string, FigureOrigin>): boolean {
  if (figure === undefined) return false;
  if (figure === 'ops.vector') {
    const scale = origins.get('ops.vectorLatencyScale');
    return scale?.kind === 'prior' && hasPrior('ops.vector.', origins);
  }
  if (figure === 'ops.scalar') return hasPrior('ops.scalar.', origins);
  return origins.get(figure)?.kind === 'prior';
}

function hasPrior(prefix: string, origins: ReadonlyMap<string, FigureOrigin>): boolean {
  return [...origins].some(([path, { kind }]) => path.startsWith(prefix) && kind === 'prior');
}
