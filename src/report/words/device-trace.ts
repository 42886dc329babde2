import { isKnown } from '../../../tuner/attribution/gain.ts';
import type { DeviceTrace } from '../../answers/device-trace/against-device.ts';
import { formatTimeUs, type TimeUnit, timeUnitFor } from '../../text/time-text.ts';
import { formatFactor } from './numbers.ts';

/** A smaller part of the longer call is no difference that is worth a word. */
const LEAST_SHARE = 0.02;

type Difference = Readonly<{ what: string; changeUs: number }>;

/**
 * "The device takes 40 µs (device.log, line 3), 1.29× as long as simulated (31 µs). Most differs DMA: 6 µs more on the device."
 */
export function deviceTraceSentence(trace: DeviceTrace): string {
  const [device, simulated] = trace.timelines.map(({ timeUs }) => timeUs);
  const unit = timeUnitFor([device, simulated]);
  const how =
    formatFactor(device / simulated) === '1.00×'
      ? 'as long as'
      : device >= simulated
        ? `${formatFactor(device / simulated)} as long as`
        : `${formatFactor(simulated / device)} as fast as`;
  const of = trace.timings > 1 ? `, the middle one of ${trace.timings} timings` : '';
  const times = `The device takes ${formatTimeUs(device, unit)} (${trace.place}${of}), ${how} simulated (${formatTimeUs(simulated, unit)}).`;
  return `${times}${workingWords(trace)} ${differenceWords(trace, LEAST_SHARE * Math.max(device, simulated), unit)}`;
}

/** " 1 thread works on the device, 2 simulated: the terms are means over 2." where the numbers differ. */
function workingWords({ working }: DeviceTrace): string {
  if (working === null || working.device === working.simulated) return '';
  const { device, simulated } = working;
  const works = `${device} ${device === 1 ? 'thread works' : 'threads work'}`;
  return ` ${works} on the device, ${simulated} simulated: the terms are means over ${Math.max(device, simulated)}.`;
}

function differenceWords({ terms, untold }: DeviceTrace, leastUs: number, unit: TimeUnit): string {
  const told = terms.flatMap(({ term, simulatedUs, deviceUs }): Difference[] =>
    isKnown(deviceUs) ? [{ what: term, changeUs: deviceUs - simulatedUs }] : [],
  );
  const most = told.reduce<Difference | undefined>(
    (found, each) =>
      found === undefined || Math.abs(each.changeUs) > Math.abs(found.changeUs) ? each : found,
    undefined,
  );
  if (most === undefined) return `Which term differs is unknown: ${untold?.why ?? 'the log tells none'}.`;
  const moreOrLess = ({ changeUs }: Difference): string =>
    `${formatTimeUs(Math.abs(changeUs), unit)} ${changeUs > 0 ? 'more' : 'less'} on the device`;
  const inWords =
    Math.abs(most.changeUs) < leastUs
      ? 'No term that the log tells differs by 2 % of the call.'
      : `Most differs ${most.what}: ${moreOrLess(most)}.`;
  if (untold === null) return inWords;
  const rest = { what: 'rest', changeUs: untold.deviceUs - untold.simulatedUs };
  if (Math.abs(rest.changeUs) < leastUs) return inWords;
  return Math.abs(rest.changeUs) > Math.abs(most.changeUs)
    ? `Most of the difference, ${moreOrLess(rest)}, is in what the log does not tell: ${untold.why}. ${inWords}`
    : `${inWords} What it does not tell is ${moreOrLess(rest)}.`;
}
