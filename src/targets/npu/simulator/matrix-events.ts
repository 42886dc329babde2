import type { Observe, PipelineEvent } from './pipeline-event.ts';
import type { TileCost } from './tile-transfers.ts';

/** µs of one tile, in which the unit and its thread are busy. */
export type Turn = Readonly<{ unit: number; around: number }>;

/**
 * Tells what a thread and the unit do in the time that a tile takes in the pipeline. The unit serves one thread after the
 * other. With one buffer a thread waits for its turn, and then for its product; with more it packs the next tile while the
 * unit multiplies. Times are those of rounds in lockstep: where threads have unlike tiles in a round, which is so at the
 * end of a call, or drift apart, turns of the unit can overlap a little.
 */
export function onUnit(
  observe: Observe,
  buffers: number,
  turnOf: (tile: TileCost) => Turn | undefined,
): Observe {
  let isFreeAt = 0;
  return (event, tile) => {
    const turn = tile === undefined ? undefined : turnOf(tile);
    if (turn === undefined) return observe(event);
    const { start, end } = event;
    const { unit, around } = turn;
    const served = Math.max(start, Math.min(isFreeAt, end - unit));
    isFreeAt = served + unit;
    const tell = (what: PipelineEvent['what'], from: number, to: number): void => {
      if (to > from) observe({ ...event, what, start: from, end: to });
    };
    observe({ ...event, track: 'unit', index: 0, what: 'multiply', start: served, end: isFreeAt });
    if (buffers > 1) {
      const until = Math.min(end, start + Math.max(unit, around));
      tell('compute', start, until);
      return tell('wait', until, end);
    }
    const before = Math.min(around, served - start);
    const until = Math.min(end, served + unit + around - before);
    tell('compute', start, start + before);
    tell('wait', start + before, served);
    tell('compute', served, until);
    tell('wait', until, end);
  };
}
