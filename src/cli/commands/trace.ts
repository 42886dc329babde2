import { timelineOf } from '../../answers/timeline.ts';
import { chromeTrace } from '../../report/timeline/chrome-trace.ts';
import { busyWords } from '../../report/timeline/spans.ts';
import { timelineSvg } from '../../report/timeline/svg.ts';
import { writeWhole } from '../../text/write-whole.ts';
import { defineCommand } from '../command.ts';
import { kernelArgument } from '../options/kernel.ts';
import { callOptions, simulatedCallOf } from '../simulated-call.ts';

/** Tiles that fit a picture, and that a trace viewer can show. */
const DRAWN = 24;
const TRACED = 5000;

export const trace = defineCommand({
  arguments: kernelArgument,
  options: {
    ...callOptions,
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
    ['trace gelu --set staging=dma --set buffers=2 --svg -o overlap.svg', 'a picture of the overlap'],
  ],
  async act(flags, session) {
    const isDrawn = flags.isOn('svg');
    const mostTiles = flags.count('tiles') ?? (isDrawn ? DRAWN : TRACED);
    const { kernel, machine, configuration } = await simulatedCallOf(flags, session);
    const timeline = timelineOf(kernel, machine, configuration, mostTiles);
    const text = isDrawn ? timelineSvg(timeline) : `${JSON.stringify(chromeTrace(timeline))}\n`;
    const output = flags.text('output');
    if (output === undefined) return session.print(text);
    writeWhole('--output', output, text);
    const { shown, whole } = timeline.tiles;
    if (flags.isOn('quiet')) return;
    session.say(`Wrote ${shown} of ${whole} tiles to ${output}. ${busyWords(timeline)}\n`);
  },
});
