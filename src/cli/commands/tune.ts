import { InputError } from '../../../search-space/input-error.ts';
import type { Budget } from '../../../store/records.ts';
import type { VerificationStore } from '../../../store/verification-store.ts';
import type { CountedStudy } from '../../ask/count-subspaces.ts';
import { bindStudy, type ResolvedStudy, resolveStudy } from '../../ask/resolve-study.ts';
import type { StudySpec } from '../../ask/study-spec.ts';
import { referenceOf, type StudyDocument, studyDocument } from '../../documents/findings.ts';
import type { DaemonClient } from '../../http/client.ts';
import { formatShape, parseShape } from '../../kernels/shape.ts';
import { drawFindings } from '../../report/terminal/findings.ts';
import { wrapped } from '../../report/terminal/width.ts';
import { nothingWords } from '../../report/words/nothing.ts';
import { defineCommand } from '../command.ts';
import { type LocalDevice, localDeviceOf } from '../devices.ts';
import { earlierOfC } from '../earlier-c.ts';
import type { Flags } from '../flags.ts';
import { NothingFound } from '../nothing-found.ts';
import { budgetFrom, budgetOptions } from '../options/budget.ts';
import { deviceOptions, timeoutFrom } from '../options/device.ts';
import { formatOption, TEXT_OR_JSON } from '../options/format.ts';
import type { GlobalOption } from '../options/global.ts';
import { kernelArgument, shapeOptions, shapesOption, targetOption } from '../options/kernel.ts';
import { objectiveFrom, objectiveOptions } from '../options/objective.ts';
import { parseSizes } from '../options/sizes.ts';
import { steeringOptions } from '../options/steering.ts';
import { seedFrom, strategyOptions } from '../options/strategy.ts';
import { verifyForMs } from '../options/verification.ts';
import { preparing } from '../progress.ts';
import { progressLine } from '../progress-line.ts';
import type { Session } from '../session.ts';
import { showStudySpace } from '../show-space.ts';
import { Spaces } from '../spaces.ts';
import { importsOf, writing } from '../stores.ts';
import { studySpecFrom } from '../study-flags.ts';
import { sayNotes, subjectFrom } from '../subject.ts';
import { runningDaemonOf, tuneThrough } from '../through-daemon.ts';
import { verifying } from '../verifying.ts';
import { visit } from '../visit.ts';

export const tune = defineCommand({
  arguments: kernelArgument,
  options: {
    ...shapeOptions,
    ...shapesOption,
    ...targetOption,
    ...budgetOptions,
    ...strategyOptions,
    ...objectiveOptions,
    ...steeringOptions,
    ...deviceOptions,
    verify: {
      kind: 'switch',
      describe: 'Then time what was found anew beside the default, as `nightshift verify` does',
      group: 'How long:',
    },
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
    ['tune gelu --for 10m --fix threads=4 --values tile=4096,8192', 'a steered study'],
    ['tune gelu --format json > gelu.json', 'one document for programs'],
    ['tune softmax --shapes 64x1024,256x1024', 'a study of each shape'],
    ['tune --c conv.c --shape 64x56x56', 'a C file whose macros are the parameters'],
    ['tune --space my.json --target command -- ./measure.sh {threads} {tile}', 'your own device'],
    ['tune softmax --objective time,scratchpadBytes', 'the Pareto optima of time and scratchpad, simulated'],
    ['tune gelu --fix threads=4 --dry-run', 'the space and the study, without measuring'],
    ['tune --target replay:gemm.json.gz --trials 100', 'a table of measured times'],
  ],
  async act(flags, session) {
    flags.oneOf('format', TEXT_OR_JSON, 'text');
    const shapes = shapesFrom(flags);
    const isDry = flags.isOn('dry-run');
    if (isDry && shapes.length > 1)
      throw new InputError('--dry-run', 'shows one study', 'give one of the shapes with --shape');
    const spaces = new Spaces(flags, session);
    const line = progressLine(session, flags.isOn('quiet'));
    const device = await localDeviceOf(flags, seedFrom(flags), session);
    const specs = device === undefined ? specsOf(shapes, flags) : [];
    const daemon = device === undefined && !isDry ? runningDaemonOf(flags, session) : undefined;
    if (daemon !== undefined) return answerThrough(daemon, specs, flags, session);
    const studies = await preparing(session, line, () =>
      device === undefined
        ? resolveAll(specs, flags, session, spaces)
        : bindAll(device, shapes, flags, spaces),
    );
    const notes = [...(device?.notes ?? []), ...studies.flatMap((study) => study.notes)];
    sayNotes([...notes, ...(await earlierOfC(studies[0], flags, session))], flags, session);
    if (isDry) return showStudySpace(studies[0], flags, session);
    // Read before the store is opened: bad input leaves no store behind.
    const budget = budgetFrom(flags);
    for (const study of studies) await study.checkTools();
    // Nothing is refused any more, and what prepares may have kept a timer waiting.
    const counted = await preparing(session, line, () => spaces.count(studies), session.startedMs);
    return answer(counted, budget, flags, session);
  },
});

type Asked = Flags<
  'verify' | keyof typeof budgetOptions | keyof typeof formatOption | keyof typeof shapesOption | GlobalOption
>;

/** The studies that the flags ask for on a target with a name. */
function specsOf(
  shapes: readonly (string | undefined)[],
  flags: Parameters<typeof studySpecFrom>[1] &
    Parameters<typeof objectiveFrom>[0] &
    Parameters<typeof subjectFrom>[0] &
    Flags<'timeout'>,
): readonly StudySpec[] {
  const besides = { ...objectiveFrom(flags), ...timeoutFrom(flags) };
  return shapes.map((shape) => studySpecFrom(subjectFrom(flags, shape), flags, besides));
}

/** The shapes of the studies; a single undefined one where none is given. Throws InputError. */
function shapesFrom(flags: Flags<'shape' | 'shapes'>): readonly (string | undefined)[] {
  const [shape, shapes] = [flags.text('shape'), flags.text('shapes')];
  if (shapes === undefined) return [shape];
  if (shape === undefined) return parseSizes(shapes, '--shapes').map(formatShape);
  throw new InputError('--shapes', 'is given with --shape', 'name all shapes with --shapes');
}

async function resolveAll(
  specs: readonly StudySpec[],
  flags: Flags<GlobalOption>,
  session: Session,
  { restrict }: Spaces,
): Promise<readonly ResolvedStudy[]> {
  const studies: ResolvedStudy[] = [];
  for (const spec of specs) studies.push(await resolveStudy(spec, importsOf(flags, session), restrict));
  return studies;
}

/** A study of the device's kernel at each shape. */
async function bindAll(
  device: LocalDevice,
  shapes: readonly (string | undefined)[],
  flags: Parameters<typeof studySpecFrom>[1] & Parameters<typeof objectiveFrom>[0],
  { restrict }: Spaces,
): Promise<readonly ResolvedStudy[]> {
  const { kernel, reference } = device;
  const subject = { kernel: { kind: 'opaque', name: kernel.name }, target: reference } as const;
  const spec = studySpecFrom(subject, flags, objectiveFrom(flags));
  const studies: ResolvedStudy[] = [];
  for (const shape of shapes) {
    const sized = shape === undefined ? kernel : { ...kernel, shape: parseShape(shape) };
    studies.push(await bindStudy(spec, { ...device, kernel: sized }, restrict));
  }
  return studies;
}

/** Visits the studies one after the other. After an interruption, shows those that were visited. */
async function answer(
  resolved: readonly CountedStudy[],
  budget: Budget | undefined,
  flags: Asked,
  session: Session,
): Promise<void> {
  const quiet = flags.isOn('quiet');
  const signal = session.interruption();
  await writing('tune', flags, session, async (store) => {
    const documents: StudyDocument[] = [];
    let beganMs = session.startedMs;
    for (const [place, study] of resolved.entries()) {
      if (place > 0 && signal.aborted) break;
      const heading =
        resolved.length === 1 ? '' : `${study.kernel.shape} (${place + 1} of ${resolved.length}): `;
      const options = { quiet, heading, beganMs, signal };
      const findings = await visit(study, budget ?? study.usualBudget, store, options, session);
      beganMs = session.clock.elapsed();
      const reference = referenceOf(study);
      const document = studyDocument(reference, findings);
      draw(document, `study ${study.id} in ${store.location}`, flags, session);
      const isVerified = flags.isOn('verify') && !signal.aborted;
      const verification = isVerified
        ? await verificationOf(study, document, store, quiet, session)
        : undefined;
      drawVerification(verification, flags, session);
      documents.push({ ...document, ...(verification && { verification }) });
    }
    finish(documents, flags, session);
  });
}

/** Whether what was found is faster; undefined where nothing was found. */
async function verificationOf(
  study: CountedStudy,
  { best: found }: StudyDocument,
  store: VerificationStore,
  quiet: boolean,
  session: Session,
): Promise<StudyDocument['verification']> {
  if (found === null) return undefined;
  const against = { given: 'default', configuration: study.study.default };
  const asked = { winner: found.configuration, against, by: 0, forMs: verifyForMs(), quiet };
  const { by, verdict, timings, falseClaims, sentence, notes } = await verifying(
    study,
    asked,
    store,
    session,
  );
  for (const note of notes) session.say(note);
  return { by, verdict, timings, falseClaims, sentence };
}

function drawVerification(verification: StudyDocument['verification'], flags: Asked, session: Session): void {
  if (verification === undefined || flags.text('format') === 'json') return;
  session.show(verification, ({ sentence }, { columns, paint }) => wrapped(paint.bold(sentence), columns));
}

async function answerThrough(
  daemon: DaemonClient,
  specs: readonly StudySpec[],
  flags: Asked,
  session: Session,
): Promise<void> {
  const documents = await tuneThrough(daemon, specs, budgetFrom(flags), flags, session, flags.isOn('verify'));
  for (const document of documents) {
    draw(document, `study ${document.study.id}, by the daemon on ${daemon.listen}`, flags, session);
    drawVerification(document.verification, flags, session);
  }
  finish(documents, flags, session);
}

/** A study's findings as text. */
function draw(document: StudyDocument, place: string, flags: Asked, session: Session): void {
  if (flags.text('format') === 'json') return;
  session.show({ document, place }, (seen, surface) => drawFindings({ ...seen, ...surface }));
}

/** All findings as JSON. Throws NothingFound where no visit timed anything, as `best` would. */
function finish(documents: readonly StudyDocument[], flags: Asked, session: Session): void {
  if (flags.text('format') === 'json') {
    if (flags.text('shapes') === undefined) for (const document of documents) session.printJson(document);
    else session.printJson({ schemaVersion: 1, studies: documents });
  }
  if (documents.some(({ winner }) => winner !== null)) return;
  throw new NothingFound(whyNothing(documents[0]));
}

/** What most failures said, or why nothing was tried. */
function whyNothing({ trials, warnings, gainOverDefault }: StudyDocument): string {
  const failed = Object.values(trials.invalid).some((count) => count > 0);
  return (failed ? warnings[0] : undefined) ?? nothingWords(gainOverDefault);
}
