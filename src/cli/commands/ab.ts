import { configurationKey } from '../../../search-space/parameter.ts';
import type { Comparison } from '../../../store/comparison.ts';
import { targetKinds } from '../../../store/target-kinds.ts';
import { differenceOf } from '../../../tuner/attribution/difference.ts';
import { microseconds } from '../../../tuner/attribution/gain.ts';
import { cutOff } from '../../../tuner/cut-off.ts';
import { compareContenders } from '../../../tuner/measurement/compare.ts';
import { UNKNOWN_TAKES } from '../../../tuner/measurement/comparison-plan.ts';
import type { Contender } from '../../../tuner/measurement/entrant.ts';
import { onlyItsDevice } from '../../ask/resolve-kernel.ts';
import { bindStudy, type ResolvedStudy, resolveStudy } from '../../ask/resolve-study.ts';
import { parseStudySpec, type Subject, studySpecSchema } from '../../ask/study-spec.ts';
import type { AbDocument } from '../../documents/ab.ts';
import { drawAb } from '../../report/terminal/ab.ts';
import { differenceSentence } from '../../report/words/difference.ts';
import { parseDuration } from '../../text/duration.ts';
import { type AbSide, abSide, configurationOfSide, strangerNote } from '../ab-side.ts';
import { defineCommand } from '../command.ts';
import { localDeviceOf, NO_STORE } from '../devices.ts';
import type { Flags } from '../flags.ts';
import { NothingFound } from '../nothing-found.ts';
import { deviceOptions, timeoutFrom } from '../options/device.ts';
import { formatOption, TEXT_OR_JSON } from '../options/format.ts';
import type { GlobalOption } from '../options/global.ts';
import { kernelArgument, shapeOptions, targetOption } from '../options/kernel.ts';
import { DEFAULT_SEED } from '../options/strategy.ts';
import type { Session } from '../session.ts';
import { importsOf, measuringAlone } from '../stores.ts';
import { sayNotes, subjectFrom } from '../subject.ts';

const USUAL_TIME = '30s';
const BUSY =
  'other work on this machine disturbed every round: nothing is known of a and b; try again when it is quiet (`nightshift doctor`), or with a longer --for';

const SIDES = Object.freeze({
  a: {
    kind: 'text',
    describe:
      "tile=32,threads=4 (others keep the default's value), default, or a study's id for what it says to use",
    group: 'What:',
  },
  b: { kind: 'text', describe: 'What a is compared with: the same', group: 'What:' },
} as const);

export const ab = defineCommand({
  arguments: { kernel: `${kernelArgument.kernel}; not needed if --a or --b is a study` },
  options: {
    ...SIDES,
    ...shapeOptions,
    ...targetOption,
    for: {
      kind: 'text',
      describe: 'On a real clock, measure for at most this long, but at least five rounds',
      otherwise: USUAL_TIME,
      group: 'How long:',
    },
    ...deviceOptions,
    ...formatOption,
  },
  rest: 'the program that measures, with {parameter} where a value goes',
  examples: [
    ['ab gelu --a threads=4 --b threads=6', 'two configurations, side by side'],
    ['ab gelu --target wasm --a default --b lanes=8', 'on this machine: is the difference noise?'],
    ['ab --a 1a2b --b 3c4d', 'what two studies say to use'],
    ['ab --space my.json --target command --a tile=32 --b tile=64 -- ./measure.sh {tile}', 'your own device'],
  ],
  async act(flags, session) {
    flags.oneOf('format', TEXT_OR_JSON, 'text');
    const limitMs = parseDuration('--for', flags.text('for') ?? USUAL_TIME);
    const sides = [
      await abSide('--a', flags.required('a'), flags, session),
      await abSide('--b', flags.required('b'), flags, session),
    ] as const;
    const resolved = await subjectOfSides(sides, flags, session);
    sayNotes(resolved.notes, flags, session);
    const contenders = contendersOf(sides, resolved);
    const measured = (): Promise<AbDocument> => measure(resolved, sides, contenders, limitMs, session);
    const document = targetKinds[resolved.target.kind].runsAlone
      ? await measuringAlone('ab', flags, session, measured)
      : await measured();
    if (flags.text('format') === 'json') return session.printJson(document);
    session.show(document, (seen, { columns, paint }) => drawAb(seen, columns, paint));
  },
});

type Sides = readonly [AbSide, AbSide];
type Asked = Flags<
  'kernel' | keyof typeof shapeOptions | keyof typeof targetOption | keyof typeof deviceOptions | GlobalOption
>;

/** What is measured: what the flags name, else what the first study is of. Throws InputError where neither says. */
async function subjectOfSides(sides: Sides, flags: Asked, session: Session): Promise<ResolvedStudy> {
  const device = await localDeviceOf(flags, DEFAULT_SEED, session, { place: NO_STORE });
  if (device !== undefined) {
    const { name } = device.kernel;
    const subject = { kernel: { kind: 'opaque', name }, target: device.reference } as const;
    return { ...(await bindStudy(parseStudySpec(subject), device)), notes: device.notes };
  }
  const asked = flags.text('kernel') === undefined ? storedSubject(sides) : undefined;
  const subject = asked ?? subjectFrom(flags, flags.text('shape'));
  const spec = parseStudySpec({ ...subject, ...timeoutFrom(flags) });
  return resolveStudy(spec, importsOf(flags, session));
}

/** Undefined where neither side is a study. Throws InputError for studies that only their own device can repeat. */
function storedSubject(sides: Sides): Subject | undefined {
  for (const { study } of sides) {
    const { success, data } = studySpecSchema.safeParse(study?.summary.study.spec);
    if (!success || data.target.kind === 'local') continue;
    const { kernel, target, shape, dtype } = data;
    return { kernel, target, ...(shape !== undefined && { shape }), ...(dtype !== undefined && { dtype }) };
  }
  const [stored] = sides.flatMap(({ study }) => study?.summary.kernel ?? []);
  if (stored !== undefined) throw onlyItsDevice(stored.name);
  return undefined;
}

function contendersOf(sides: Sides, { study }: ResolvedStudy): readonly Contender[] {
  return sides.map((side) => ({
    label: side.option.slice(2),
    configuration: configurationOfSide(side, study),
  }));
}

/** Times both in interleaved rounds; stores nothing. Throws NothingFound where one of them cannot be timed. */
async function measure(
  resolved: ResolvedStudy,
  sides: Sides,
  contenders: readonly Contender[],
  limitMs: number,
  session: Session,
): Promise<AbDocument> {
  const { clock } = session;
  const backend = await resolved.backend();
  try {
    // What a run takes is not known yet.
    const leftMs = (): number => limitMs - (clock.elapsed() - session.startedMs);
    const limit = { clock, ms: leftMs(), ...UNKNOWN_TAKES };
    const interruption = session.interruption();
    const cut = cutOff(interruption, leftMs);
    const { comparison, notes } = await compareContenders(
      backend,
      contenders,
      clock.now(),
      cut.signal,
      limit,
    ).finally(cut.close);
    if (comparison === null) {
      const why = interruption.aborted ? 'interrupted' : 'the time was over';
      const hint = interruption.aborted ? '' : '; give more with --for';
      throw new NothingFound(notes.join(' ') || `${why} before both were timed${hint}`);
    }
    const isExact = backend.timing.kind === 'exact';
    return documentOf(resolved, sides, comparison, isExact, [...notes, ...(backend.notes?.() ?? [])]);
  } finally {
    await backend.close();
  }
}

function documentOf(
  { kernel, target, study }: ResolvedStudy,
  [a, b]: Sides,
  comparison: Comparison,
  isExact: boolean,
  notes: readonly string[],
): AbDocument {
  const difference = differenceOf(comparison);
  const [ofA, ofB] = comparison.variants;
  const times = [microseconds(comparison, 0), microseconds(comparison, 1)];
  const [timeA, timeB] = times;
  if (difference === null || timeA === null || timeB === null)
    throw new NothingFound(notes.join(' ') || BUSY);
  const { parameters } = study.space;
  const isSame =
    configurationKey(parameters, ofA.configuration) === configurationKey(parameters, ofB.configuration);
  const measured = { kernelHash: kernel.hash, targetFingerprint: target.fingerprint };
  return {
    schemaVersion: 1,
    kernel: kernel.name,
    shape: kernel.shape,
    dtype: kernel.dtype,
    target: target.name,
    from: target.kind,
    isExact,
    a: { given: a.given, configuration: ofA.configuration, timeUs: timeA },
    b: { given: b.given, configuration: ofB.configuration, timeUs: timeB },
    ...difference,
    sentence: differenceSentence(difference, isExact),
    notes: [
      ...(isSame ? ['a and b are the same configuration.'] : []),
      ...strangerNote(a, measured),
      ...strangerNote(b, measured),
      ...notes,
    ],
    environment: comparison.environment,
  };
}
