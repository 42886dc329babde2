import { isKnown, type TimeFigure } from '../../../tuner/attribution/gain.ts';
import type { DeviceTrace } from '../../answers/device-trace/against-device.ts';
import { timeIn, timeUnitFor } from '../../text/time-text.ts';
import { formatTime } from '../words/numbers.ts';
import type { Paint } from './paint.ts';
import { drawTable } from './table.ts';

/** A share of the call that is rounding. */
const NOTHING = 1e-4;

/** Term by term, the device beside what is simulated; the mean over threads. */
export function drawDeviceTrace({ timelines, terms, untold }: DeviceTrace, paint: Paint): string {
  const [device, simulated] = timelines.map(({ timeUs }) => timeUs);
  const unit = timeUnitFor([device, simulated]);
  const differenceText = (us: number): string => {
    if (Math.abs(us) < NOTHING * Math.max(device, simulated)) return '0';
    return `${us < 0 ? '−' : '+'}${timeIn(unit, Math.abs(us))}`;
  };
  const row = (what: string, deviceUs: TimeFigure, simulatedUs: number): readonly string[] => [
    what,
    formatTime(deviceUs, unit),
    timeIn(unit, simulatedUs),
    isKnown(deviceUs) ? differenceText(deviceUs - simulatedUs) : '',
  ];
  return drawTable(
    {
      titles: [unit.name, 'device', 'simulated', 'difference'],
      aligns: ['left', 'right', 'right', 'right'],
      cells: [
        ...terms.map(({ term, deviceUs, simulatedUs }) => row(term, deviceUs, simulatedUs)),
        ...(untold === null || untold.deviceUs === device
          ? []
          : [row('what is not told', untold.deviceUs, untold.simulatedUs)]),
        row('the call', device, simulated),
      ],
    },
    paint,
  );
}
