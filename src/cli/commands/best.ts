import { InputError } from '../../../search-space/input-error.ts';
import type { CatalogStore } from '../../../store/catalog-store.ts';
import type { FindingStore } from '../../../store/finding-store.ts';
import type { ModelStore } from '../../../store/model-store.ts';
import type { StoredBest } from '../../../store/records.ts';
import type { StudyStore } from '../../../store/study-store.ts';
import type { BestAnswer } from '../../answers/best/answer.ts';
import { type BestQuestion, findBest, observedAnswer } from '../../answers/best/find-best.ts';
import { knownShapes } from '../../answers/best/known-shape.ts';
import { leastRegret } from '../../answers/best/robust.ts';
import { predictFrom } from '../../answers/model/predict-best.ts';
import type { KernelOnTarget } from '../../ask/kernel-on-target.ts';
import { DEFAULT_TARGET } from '../../ask/study-spec.ts';
import { type Asked, bestDocument, bestsDocument, robustDocument } from '../../documents/best.ts';
import { isOfLibrary } from '../../kernels/library.ts';
import { formatShape, parseShape } from '../../kernels/shape.ts';
import { drawBest, drawRobust } from '../../report/terminal/best.ts';
import { defineCommand } from '../command.ts';
import type { Flags } from '../flags.ts';
import { NothingFound } from '../nothing-found.ts';
import { formatOption, TEXT_OR_JSON } from '../options/format.ts';
import type { GlobalOption } from '../options/global.ts';
import { kernelArgument, shapeOptions, targetOption } from '../options/kernel.ts';
import type { Session } from '../session.ts';
import { reading, readingIfThere } from '../stores.ts';
import { kernelOnTarget, tuneCommand } from '../subject.ts';

type Format = (typeof TEXT_OR_JSON)[number];

export const best = defineCommand({
  arguments: kernelArgument,
  options: {
    ...shapeOptions,
    shapes: { kind: 'text', describe: 'Several: 1024,2^20,64x512', group: 'What:' },
    robust: {
      kind: 'switch',
      describe: 'One configuration for all --shapes, with the least worst-case regret',
      group: 'What:',
    },
    ...targetOption,
    ...formatOption,
  },
  examples: [
    ['best gelu --shape 1048576 --target hexagon-v75', 'the configuration to use'],
    ['best gelu --shape 3000000', 'a shape that was never tried: from the nearest shape, and it says so'],
    ['best gelu --shapes 2^16,2^20 --robust', 'one configuration for several shapes'],
  ],
  async act(flags, session) {
    const format = flags.oneOf('format', TEXT_OR_JSON, 'text');
    const shapes = shapesOf(flags.text('shape'), flags.text('shapes'), flags.isOn('robust'));
    const known = await knownOpaque(flags, shapes, session);
    if (known !== undefined) return print(known, format, session);
    const questions = await Promise.all(shapes.map((shape) => kernelOnTarget(flags, shape, session)));
    if (flags.isOn('robust')) {
      return reading(flags, session, (store) => answerRobust(questions, store, format, session));
    }
    await readingIfThere(flags, session, undefined, (store) =>
      answer(questions, store, format, session),
    ).then((done) => done ?? answer(questions, undefined, format, session));
  },
});

function shapesOf(
  shape: string | undefined,
  list: string | undefined,
  isRobust: boolean,
): readonly (string | undefined)[] {
  if (shape !== undefined && list !== undefined)
    throw new InputError('--shapes', 'excludes --shape', 'list all shapes in --shapes');
  if (isRobust && list === undefined)
    throw new InputError('--robust', 'needs --shapes', 'for example --shapes 65536,2^20');
  if (list === undefined) return [shape];
  return [...new Set(list.split(',').map((word) => formatShape(parseShape(word))))];
}

type Answered = Readonly<{ asked: Asked; answer: BestAnswer }>;

/**
 * The observed bests of a kernel without IR, found by its name; undefined if the store has no such kernel, or
 * the name means another. Throws NothingFound if it has, but not at that shape or on that target.
 */
async function knownOpaque(
  flags: Flags<'kernel' | 'dtype' | 'target' | GlobalOption>,
  shapes: readonly (string | undefined)[],
  session: Session,
): Promise<readonly Answered[] | undefined> {
  const name = flags.required('kernel');
  return readingIfThere(flags, session, undefined, async (store) => {
    const records = (await store.kernels({ name })).filter(({ ir }) => ir === null);
    if (records.length === 0) return undefined;
    const known = (await store.bests({ kernelName: name })).filter(({ kernel }) => isOpaqueTitle(kernel));
    if (await isAnotherMeant(name, flags.text('target'), known, store)) return undefined;
    const bests = known.filter(
      ({ target, kernel: { dtype } }) =>
        target.name === (flags.text('target') ?? target.name) && dtype === (flags.text('dtype') ?? dtype),
    );
    const answers: Answered[] = [];
    for (const shape of shapes) {
      const found = bests.filter(({ kernel }) => kernel.shape === (shape ?? kernel.shape));
      if (found.length === 0)
        throw new NothingFound(
          `${name} has not been measured there, and only its own device can measure it; ${placesOf(known)}`,
        );
      for (const best of found)
        answers.push({ asked: askedAbout(best), answer: await observedAnswer(best, store) });
    }
    return answers;
  });
}

function isOpaqueTitle({ source }: StoredBest['kernel']): boolean {
  return source === 'opaque';
}

/**
 * Whether a name means a library or imported kernel, and not the opaque kernel of the same name. The target
 * decides; without one, the name means the kernel that has results on the default target. Throws InputError
 * where neither tells.
 */
async function isAnotherMeant(
  name: string,
  target: string | undefined,
  known: readonly StoredBest[],
  store: CatalogStore & FindingStore,
): Promise<boolean> {
  const isShared = isOfLibrary(name) || (await store.importedKernel(name)) !== undefined;
  if (!isShared) return false;
  if (target !== undefined) return known.every((best) => best.target.name !== target);
  const bests = await store.bests({ kernelName: name });
  if (bests.some((best) => !isOpaqueTitle(best.kernel) && best.target.name === DEFAULT_TARGET)) return true;
  const named = new Map(known.map((best) => [best.kernel.name, best.target.name]));
  const others = [...named].map(([title, on]) => `'${title}' on ${on}`).join(', ');
  throw new InputError(name, `is also the name of a kernel without IR: ${others}`, 'say which with --target');
}

function placesOf(known: readonly StoredBest[]): string {
  const places = known.map(({ kernel: { shape }, target }) => [shape, `on ${target.name}`].join(' ').trim());
  return places.length === 0 ? 'nothing has been timed yet' : `results exist for ${places.join(', ')}`;
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

async function answer(
  questions: readonly BestQuestion[],
  store: (CatalogStore & StudyStore & FindingStore & ModelStore) | undefined,
  format: Format,
  session: Session,
): Promise<true> {
  const answers = [];
  for (const question of questions) {
    answers.push({ asked: askedOf(question), answer: await findBest(question, store, predictFrom(store)) });
  }
  print(answers, format, session);
  return true;
}

async function answerRobust(
  questions: readonly KernelOnTarget[],
  store: StudyStore,
  format: Format,
  session: Session,
): Promise<void> {
  const [{ target }] = questions;
  const { known, unknown } = await knownShapes(
    questions.map(({ kernel }) => kernel),
    target,
    store,
  );
  const missing = questions.find(({ kernel }) => unknown.includes(formatShape(kernel.shape)));
  if (missing !== undefined) {
    const shape = formatShape(missing.kernel.shape);
    throw new NothingFound(
      `there are no results at shape ${shape}; make some with \`${tuneCommand(missing)}\``,
    );
  }
  const choice = leastRegret(known);
  if (choice === null) {
    throw new NothingFound('no configuration has a time at each of these shapes; tune them longer');
  }
  const document = robustDocument(askedOf(questions[0]), target.kind, choice);
  if (format === 'json') session.printJson(document);
  else session.show(document, (seen, { columns, paint }) => drawRobust(seen, columns, paint));
}

function askedOf({ kernel, target }: KernelOnTarget): Asked {
  const { name, shape, dtype } = kernel;
  return { kernel: name, shape: formatShape(shape), dtype, target: target.name };
}
