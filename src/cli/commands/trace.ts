import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { InputError } from '../../../search-space/input-error.ts';
import { isKnown } from '../../../tuner/attribution/gain.ts';
import { againstDevice } from '../../answers/device-trace/against-device.ts';
import { deviceCallOf, shapeInLog } from '../../answers/device-trace/device-call.ts';
import { timelineOf } from '../../answers/timeline.ts';
import { twoCalls } from '../../answers/two-calls.ts';
import type { DeviceLog } from '../../importers/device-log/log-row.ts';
import { type LogFile, MOST_BYTES_OF_LOG, readLogs } from '../../importers/device-log/read-logs.ts';
import { formatShape } from '../../kernels/shape.ts';
import { drawDeviceTrace } from '../../report/terminal/device-trace.ts';
import { chromeTrace, chromeTraceOfDevice, chromeTraceOfTwo } from '../../report/timeline/chrome-trace.ts';
import { busyWords } from '../../report/timeline/spans.ts';
import { timelineSvg, twoCallsSvg } from '../../report/timeline/svg.ts';
import { deviceTraceSentence } from '../../report/words/device-trace.ts';
import { countOf } from '../../report/words/numbers.ts';
import { twoCallsSentence } from '../../report/words/two-calls.ts';
import { simulatedTarget } from '../../targets/npu/target.ts';
import { readText } from '../../text/read-json.ts';
import { writeWhole } from '../../text/write-whole.ts';
import { assignments } from '../assignments.ts';
import { defineCommand } from '../command.ts';
import type { Flags } from '../flags.ts';
import type { GlobalOption } from '../options/global.ts';
import { kernelArgument } from '../options/kernel.ts';
import type { Session } from '../session.ts';
import {
  callOptions,
  isNamedConfiguration,
  otherConfiguration,
  type SimulatedCall,
  simulatedCallOf,
} from '../simulated-call.ts';
import { importsOf } from '../stores.ts';
import { sayNotes } from '../subject.ts';

/** Tiles that fit a picture, and that a trace viewer can show. */
const DRAWN = 24;
const TRACED = 5000;

export const trace = defineCommand({
  arguments: kernelArgument,
  options: {
    ...callOptions,
    against: {
      kind: 'list',
      describe:
        "On the same axis: a second configuration (default, best, threads=4,tile=16384), or a device's log of the call",
      group: 'What:',
    },
    tiles: {
      kind: 'text',
      describe: 'How many tiles, from the first',
      otherwise: `${TRACED}, or ${DRAWN} of a drawing`,
      group: 'Output:',
    },
    svg: {
      kind: 'switch',
      describe: 'Draw it instead of writing trace events, as a file that ends in .svg is',
      group: 'Output:',
    },
    output: {
      kind: 'text',
      describe: 'A file: a drawing if its name ends in .svg, else trace events',
      otherwise: 'stdout',
      alias: 'o',
      group: 'Output:',
    },
  },
  examples: [
    ['trace gelu --config best -o trace.json', 'open it in ui.perfetto.dev'],
    ['trace gelu --config best --against default -o two.svg', 'two on one axis, and what differs'],
    [
      'trace gelu --target ./my-phone.json --against device.log -o device.svg',
      'a device over its simulation',
    ],
    ['trace gelu --set staging=dma --set buffers=2 -o overlap.svg', 'a picture of the overlap'],
  ],
  async act(flags, session) {
    const isDrawn = drawsWith(flags);
    const mostTiles = flags.count('tiles') ?? (isDrawn ? DRAWN : TRACED);
    const call = await simulatedCallOf(flags, session);
    const against = flags.list('against');
    const files = logFiles(against);
    if (files.length > 0) return traceDevice(files, call, mostTiles, flags, session);
    if (against.length > 1)
      throw new InputError('--against', 'is given twice', 'one configuration, or files of a log');
    if (against.length === 1) return traceTwo(against[0], call, mostTiles, flags, session);
    const { kernel, machine, configuration } = call;
    const timeline = timelineOf(kernel, machine, configuration, { tiles: mostTiles });
    const text = isDrawn ? timelineSvg(timeline) : `${JSON.stringify(chromeTrace(timeline))}\n`;
    put(text, flags, session);
    const output = flags.text('output');
    if (output === undefined) return;
    if (flags.isOn('quiet') || !isKnown(timeline.tiles)) return;
    const { shown, whole } = timeline.tiles;
    session.say(`Wrote ${shown} of ${countOf(whole, 'tile')} to ${output}. ${busyWords(timeline)}\n`);
  },
});

/** The other configuration above, the call below, and on stderr what the call does otherwise. */
async function traceTwo(
  against: string,
  call: SimulatedCall,
  mostTiles: number,
  flags: Flags<keyof typeof callOptions | 'kernel' | 'svg' | 'output' | GlobalOption>,
  session: Session,
): Promise<void> {
  const configuration = await otherConfiguration(against, call, flags, session);
  const both = twoCalls({ ...call, configuration }, call, mostTiles);
  const [first, second] = [against, 'This call'];
  const text = drawsWith(flags)
    ? twoCallsSvg(first, second, both)
    : `${JSON.stringify(chromeTraceOfTwo(first, second, both))}\n`;
  put(text, flags, session);
  if (!flags.isOn('quiet')) session.say(`${twoCallsSentence(first, second, both)}\n`);
}

type DeviceFlags = Flags<keyof typeof callOptions | 'kernel' | 'svg' | 'output' | GlobalOption>;

/** The device's call above, the simulated one in its configuration below, and on stderr how their terms differ. */
async function traceDevice(
  files: readonly LogFile[],
  asked: SimulatedCall,
  mostTiles: number,
  flags: DeviceFlags,
  session: Session,
): Promise<void> {
  const { kernel } = asked;
  const set = flags.list('set').flatMap((words) => words.split(','));
  const ofProfile = { kernel: kernel.name, shape: formatShape(kernel.shape), dtype: kernel.dtype, set };
  const log = readLogs(files, ofProfile, '--against');
  sayNotes(log.notes, flags, session);
  const call = await atShapeOfLog(log, asked, flags, session);
  const { machine } = call;
  const target = simulatedTarget(machine);
  const whyLacking = (name: string) => target.whyLacking?.(call.kernel, name);
  const given = assignments(flags.list('set'), target.space(call.kernel), '--set', whyLacking);
  const device = await deviceCallOf(log, call, given, importsOf(flags, session));
  const both = againstDevice(call, device, mostTiles);
  const [first, second] = ['device', 'simulated'];
  const text = drawsWith(flags)
    ? twoCallsSvg(first, second, both)
    : `${JSON.stringify(chromeTraceOfDevice(first, second, both))}\n`;
  put(text, flags, session);
  if (flags.isOn('quiet')) return;
  for (const line of drawDeviceTrace(both, session.err.paint).trimEnd().split('\n')) session.say(line);
  session.say(`${deviceTraceSentence(both)}\n`);
}

/** The call at the shape that the log has, where it is not the asked one, and a word about it. */
async function atShapeOfLog(
  log: DeviceLog,
  asked: SimulatedCall,
  flags: DeviceFlags,
  session: Session,
): Promise<SimulatedCall> {
  const shape = shapeInLog(log, asked.kernel, flags.text('shape') !== undefined);
  if (shape === undefined) return asked;
  const call = await simulatedCallOf(flags, session, shape);
  const { name, dtype } = asked.kernel;
  sayNotes(
    [`${name} ${dtype} is taken at ${formatShape(call.kernel.shape)}, as the log has it`],
    flags,
    session,
  );
  return call;
}

/** The logs that are meant; nothing if a configuration is. Throws InputError for a file that cannot be read. */
function logFiles(against: readonly string[]): readonly LogFile[] {
  if (!against.some((each) => !isNamedConfiguration(each) && existsSync(each))) return [];
  return against.map((path) => ({
    name: basename(path),
    text: readText('--against', path, MOST_BYTES_OF_LOG),
  }));
}

/** The ending of a file decides. Throws InputError where --svg says otherwise. */
function drawsWith(flags: Flags<'svg' | 'output' | GlobalOption>): boolean {
  const [isAsked, output] = [flags.isOn('svg'), flags.text('output')];
  if (output === undefined) return isAsked;
  const isDrawing = /\.svg$/i.test(output);
  if (isAsked && !isDrawing)
    throw new InputError(
      '--svg',
      `draws, but ${output} is for trace events`,
      'name a file that ends in .svg',
    );
  return isDrawing;
}

function put(text: string, flags: Flags<'output' | GlobalOption>, session: Session): void {
  const output = flags.text('output');
  if (output === undefined) session.print(text);
  else writeWhole('--output', output, text);
}
