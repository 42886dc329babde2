import { LeftOutTally } from '../left-out.ts';
import { type LlamaOperands, llamaKernel } from './llama-ops.ts';
import { type LlamaEvent, llamaEvent, llamaTrace } from './llama-trace.ts';
import { type DeviceLog, LEAST_US, type LogRow, MOST_US, OUT_OF_BOUNDS } from './log-row.ts';

/** `profile-op OP: names : dims : types : … : usec N cycles N …`; newer ones have bars between the fields. */
const PROFILE = /\bprofile-op\s+([A-Z_0-9+]+)\s*[:|](.*)\b(?:op-)?usec\s+(\d+)\s+(?:op-)?cycles\s+(\d+)(.*)$/;
const DIMENSIONS = /^\d+(?::\d+)*(?:\s+x\s+\d+(?::\d+)*)*\s+->\s+\d+(?::\d+)*$/;
const TYPES = /^[a-z]+\d[\w]*(?:\s+x\s+[a-z]+\d[\w]*)*\s+->\s+[a-z]+\d[\w]*$/;

/** A line that is meant as one. */
const ANY_PROFILE = /\bprofile-op\b/;

export function looksLikeLlamaLog(text: string): boolean {
  return ANY_PROFILE.test(text);
}

type Profiled = Readonly<{
  line: number;
  op: string;
  fields: string;
  usec: string;
  cycles: string;
  rest: string;
}>;

/**
 * The operations that llama.cpp's Hexagon backend profiled. Where trace lines follow one, they say how many threads
 * computed and whether DMA moved data; else its configuration is the target's default.
 */
export function readLlamaLog(name: string, text: string): DeviceLog {
  const tally = new LeftOutTally();
  const rows: LogRow[] = [];
  let current: { profiled: Profiled; events: LlamaEvent[] } | undefined;
  let untraced = 0;
  const finish = (): void => {
    if (current === undefined) return;
    const { profiled, events } = current;
    const row = rowOf(name, profiled, tally);
    if (row === undefined) return;
    const threads = new Set(
      events.filter(({ event }) => event.startsWith('HVX')).map(({ thread }) => thread),
    );
    const dma = events.some(({ event }) => event.startsWith('DMA'));
    if (threads.size === 0) untraced++;
    const set = threads.size === 0 ? [] : [`threads=${threads.size}`, ...(dma ? ['staging=dma'] : [])];
    const trace = llamaTrace(events, startOf(profiled), Number(profiled.cycles));
    rows.push({ ...row, set, ...(trace !== undefined && { trace }) });
  };
  for (const [place, line] of text.split(/\r?\n/).entries()) {
    const profile = PROFILE.exec(line);
    if (profile !== null) {
      finish();
      const [, op, fields, usec, cycles, rest] = profile;
      current = { profiled: { line: place + 1, op, fields, usec, cycles, rest }, events: [] };
      continue;
    }
    if (ANY_PROFILE.test(line)) {
      // What follows is not of the operation before.
      finish();
      current = undefined;
      tally.add('results', lackOf(line), () => `${name}, line ${place + 1}: ${line.trim()}`);
      continue;
    }
    const event = llamaEvent(line);
    if (event !== undefined && event.op === current?.profiled.op) current.events.push(event);
  }
  finish();
  const notes =
    untraced === 0
      ? []
      : [
          `${name}: ${untraced === 1 ? '1 operation has' : `${untraced} operations have`} no trace-op lines and count as the target's default, or as --set says`,
        ];
  return { rows, leftOut: tally.all, notes };
}

function rowOf(
  name: string,
  { line, op, fields, usec, cycles, rest }: Profiled,
  tally: LeftOutTally,
): Omit<LogRow, 'set'> | undefined {
  const place = `${name}, line ${line}`;
  const leave = (reason: string, detail: string): undefined => {
    tally.add('results', reason, () => `${place}: ${detail}`);
  };
  const operands = operandsOf(fields);
  if (operands === undefined) return leave('no dimensions and types', fields.trim());
  const found = llamaKernel(op, operands);
  if ('reason' in found) return leave(`${op} is no kernel of ours`, found.reason);
  const mhz = Number(/\bmhz\s+([\d.]+)/.exec(rest)?.[1] ?? Number.NaN);
  const us = mhz > 0 ? Number(cycles) / mhz : Number(usec);
  if (!(us > 0)) return leave('no time', `${op}, ${usec} usec`);
  if (us < LEAST_US || us > MOST_US) return leave(OUT_OF_BOUNDS, `${op}, ${us} µs`);
  return { place, ...found, time: { us, resolutionUs: mhz > 0 ? 0.5 / mhz : 0.5 } };
}

/** Why a line that is meant as a profile's is none. */
function lackOf(line: string): string {
  if (!/\bprofile-op\s+[A-Z_0-9+]+\s*[:|]/.test(line)) return 'profile-op names no operation';
  if (!/\busec\b/.test(line) || !/\bcycles\b/.test(line)) return 'profile-op has no usec and cycles';
  return 'profile-op: usec or cycles are no whole number';
}

/** At which cycle of the device's counter the operation began; undefined where the log does not say it. */
function startOf({ rest }: Profiled): number | undefined {
  const found = /\bstart\s+(\d+)/.exec(rest);
  return found === null ? undefined : Number(found[1]);
}

function operandsOf(fields: string): LlamaOperands | undefined {
  const parts = fields.split(/\s+:\s+|\|/).map((part) => part.trim());
  const [dims, types] = [DIMENSIONS, TYPES].map((form) => parts.find((part) => form.test(part)));
  if (dims === undefined || types === undefined) return undefined;
  const [from, to] = dims
    .split('->')
    .map((side) => side.split(/\sx\s/).map((one) => one.trim().split(':').map(Number)));
  return { inputs: from, output: to[0], types: types.split(/\s+(?:x|->)\s+/) };
}
