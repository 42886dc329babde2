import { InputError } from '../../../search-space/input-error.ts';
import type { CatalogStore } from '../../../store/catalog-store.ts';
import type { FindingStore } from '../../../store/finding-store.ts';
import type { ModelStore } from '../../../store/model-store.ts';
import type { StoredBest } from '../../../store/records.ts';
import type { StudyStore } from '../../../store/study-store.ts';
import type { Provenance } from '../../../tuner/backend.ts';
import type { BestAnswer } from '../../answers/best/answer.ts';
import { type BestQuestion, findBest, observedAnswer } from '../../answers/best/find-best.ts';
import { knownShapes } from '../../answers/best/known-shape.ts';
import { leastRegret, type RobustChoice } from '../../answers/best/robust.ts';
import type { SimulatingEvent } from '../../answers/best/simulated-now.ts';
import { predictFrom } from '../../answers/model/predict-best.ts';
import type { KernelOnTarget } from '../../ask/kernel-on-target.ts';
import { type Asked, bestDocument, bestsDocument, robustDocument } from '../../documents/best.ts';
import { compareShapes, formatShape, parseShape } from '../../kernels/shape.ts';
import { drawBest, drawRobust } from '../../report/terminal/best.ts';
import { countOf } from '../../report/words/numbers.ts';
import { defineCommand } from '../command.ts';
import type { Flags } from '../flags.ts';
import { atShapes, opaqueBests, robustOpaque } from '../known-opaque.ts';
import { NothingFound } from '../nothing-found.ts';
import { formatOption, TEXT_OR_JSON } from '../options/format.ts';
import type { GlobalOption } from '../options/global.ts';
import { kernelArgument, shapeOptions, targetOption } from '../options/kernel.ts';
import { objectiveOptions, soughtBy } from '../options/objective.ts';
import { whatIfOption } from '../options/what-if.ts';
import { progressLine } from '../progress-line.ts';
import type { Session } from '../session.ts';
import { reading, readingIfThere } from '../stores.ts';
import { kernelOnTarget, tuneCommand } from '../subject.ts';
import { showWhatIfBest } from '../what-if-best.ts';

type Format = (typeof TEXT_OR_JSON)[number];

export const best = defineCommand({
  arguments: kernelArgument,
  options: {
    ...shapeOptions,
    shapes: { kind: 'text', describe: 'Several: 1024,2^20,64x512', group: 'What:' },
    robust: {
      kind: 'switch',
      describe:
        'One configuration for all --shapes, with the least worst-case regret (default: all with results)',
      group: 'What:',
    },
    ...targetOption,
    ...objectiveOptions,
    ...whatIfOption,
    ...formatOption,
  },
  examples: [
    ['best gelu --shape 1048576 --target hexagon-v75', 'the configuration to use'],
    ['best gelu --shape 3000000', 'a shape that was never tried: from the nearest shape, and it says so'],
    ['best gelu --shapes 2^16,2^20 --robust', 'one configuration for several shapes'],
    ['best conv --target board --objective time,energyJ', 'the Pareto optima that studies of both found'],
    ['best conv --robust --target board', 'for all shapes of a kernel that were measured'],
    [
      'best gelu --target hexagon-v75 --what-if dmaGBps=20',
      'on a changed machine, by simulating; where the best flips',
    ],
  ],
  async act(flags, session) {
    const format = flags.oneOf('format', TEXT_OR_JSON, 'text');
    const sought = soughtIn(flags);
    if (flags.list('what-if').length > 0) return showWhatIfBest(flags, format, session);
    const isRobust = flags.isOn('robust');
    const shapes = shapesOf(flags.text('shape'), flags.text('shapes'), isRobust);
    if (await answerOpaque(flags, shapes, sought, format, session)) return;
    if (isRobust) {
      return reading(flags, session, async (store) => {
        const asked = shapes ?? (await measuredShapes(flags, store, session));
        const questions = await Promise.all(asked.map((shape) => kernelOnTarget(flags, shape, session)));
        return answerRobust(questions, store, format, flags, session);
      });
    }
    const asked = shapes ?? [undefined];
    const subjects = await Promise.all(asked.map((shape) => kernelOnTarget(flags, shape, session)));
    const questions = subjects.map((subject) => ({ ...subject, ...sought }));
    await readingIfThere(flags, session, undefined, (store) =>
      answer(questions, store, format, flags, session),
    ).then((done) => done ?? answer(questions, undefined, format, flags, session));
  },
});

type BestFlags = Flags<'kernel' | 'dtype' | keyof typeof targetOption | 'robust' | GlobalOption>;

type Sought = Pick<BestQuestion, 'objective'>;

/** What the asked studies seek. Throws InputError where only times can answer. */
function soughtIn(
  flags: Flags<keyof typeof objectiveOptions | keyof typeof whatIfOption | 'robust'>,
): Sought {
  const objective = soughtBy(flags);
  if (objective === undefined) return {};
  if (flags.isOn('robust') || flags.list('what-if').length > 0)
    throw new InputError('--objective', 'excludes --robust and --what-if', 'these know times only');
  return { objective };
}

/** The asked shapes; undefined for the kernel's own, or with --robust for all that have results. */
function shapesOf(
  shape: string | undefined,
  list: string | undefined,
  isRobust: boolean,
): readonly string[] | undefined {
  if (shape !== undefined && list !== undefined)
    throw new InputError('--shapes', 'excludes --shape', 'list all shapes in --shapes');
  if (isRobust && shape !== undefined)
    throw new InputError('--robust', 'is for several shapes', 'for example --shapes 65536,2^20');
  const words = list?.split(',') ?? (shape === undefined ? undefined : [shape]);
  return words && [...new Set(words.map((word) => formatShape(parseShape(word))))];
}

/** Answers for a kernel without IR; false if the name means another kernel. */
async function answerOpaque(
  flags: BestFlags,
  shapes: readonly string[] | undefined,
  sought: Sought,
  format: Format,
  session: Session,
): Promise<boolean> {
  return readingIfThere(flags, session, false, async (store) => {
    const bests = await opaqueBests(flags, store, sought);
    if (bests === undefined) return false;
    const asked = atShapes(bests, shapes);
    if (flags.isOn('robust')) {
      const choice = await robustOpaque(asked, store);
      printRobust(askedAbout(asked[0]), asked[0].target.kind, choice, format, session);
    } else {
      const answers = [];
      for (const best of asked)
        answers.push({ asked: askedAbout(best), answer: await observedAnswer(best, store) });
      print(answers, format, session);
    }
    return true;
  });
}

type Answered = Readonly<{ asked: Asked; answer: BestAnswer }>;

/** The shapes at which a kernel has results on a target. Throws NothingFound if there are none. */
async function measuredShapes(
  flags: BestFlags,
  store: FindingStore,
  session: Session,
): Promise<readonly string[]> {
  const subject = await kernelOnTarget(flags, undefined, session);
  const { kernel, target } = subject;
  const bests = await store.bests({
    kernelName: kernel.name,
    dtype: kernel.dtype,
    targetFingerprint: target.fingerprint,
  });
  if (bests.length > 0) return bests.map((best) => best.kernel.shape).sort(compareShapes);
  throw new NothingFound(`there are no results yet; make some with \`${tuneCommand(subject, flags)}\``);
}

function askedAbout({ kernel: { name, shape, dtype }, target }: StoredBest): Asked {
  return { kernel: name, shape, dtype, target: target.name };
}

function print(answers: readonly Answered[], format: Format, session: Session): void {
  const documents = answers.map(({ asked, answer }) => bestDocument(asked, answer));
  if (format === 'json') session.printJson(answers.length === 1 ? documents[0] : bestsDocument(answers));
  else
    session.show(documents, (seen, { columns, paint }) =>
      seen.map((document) => drawBest(document, columns, paint)).join('\n'),
    );
}

/** Throws NothingFound without a choice. */
function printRobust(
  asked: Asked,
  from: Provenance,
  choice: RobustChoice | null,
  format: Format,
  session: Session,
): void {
  if (choice === null)
    throw new NothingFound('no configuration has a time at each of these shapes; tune them longer');
  const document = robustDocument(asked, from, choice);
  if (format === 'json') session.printJson(document);
  else session.show(document, (seen, { columns, paint }) => drawRobust(seen, columns, paint));
}

async function answer(
  questions: readonly BestQuestion[],
  store: (CatalogStore & StudyStore & FindingStore & ModelStore) | undefined,
  format: Format,
  flags: Flags<GlobalOption>,
  session: Session,
): Promise<true> {
  const answers = [];
  const line = progressLine(session, flags.isOn('quiet'));
  const listen = ({ files }: SimulatingEvent): void => {
    line.begin('compiling what a search of the simulator needs, as this shape was not tuned');
    if (files > 0) line.tell(`compiling for a search of the simulator · ${countOf(files, 'file')}`);
  };
  try {
    for (const question of questions) {
      const found = await findBest(question, store, predictFrom(store), listen);
      answers.push({ asked: askedOf(question), answer: found });
    }
  } finally {
    line.end();
  }
  print(answers, format, session);
  return true;
}

async function answerRobust(
  questions: readonly KernelOnTarget[],
  store: StudyStore,
  format: Format,
  flags: BestFlags,
  session: Session,
): Promise<void> {
  const [{ target, kernel: first }] = questions;
  const { known, unknown } = await knownShapes(
    questions.map(({ kernel }) => kernel),
    target,
    store,
  );
  const missing = questions.find(({ kernel }) => unknown.includes(formatShape(kernel.shape)));
  if (missing !== undefined) {
    const shape = formatShape(missing.kernel.shape);
    throw new NothingFound(
      `there are no results at shape ${shape}; make some with \`${tuneCommand(missing, flags)}\``,
    );
  }
  const space = target.space(first);
  const choice = leastRegret(known, { space, default: target.defaultConfiguration(first, space) });
  printRobust(askedOf(questions[0]), target.kind, choice, format, session);
}

function askedOf({ kernel, target }: KernelOnTarget): Asked {
  const { name, shape, dtype } = kernel;
  return { kernel: name, shape: formatShape(shape), dtype, target: target.name };
}
