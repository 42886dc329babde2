import type { LogSpan, LogTrace } from './log-row.ts';

/** A line `trace-op`: something on a thread starts or stops at a cycle. */
export type LlamaEvent = Readonly<{
  op: string;
  thread: number;
  event: string;
  info: string;
  isStart: boolean;
  cycle: number;
}>;

const TRACE =
  /\btrace-op\s+([A-Z_0-9+]+):\s+thread\s+(\d+)\s+event\s+([A-Z_0-9-]+)\s+info\s+(\d+)\s+(start|stop)\s+(\d+)/;
/** The device keeps so many events of a thread, and drops the others (HTP_TRACE_MAX_EVENTS of llama.cpp). */
const KEPT = 256;
/** It writes the lower 32 bits of its counter, which run over. */
const RUNS_OVER = 2 ** 32;

export function llamaEvent(line: string): LlamaEvent | undefined {
  const found = TRACE.exec(line);
  if (found === null) return undefined;
  const [, op, thread, event, info, state, cycle] = found;
  return { op, thread: Number(thread), event, info, isStart: state === 'start', cycle: Number(cycle) };
}

/**
 * The events of an operation as shares of its time; undefined without events. `start` and `cycles`: when the
 * operation began, and how long it took, in cycles. HVX and HMX compute; DMA is a transfer, from when it is handed
 * over until its thread takes it; all else is neither.
 */
export function llamaTrace(
  events: readonly LlamaEvent[],
  start: number | undefined,
  cycles: number,
): LogTrace | undefined {
  if (events.length === 0) return undefined;
  if (start === undefined || !(cycles > 0))
    return { spans: [], tells: 'nothing', lacks: 'profile-op does not say at which cycle it started' };
  const spans: LogSpan[] = [];
  const open = new Map<string, LlamaEvent>();
  let unpaired = 0;
  let impossible = 0;
  for (const event of events) {
    const key = `${event.thread} ${event.event} ${event.info}`;
    const begun = open.get(key);
    if (event.isStart) {
      if (begun !== undefined) unpaired++;
      open.set(key, event);
      continue;
    }
    open.delete(key);
    if (begun === undefined) unpaired++;
    else if (isOutside(begun, event, start, cycles)) impossible++;
    else spans.push(spanOf(begun, event, start, cycles));
  }
  unpaired += open.size;
  const lacks = lackOf(events, spans, unpaired, impossible);
  return lacks === undefined ? { spans, tells: 'all' } : { spans, tells: 'nothing', lacks };
}

/** An event may be told a little before the operation's start and after its end, by this share of its cycles. */
const BESIDE = 0.02;

function isOutside(from: LlamaEvent, to: LlamaEvent, start: number, cycles: number): boolean {
  const [begin, end] = [from, to].map(({ cycle }) => since(cycle, start) / cycles);
  return end < begin || begin < -BESIDE || end > 1 + BESIDE;
}

function spanOf(from: LlamaEvent, to: LlamaEvent, start: number, cycles: number): LogSpan {
  const { thread, event } = from;
  const [begin, end] = [from, to].map(({ cycle }) => Math.min(1, Math.max(0, since(cycle, start) / cycles)));
  const computes = event.startsWith('HVX') || event.startsWith('HMX');
  const what = computes ? 'compute' : event.startsWith('DMA') ? 'transfer' : 'other';
  return { thread, what, name: event, start: begin, end };
}

/** Cycles from `start` on; negative for a little before it. */
function since(cycle: number, start: number): number {
  const later = (((cycle - start) % RUNS_OVER) + RUNS_OVER) % RUNS_OVER;
  return later < RUNS_OVER / 2 ? later : later - RUNS_OVER;
}

/** Why the sums of these events would not be those of the call. */
function lackOf(
  events: readonly LlamaEvent[],
  spans: readonly LogSpan[],
  unpaired: number,
  impossible: number,
): string | undefined {
  const kept = new Map<number, number>();
  for (const { thread } of events) kept.set(thread, (kept.get(thread) ?? 0) + 1);
  const full = [...kept].find(([, count]) => count >= KEPT);
  if (full !== undefined)
    return `thread ${full[0]} has the ${KEPT} events that the device keeps, and may have had more`;
  if (unpaired > 0)
    return `${unpaired} of its trace lines ${unpaired === 1 ? 'has' : 'have'} no other that starts or stops the same`;
  if (impossible > 0)
    return `${impossible} of its trace events ${impossible === 1 ? 'stops before it starts, or is' : 'stop before they start, or are'} outside the operation`;
  return spans.some(({ what }) => what === 'compute') ? undefined : 'no trace line is of computing';
}
