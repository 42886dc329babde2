import { bindStudy, type ResolvedStudy, resolveStudy } from '../../ask/resolve-study.ts';
import type { StudySpec } from '../../ask/study-spec.ts';
import { usualBudget } from '../../ask/usual-budget.ts';
import { referenceOf, type StudyDocument, studyDocument } from '../../documents/findings.ts';
import type { DaemonClient } from '../../http/client.ts';
import { drawFindings } from '../../report/terminal/findings.ts';
import { defineCommand } from '../command.ts';
import { localDeviceOf } from '../devices.ts';
import type { Flags } from '../flags.ts';
import { NothingFound } from '../nothing-found.ts';
import { budgetFrom, budgetOptions } from '../options/budget.ts';
import { deviceOptions } from '../options/device.ts';
import { formatOption, TEXT_OR_JSON } from '../options/format.ts';
import type { GlobalOption } from '../options/global.ts';
import { kernelArgument, shapeOptions, targetOption } from '../options/kernel.ts';
import { steeringOptions } from '../options/steering.ts';
import { seedFrom, strategyOptions } from '../options/strategy.ts';
import type { Session } from '../session.ts';
import { showStudySpace } from '../show-space.ts';
import { importsOf, writing } from '../stores.ts';
import { studySpecFrom } from '../study-flags.ts';
import { sayNotes, subjectFrom, targetFrom } from '../subject.ts';
import { runningDaemonOf, tuneThrough } from '../through-daemon.ts';
import { visit } from '../visit.ts';

export const tune = defineCommand({
  arguments: kernelArgument,
  options: {
    ...shapeOptions,
    ...targetOption,
    ...budgetOptions,
    ...strategyOptions,
    ...steeringOptions,
    ...deviceOptions,
    'dry-run': {
      kind: 'switch',
      describe:
        'Measure nothing: show the space as `nightshift space` does, and what the store has of the study',
      group: 'Output:',
    },
    ...formatOption,
  },
  rest: 'the program that measures, with {parameter} where a value goes',
  examples: [
    ['tune gelu', 'a first result in seconds'],
    ['tune vector-add --shape 64x16384 --target hexagon-mlir --trials 300', "a paper's kernel and device"],
    ['tune softmax --for 10m --fix threads=4 --values tile=4096,8192', 'a steered study'],
    ['tune gelu --format json > gelu.json', 'one document for programs'],
    ['tune --space my.json --target command -- ./measure.sh {threads} {tile}', 'your own device'],
    ['tune gelu --fix threads=4 --dry-run', 'the space and the study, without measuring'],
    ['tune --target replay:gemm.json.gz --trials 100', 'a table of measured times'],
  ],
  async act(flags, session) {
    flags.oneOf('format', TEXT_OR_JSON, 'text');
    const device = await localDeviceOf(flags, seedFrom(flags), session);
    if (device !== undefined) {
      sayNotes(device.notes, flags, session);
      const { name } = device.kernel;
      const subject = { kernel: { kind: 'opaque', name }, target: targetFrom(flags) } as const;
      return answer(bindStudy(studySpecFrom(subject, flags), device), flags, session);
    }
    const spec = studySpecFrom(subjectFrom(flags, flags.text('shape')), flags);
    const daemon = flags.isOn('dry-run') ? undefined : runningDaemonOf(flags, session);
    if (daemon !== undefined) return answerThrough(daemon, spec, flags, session);
    const resolved = await resolveStudy(spec, importsOf(flags, session));
    sayNotes(resolved.notes, flags, session);
    return answer(resolved, flags, session);
  },
});

type Asked = Flags<keyof typeof budgetOptions | keyof typeof formatOption | 'dry-run' | GlobalOption>;

async function answer(resolved: ResolvedStudy, flags: Asked, session: Session): Promise<void> {
  if (flags.isOn('dry-run')) return showStudySpace(resolved, flags, session);
  const budget = budgetFrom(flags) ?? usualBudget(resolved.target.kind, resolved.study.space.size);
  const options = { quiet: flags.isOn('quiet'), heading: '', signal: session.interruption() };
  await writing('tune', flags, session, async (store) => {
    const findings = await visit(resolved, budget, store, options, session);
    const document = studyDocument(referenceOf(resolved), findings);
    show(document, `study ${resolved.id} in ${store.location}`, flags, session);
  });
}

async function answerThrough(
  daemon: DaemonClient,
  spec: StudySpec,
  flags: Asked,
  session: Session,
): Promise<void> {
  const [document] = await tuneThrough(daemon, [spec], budgetFrom(flags), flags, session);
  show(document, `study ${document.study.id}, by the daemon on ${daemon.listen}`, flags, session);
}

/** Throws NothingFound where the visit timed nothing, as `best` would. */
function show(document: StudyDocument, place: string, flags: Asked, session: Session): void {
  const { study: title, schemaVersion: _, ...findings } = document;
  if (flags.text('format') === 'json') session.printJson(document);
  else session.show({ title, findings, place }, (seen, surface) => drawFindings({ ...seen, ...surface }));
  if (findings.winner === null) throw new NothingFound(findings.warnings[0] ?? 'nothing could be timed');
}
