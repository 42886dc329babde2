import { isKnown, type OrUnknown, unknown } from '../../../tuner/attribution/gain.ts';
import { formatShape } from '../../kernels/shape.ts';
import { type Timeline, timelineOf } from '../timeline.ts';
import type { MachineCall } from '../two-calls.ts';
import { CALL_TERMS, type CallTerm, callTerms, workingThreads } from './call-terms.ts';
import type { DeviceCall } from './device-call.ts';
import { deviceTimeline } from './device-timeline.ts';

/** A simulated call, and the same on a device, as its log tells it. */
export type DeviceTrace = Readonly<{
  /** The device's, then the simulated one, shown until the same time. */
  timelines: readonly [Timeline, Timeline];
  /** Where the log has the call: "device.log, line 3". */
  place: string;
  timings: number;
  /** How many threads do work, where the log tells all of them. The terms are means over the larger number. */
  working: Readonly<{ device: number; simulated: number }> | null;
  terms: readonly Readonly<{ term: CallTerm; simulatedUs: number; deviceUs: OrUnknown<number> }>[];
  /** What is left for the terms that the log does not tell; all terms are told if it is null. */
  untold: Readonly<{ simulatedUs: number; deviceUs: number; why: string }> | null;
}>;

/** A device's call begins its work in the shown part: the cut is so many times as late. */
const AFTER_FIRST = 1.25;

/** `call` has the device's configuration, so far as the log says one. */
export function againstDevice(call: MachineCall, device: DeviceCall, mostTiles: number): DeviceTrace {
  const { kernel, machine } = call;
  const { row, configuration, timeUs, timings } = device;
  const simulated = (until: Parameters<typeof timelineOf>[3]): Timeline =>
    timelineOf(kernel, machine, configuration, until);
  const whole = simulated({ us: Number.POSITIVE_INFINITY });
  const cut = simulated({ tiles: mostTiles });
  const title = `${kernel.name} ${formatShape(kernel.shape)} ${kernel.dtype}, ${row.place}, measured`;
  const measured = deviceTimeline(row, timeUs, title);
  const untilUs =
    cut.shownUs < cut.timeUs
      ? Math.max(cut.shownUs, AFTER_FIRST * firstWorkUs(measured))
      : Number.POSITIVE_INFINITY;
  const trace = configuration.unit === 'matrix' ? row.trace : withoutMatrixUnit(row.trace);
  const working = { device: workingThreads(measured), simulated: workingThreads(whole) };
  const threads = Math.max(1, working.device, working.simulated);
  const terms = termsOf(trace, callTerms(whole, threads), callTerms(measured, threads));
  return {
    timelines: [deviceTimeline(row, timeUs, title, untilUs), simulated({ us: untilUs })],
    place: row.place,
    timings,
    working: trace?.tells === 'all' ? working : null,
    terms,
    untold: untoldOf(terms, whole.timeUs, timeUs),
  };
}

/** What a log tells of a call that is simulated on vector units: nothing, where the device used its matrix unit. */
function withoutMatrixUnit(trace: DeviceCall['row']['trace']): DeviceCall['row']['trace'] {
  if (trace?.spans.some(({ name }) => name.startsWith('HMX')) !== true) return trace;
  return { spans: trace.spans, tells: 'nothing', lacks: ON_MATRIX_UNIT };
}

const ON_MATRIX_UNIT =
  'the device computed on its matrix unit, which this configuration does not: --set unit=matrix';

function firstWorkUs({ tracks }: Timeline): number {
  return Math.min(...tracks.flatMap(({ spans }) => spans.map(({ start }) => start)));
}

function termsOf(
  trace: DeviceCall['row']['trace'],
  simulated: Readonly<Record<CallTerm, number>>,
  told: Readonly<Record<CallTerm, number>>,
): DeviceTrace['terms'] {
  const lacks = trace === undefined ? 'the log has the time of the whole call only' : lackOf(trace);
  return CALL_TERMS.map((term) => {
    const isTold = trace?.tells === 'all' || (trace?.tells === 'computing' && term === 'compute');
    const deviceUs = isTold ? told[term] : unknown('not told', lacks);
    return { term, simulatedUs: simulated[term], deviceUs };
  });
}

function lackOf(trace: NonNullable<DeviceCall['row']['trace']>): string {
  return trace.tells === 'all' ? '' : trace.lacks;
}

function untoldOf(terms: DeviceTrace['terms'], simulatedUs: number, deviceUs: number): DeviceTrace['untold'] {
  let left = { simulatedUs, deviceUs };
  let why: string | undefined;
  for (const term of terms) {
    if (isKnown(term.deviceUs))
      left = {
        simulatedUs: left.simulatedUs - term.simulatedUs,
        deviceUs: left.deviceUs - term.deviceUs,
      };
    else why = term.deviceUs.why;
  }
  return why === undefined ? null : { ...left, why };
}
