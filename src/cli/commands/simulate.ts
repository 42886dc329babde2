import { explainCall } from '../../answers/simulation.ts';
import { simulateDocument } from '../../documents/simulate.ts';
import { drawSimulation } from '../../report/terminal/simulation.ts';
import { simulatedTarget } from '../../targets/npu/target.ts';
import { defineCommand } from '../command.ts';
import { habitNotes } from '../habit-notes.ts';
import { formatOption, TEXT_OR_JSON } from '../options/format.ts';
import { kernelArgument } from '../options/kernel.ts';
import { callOptions, simulatedCallOf, usedToday } from '../simulated-call.ts';

export const simulate = defineCommand({
  arguments: kernelArgument,
  options: { ...callOptions, ...formatOption },
  examples: [
    ['simulate gelu --set threads=4 --set tile=16384', 'where the microseconds go'],
    ['simulate gelu --config best', 'the best known configuration'],
    [
      'simulate vector-add --target hexagon-mlir --set buffers=2 --what-if writeback=overlapped',
      'what a habit of the compiler costs',
    ],
  ],
  async act(flags, session) {
    const format = flags.oneOf('format', TEXT_OR_JSON, 'text');
    const { kernel, machine, unchanged, changes, configuration } = await simulatedCallOf(flags, session);
    const used = await usedToday({ kernel, target: simulatedTarget(unchanged) }, flags, session);
    const changed = changes.length === 0 ? undefined : { changes, unchanged, used };
    const call = explainCall(kernel, machine, configuration, changed);
    if (format === 'json') return session.printJson(simulateDocument(call));
    for (const note of habitNotes(kernel, machine, configuration)) session.say(`${note}\n`);
    session.show(call, (seen, { columns, paint }) => drawSimulation(seen, columns, paint));
  },
});
