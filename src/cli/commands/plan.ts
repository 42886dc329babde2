import { unknownName } from '../../../search-space/input-error.ts';
import { modelPlan } from '../../ask/model-plan.ts';
import { formatPlan } from '../../ask/plan-text.ts';
import { DEFAULT_TARGET } from '../../ask/study-spec.ts';
import { countOf } from '../../report/words/numbers.ts';
import { writeWhole } from '../../text/write-whole.ts';
import { defineCommand } from '../command.ts';
import { readCache } from '../import-sources.ts';
import { keepImports } from '../keep-imports.ts';
import { sayNotes } from '../subject.ts';

const USUAL_TRIALS = 300;

export const plan = defineCommand({
  arguments: { verb: 'from', folder: 'A torchinductor cache folder' },
  words: { verb: ['from'] },
  options: {
    target: {
      kind: 'list',
      describe: 'A target to tune for. Repeatable',
      otherwise: DEFAULT_TARGET,
      alias: 't',
      group: 'What:',
    },
    trials: {
      kind: 'text',
      describe: 'Trials of each study',
      otherwise: String(USUAL_TRIALS),
      alias: 'n',
      group: 'What:',
    },
    output: {
      kind: 'text',
      describe: 'The file to write',
      otherwise: 'printed',
      alias: 'o',
      group: 'Output:',
    },
  },
  examples: [
    [
      'plan from ./torchinductor_me -o model.yaml',
      'a plan for a whole model; `submit` hands it to the daemon',
    ],
  ],
  async act(flags, session) {
    if (flags.required('verb') !== 'from') throw unknownName('verb', flags.required('verb'), ['from']);
    const { imported, refused } = readCache(flags.required('folder'));
    const targets = flags.list('target');
    const text = formatPlan(
      modelPlan(
        imported.map(({ kernel, calls }) => ({ name: kernel.name, calls: calls ?? 1 })),
        targets.length === 0 ? [DEFAULT_TARGET] : targets,
        flags.count('trials') ?? USUAL_TRIALS,
      ),
    );
    sayNotes(await keepImports(imported, flags, session), flags, session);
    for (const { name, calls, reason } of refused)
      session.say(`Left out: ${name} (${countOf(calls, 'call')}): ${reason}\n`);
    const output = flags.text('output');
    if (output === undefined) return session.print(text);
    writeWhole('--output', output, text);
    session.printLine(
      `${output}: ${countOf(imported.length, 'kernel')}; \`nightshift submit ${output}\` starts it.`,
    );
  },
});
