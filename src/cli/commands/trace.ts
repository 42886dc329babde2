import { timelineOf } from '../../answers/timeline.ts';
import { twoCalls } from '../../answers/two-calls.ts';
import { chromeTrace, chromeTraceOfTwo } from '../../report/timeline/chrome-trace.ts';
import { busyWords } from '../../report/timeline/spans.ts';
import { timelineSvg, twoCallsSvg } from '../../report/timeline/svg.ts';
import { twoCallsSentence } from '../../report/words/two-calls.ts';
import { writeWhole } from '../../text/write-whole.ts';
import { defineCommand } from '../command.ts';
import type { Flags } from '../flags.ts';
import type { GlobalOption } from '../options/global.ts';
import { kernelArgument } from '../options/kernel.ts';
import type { Session } from '../session.ts';
import { callOptions, otherConfiguration, type SimulatedCall, simulatedCallOf } from '../simulated-call.ts';

/** Tiles that fit a picture, and that a trace viewer can show. */
const DRAWN = 24;
const TRACED = 5000;

export const trace = defineCommand({
  arguments: kernelArgument,
  options: {
    ...callOptions,
    against: {
      kind: 'text',
      describe: 'A second configuration on the same axis: default, best, or threads=4,tile=16384',
      group: 'What:',
    },
    tiles: {
      kind: 'text',
      describe: 'How many tiles, from the first',
      otherwise: `${TRACED}, or ${DRAWN} with --svg`,
      group: 'Output:',
    },
    svg: { kind: 'switch', describe: 'Draw it instead of writing trace events', group: 'Output:' },
    output: { kind: 'text', describe: 'A file', otherwise: 'stdout', alias: 'o', group: 'Output:' },
  },
  examples: [
    ['trace gelu --config best -o trace.json', 'open it in ui.perfetto.dev'],
    ['trace gelu --config best --against default --svg -o two.svg', 'two on one axis, and what differs'],
    ['trace gelu --set staging=dma --set buffers=2 --svg -o overlap.svg', 'a picture of the overlap'],
  ],
  async act(flags, session) {
    const isDrawn = flags.isOn('svg');
    const mostTiles = flags.count('tiles') ?? (isDrawn ? DRAWN : TRACED);
    const call = await simulatedCallOf(flags, session);
    const against = flags.text('against');
    if (against !== undefined) return traceTwo(against, call, mostTiles, flags, session);
    const { kernel, machine, configuration } = call;
    const timeline = timelineOf(kernel, machine, configuration, { tiles: mostTiles });
    const text = isDrawn ? timelineSvg(timeline) : `${JSON.stringify(chromeTrace(timeline))}\n`;
    const output = flags.text('output');
    if (output === undefined) return session.print(text);
    writeWhole('--output', output, text);
    const { shown, whole } = timeline.tiles;
    if (flags.isOn('quiet')) return;
    session.say(`Wrote ${shown} of ${whole} tiles to ${output}. ${busyWords(timeline)}\n`);
  },
});

/** The other configuration above, the call below, and on stderr what the call does otherwise. */
async function traceTwo(
  against: string,
  call: SimulatedCall,
  mostTiles: number,
  flags: Flags<'svg' | 'output' | GlobalOption>,
  session: Session,
): Promise<void> {
  const configuration = await otherConfiguration(against, call, flags, session);
  const both = twoCalls({ ...call, configuration }, call, mostTiles);
  const [first, second] = [against, 'This call'];
  const text = flags.isOn('svg')
    ? twoCallsSvg(first, second, both)
    : `${JSON.stringify(chromeTraceOfTwo(first, second, both))}\n`;
  const output = flags.text('output');
  if (output === undefined) session.print(text);
  else writeWhole('--output', output, text);
  if (!flags.isOn('quiet')) session.say(`${twoCallsSentence(first, second, both)}\n`);
}
