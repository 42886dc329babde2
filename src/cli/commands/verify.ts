import { InputError } from '../../../search-space/input-error.ts';
import type { Configuration } from '../../../search-space/parameter.ts';
import type { Store } from '../../../store/store.ts';
import type { StudySummary } from '../../../store/study-store.ts';
import { onlyItsDevice } from '../../ask/resolve-kernel.ts';
import { bindStudy, type ResolvedStudy, resolveStudy } from '../../ask/resolve-study.ts';
import { studySpecSchema } from '../../ask/study-spec.ts';
import type { VerifyDocument } from '../../documents/verify.ts';
import { formatShape, parseShape } from '../../kernels/shape.ts';
import { drawVerify } from '../../report/terminal/verify.ts';
import { abSide, configurationOfSide } from '../ab-side.ts';
import { CheckFailed } from '../check-failed.ts';
import { CheckUndecided } from '../check-undecided.ts';
import { defineCommand } from '../command.ts';
import { localDeviceOf } from '../devices.ts';
import type { Flags } from '../flags.ts';
import { NothingFound } from '../nothing-found.ts';
import { deviceOptions } from '../options/device.ts';
import { formatOption, TEXT_OR_JSON } from '../options/format.ts';
import type { GlobalOption } from '../options/global.ts';
import { byFrom, byOption, verifyForMs, verifyForOption } from '../options/verification.ts';
import type { Session } from '../session.ts';
import { Spaces } from '../spaces.ts';
import { importsOf, reading, writing } from '../stores.ts';
import { sayNotes } from '../subject.ts';
import { verifying } from '../verifying.ts';

export const verify = defineCommand({
  arguments: { study: "A study's id, or the beginning of it" },
  options: {
    against: {
      kind: 'text',
      describe:
        "tile=32,threads=4 (others keep the default's value), default, or a study's id for its winner",
      otherwise: 'default',
      group: 'What:',
    },
    ...byOption,
    target: {
      kind: 'text',
      describe: 'For a study of your own device, with the options and words that tune was given',
      alias: 't',
      group: 'What:',
    },
    ...verifyForOption,
    ...deviceOptions,
    ...formatOption,
  },
  rest: 'the program that measures, with {parameter} where a value goes',
  examples: [
    ['verify 1a2b', 'is what was found really faster than the default?'],
    ['verify 1a2b --by 2% --for 10m', 'by more than 2 %; 1 says that it is not, 7 that it is not known'],
    ['verify 1a2b --space my.json --target command -- ./measure.sh {tile}', 'your own device'],
  ],
  async act(flags, session) {
    flags.oneOf('format', TEXT_OR_JSON, 'text');
    const by = byFrom(flags);
    const forMs = verifyForMs(flags.text('for'));
    const id = flags.required('study');
    const { summary, winner } = await reading(flags, session, (store) => storedWinner(id, store));
    const side = await abSide('--against', flags.text('against') ?? 'default', flags, session);
    const resolved = await resolvedOf(summary, flags, session);
    const isOwn = side.study?.summary.study.id === summary.study.id;
    const configuration = isOwn ? winner : configurationOfSide(side, resolved.study);
    sayNotes(resolved.notes, flags, session);
    const against = { given: side.given, configuration };
    const asked = { winner, against, by, forMs, quiet: flags.isOn('quiet') };
    const document = await writing('verify', flags, session, (store) =>
      verifying(resolved, asked, store, session),
    );
    if (flags.text('format') === 'json') session.printJson(document);
    else session.show(document, (seen, { columns, paint }) => drawVerify(seen, columns, paint));
    endAs(document);
  },
});

/** The study and what it recommends; before its first findings, its fastest trial. */
async function storedWinner(
  id: string,
  store: Store,
): Promise<Readonly<{ summary: StudySummary; winner: Configuration }>> {
  const study = await store.study(id);
  const summary = study === undefined ? undefined : await store.summary(study.id);
  if (study === undefined || summary === undefined)
    throw new NothingFound(`no single study is called '${id}'; \`nightshift studies\` lists them`);
  const recommended = (await store.findings(study.id))?.recommended ?? null;
  const winner = recommended?.configuration ?? (await store.fastest(study.id, 1))[0]?.configuration;
  if (winner === undefined) throw new NothingFound(`study ${study.id} has timed nothing yet`);
  return { summary, winner };
}

type Asked = Flags<'target' | keyof typeof deviceOptions | GlobalOption>;

/** The study as it was asked for. Throws InputError where that is another one today, as its target has changed. */
async function resolvedOf(summary: StudySummary, flags: Asked, session: Session): Promise<ResolvedStudy> {
  const { study } = summary;
  const { success, data: spec } = studySpecSchema.safeParse(study.spec);
  if (!success)
    throw new InputError(
      'study',
      `${study.id} was measured by another tool, so it cannot be timed here`,
      'verify it there',
    );
  const device = await localDeviceOf(flags, study.seed, session);
  const resolved =
    device === undefined
      ? await resolveNamed(summary, flags, session)
      : { ...(await bindStudy(spec, { ...device, kernel: kernelOf(summary) })), notes: device.notes };
  if (resolved.id === study.id) return resolved;
  const hint =
    device === undefined
      ? 'tune it anew, and verify that'
      : 'give --target, --space, --firmware and the program as tune was given them';
  throw new InputError(
    'study',
    `${study.id} is of another space or target than what is here now (that would be study ${resolved.id})`,
    hint,
  );
}

async function resolveNamed(summary: StudySummary, flags: Asked, session: Session): Promise<ResolvedStudy> {
  const spec = studySpecSchema.parse(summary.study.spec);
  if (spec.target.kind === 'local') throw onlyItsDevice(summary.kernel.name);
  if (flags.text('target') !== undefined)
    throw new InputError('--target', 'is for a study of your own device', 'leave it out');
  return resolveStudy(spec, importsOf(flags, session), new Spaces(flags, session).restrict);
}

function kernelOf({ kernel: { name, shape, dtype } }: StudySummary) {
  const extents = shape === formatShape([]) ? [] : parseShape(shape);
  return Object.freeze({ kind: 'opaque', name, shape: extents, dtype } as const);
}

/** Throws CheckFailed or CheckUndecided unless the winner is faster. */
function endAs({ verdict, undecided }: VerifyDocument): void {
  if (verdict === 'not faster') throw new CheckFailed();
  if (verdict === 'unknown')
    throw new CheckUndecided(`it is not known whether the winner is faster: ${undecided}`);
}
