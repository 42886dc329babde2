import { completeConfiguration } from '../../complete-configuration.ts';
import { resolveKernel } from '../../kernels/resolve.ts';
import { drawSimulation } from '../../report/terminal/simulation.ts';
import { explainCall } from '../../simulation.ts';
import { loadTarget } from '../../targets/simulated/load.ts';
import { buildSpace } from '../../targets/simulated/space.ts';
import { applyWhatIf, whatIfs } from '../../targets/simulated/what-if.ts';
import { simulatedTarget } from '../../targets/simulated-target.ts';
import { defineCommand } from '../command.ts';
import { configOption, parseAssignments, preferredConfiguration } from '../options/configuration.ts';
import { formatOption, TEXT_OR_JSON } from '../options/format.ts';
import { DEFAULT_TARGET, kernelArgument, shapeOptions, targetOption } from '../options/kernel.ts';
import { importsOf } from '../stores.ts';

export const simulate = defineCommand({
  arguments: kernelArgument,
  options: {
    ...shapeOptions,
    ...targetOption,
    set: {
      kind: 'list',
      describe: "threads=4: the others keep the default's value, or the nearest possible. Repeatable",
      group: 'What:',
    },
    ...configOption,
    'what-if': {
      kind: 'list',
      describe: `Another habit of the compiler: ${Object.keys(whatIfs).join(', ')}. Repeatable`,
      group: 'What:',
    },
    ...formatOption,
  },
  examples: [
    ['simulate gelu --set threads=4 --set tile=16384', 'where the microseconds go'],
    [
      'simulate vector-add --target hexagon-mlir --set buffers=2 --what-if writeback=overlapped',
      'what one habit costs',
    ],
  ],
  async act(flags, session) {
    const format = flags.oneOf('format', TEXT_OR_JSON, 'text');
    const unchanged = loadTarget(flags.text('target') ?? DEFAULT_TARGET);
    const changes = flags.list('what-if');
    const machine = changes.reduce(applyWhatIf, unchanged);
    const reference = {
      name: flags.required('kernel'),
      shape: flags.text('shape'),
      dtype: flags.text('dtype'),
    };
    const { kernel, source } = await resolveKernel(reference, importsOf(flags, session));
    const space = buildSpace(kernel, machine);
    const question = { kernel, source, target: simulatedTarget(unchanged) };
    const preferred = await preferredConfiguration(question, flags, session);
    const configuration = completeConfiguration(space, preferred, parseAssignments(flags.list('set'), space));
    const changed = changes.length === 0 ? undefined : { changes, unchanged };
    const document = explainCall(kernel, machine, configuration, changed);
    if (format === 'json') return session.printJson(document);
    session.print(drawSimulation(document, session.out.columns, session.out.paint));
  },
});
