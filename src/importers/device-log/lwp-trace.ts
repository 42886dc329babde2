import type { LogSpan, LogTrace } from './log-row.ts';
import { cyclesBetween, type LwpInfo, regionWords } from './lwp-info.ts';

/** Operations that move data or make room for it, so that a region with one of them does not only compute. */
const MOVES = /dma|copy|alloc/;

/** A region as often as it is entered. */
type Entered = { id: number; hasInner: boolean };
type Piece = { entered: Entered; start: number; end: number };

/**
 * What a profile tells of its most usual call, the one nearest to the mean of all, in cycles: which region is innermost
 * when. Time between outermost regions is left out, as it is no part of the call. A region computes if there is
 * none in it and the text beside the profile says that its operations move no data; of all others the profile
 * does not say what they do.
 */
export function lwpTrace(
  entries: readonly Readonly<{ id: number; cyc: number }>[],
  meanCycles: number,
  info: ReadonlyMap<number, LwpInfo>,
): LogTrace {
  const calls: Piece[][] = [];
  const open: Entered[] = [];
  let before = 0;
  let clock = 0;
  for (const { id, cyc } of entries) {
    const innermost = open.at(-1);
    if (innermost === undefined && id === entries[0].id) {
      calls.push([]);
      clock = 0;
    } else if (innermost !== undefined) {
      const end = clock + (cyclesBetween(before, cyc) ?? 0);
      if (end > clock) calls.at(-1)?.push({ entered: innermost, start: clock, end });
      clock = end;
    }
    before = cyc;
    if (innermost?.id === id) open.pop();
    else {
      if (innermost !== undefined) innermost.hasInner = true;
      open.push({ id, hasInner: false });
    }
  }
  const whole = (pieces: readonly Piece[]): number => pieces.at(-1)?.end ?? 0;
  const off = (pieces: readonly Piece[]): number => Math.abs(whole(pieces) - meanCycles);
  const usual = calls.reduce((nearest, each) => (off(each) < off(nearest) ? each : nearest));
  const spans = usual.map(({ entered, start, end }): LogSpan => {
    const said = info.get(entered.id);
    const computes = !entered.hasInner && said !== undefined && isComputing(said);
    return {
      thread: 0,
      what: computes ? 'compute' : 'other',
      name: regionWords(entered.id, said),
      start: start / whole(usual),
      end: end / whole(usual),
    };
  });
  if (spans.some(({ what }) => what === 'compute'))
    return { spans, tells: 'computing', lacks: 'a profile of regions tells computing only' };
  return { spans, tells: 'nothing', lacks: 'no text beside the profile names a region that only computes' };
}

function isComputing({ ops }: LwpInfo): boolean {
  return ops.length > 0 && !ops.some((op) => MOVES.test(op));
}
