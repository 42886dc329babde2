import { InputError } from '../../search-space/input-error.ts';
import type { CatalogStore } from '../../store/catalog-store.ts';
import type { FindingStore } from '../../store/finding-store.ts';
import type { StoredFindings } from '../../store/records.ts';
import type { StudyStore, StudySummary } from '../../store/study-store.ts';
import { isOver, withoutFindings } from '../answers/study-end.ts';
import type { KernelOnTarget } from '../ask/kernel-on-target.ts';
import { meantKernels } from '../ask/own-kernels.ts';
import { studyEntryOf } from '../documents/lists.ts';
import { kernelHash } from '../kernels/hash.ts';
import { libraryKernels } from '../kernels/library.ts';
import { formatShape, parseShape } from '../kernels/shape.ts';
import { listed } from '../report/words/listed.ts';
import { studyName } from '../report/words/study-name.ts';
import { subjectOf } from '../report/words/subject.ts';
import type { Flags } from './flags.ts';
import { NothingFound } from './nothing-found.ts';
import type { GlobalOption } from './options/global.ts';
import type { targetOption } from './options/kernel.ts';
import type { Session } from './session.ts';
import { describeSubject, kernelOnTarget, tuneCommand } from './subject.ts';

/** Of others that match. */
const MOST_NAMED = 5;

export type ChosenStudy = Readonly<{ summary: StudySummary; findings: StoredFindings }>;

type Choice = Flags<'kernel' | 'shape' | 'dtype' | keyof typeof targetOption | 'study' | GlobalOption>;

/**
 * The study that a command's flags mean: the one with the given id; or the fastest of the kernel at the
 * given (or default) shape and target; or, if neither was given, or if only the store knows the kernel, the newest
 * that matches. One that suits goes before others: by default, one that has timed something. If several match, tells
 * which one was chosen. Throws NothingFound if it has no findings, and InputError for a name of several kernels.
 */
export async function chooseStudy(
  flags: Choice,
  session: Session,
  store: CatalogStore & StudyStore & FindingStore,
  suits: (summary: StudySummary) => boolean = ({ timed }) => timed > 0,
): Promise<ChosenStudy> {
  const id = flags.text('study');
  if (id !== undefined) return byId(id, store);
  const given = [flags.text('shape'), flags.text('dtype'), flags.text('target')];
  const isExact =
    given.some((word) => word !== undefined) || flags.isOn('beyond-compiler') || flags.isOn('compiled');
  const named = isExact ? [] : await studiesOfName(flags.required('kernel'), store);
  const own = isExact ? await studiesWithoutIr(flags, store) : [];
  if (isExact && own.length === 0) await refuseElsewhere(flags, store);
  const subject = own.length > 0 ? undefined : await subjectIfKnown(flags, named.length > 0, session);
  const asked = subject === undefined ? own : await studiesOf(subject, store);
  const matching = [...asked, ...named];
  const chosen =
    (await firstWithFindings(matching.filter(suits), store)) ?? (await firstWithFindings(matching, store));
  if (chosen !== undefined) {
    if (!flags.isOn('quiet')) sayWhich(chosen, isExact ? asked : named, session);
    return chosen;
  }
  const words = subject === undefined ? flags.required('kernel') : describeSubject(subject);
  const hint = subject === undefined ? '' : `; begin with \`${tuneCommand(subject, flags)}\``;
  throw new NothingFound(`no study of ${words} has ended${hint}${await othersOfName(flags, store)}`);
}

/**
 * The study that the argument of a command means: a kernel, as `chooseStudy` has it, or a study's id. A name that a kernel
 * has means the kernel. Throws NothingFound.
 */
export async function studyAsked(
  flags: Choice,
  session: Session,
  store: CatalogStore & StudyStore & FindingStore,
  suits: (summary: StudySummary) => boolean,
): Promise<StudySummary> {
  const word = flags.required('kernel');
  const isKernel = isInLibrary(word) || (await store.studies({ kernelName: word, limit: 1 })).length > 0;
  const study = isKernel ? undefined : await store.study(word);
  const summary = study === undefined ? undefined : await store.summary(study.id);
  return summary ?? (await chooseStudy(flags, session, store, suits)).summary;
}

/** The newest first. Throws InputError where the name means several kernels. */
async function studiesOfName(
  word: string,
  store: StudyStore & CatalogStore,
): Promise<readonly StudySummary[]> {
  const found = await store.studies({ kernelName: word });
  const own = (await store.importedKernel(word))?.kernel.hash;
  const imported = found.find(({ kernel }) => kernel.hash === own)?.kernel.name;
  // An imported kernel's name means it before all that were tuned from files of its name.
  const called = imported === undefined ? found : found.filter(({ kernel }) => kernel.name === imported);
  const meant = meantKernels(
    word,
    called.map(({ kernel }) => kernel),
  );
  return found.filter(({ kernel }) => meant.includes(kernel));
}

/** Those of a kernel that only its device's program knows, where the flags say. The newest first. */
async function studiesWithoutIr(flags: Choice, store: StudyStore): Promise<readonly StudySummary[]> {
  const [shape, dtype, targetName] = [flags.text('shape'), flags.text('dtype'), flags.text('target')];
  const found = await store.studies({
    kernelName: flags.required('kernel'),
    ...(shape !== undefined && { shape: formatShape(parseShape(shape)) }),
    ...(dtype !== undefined && { dtype }),
    ...(targetName !== undefined && { targetName }),
  });
  return found.filter(({ kernel }) => kernel.source === 'opaque');
}

/** Throws NothingFound, which says where it was tuned, for a kernel that only its device's program knows. */
async function refuseElsewhere(flags: Choice, store: StudyStore): Promise<void> {
  const kernelName = flags.required('kernel');
  const there = (await store.studies({ kernelName })).filter(({ kernel }) => kernel.source === 'opaque');
  if (there.length === 0 || isInLibrary(kernelName)) return;
  const places = [...new Set(there.map(({ kernel, target }) => `${subjectOf(kernel)} on ${target.name}`))];
  const asked = [flags.text('shape'), flags.text('dtype'), `on ${flags.text('target') ?? 'any target'}`];
  const words = asked.filter((word) => word !== undefined).join(' ');
  throw new NothingFound(`no study of ${kernelName} ${words}; there are studies of ${listed(places)}`);
}

function isInLibrary(name: string): boolean {
  return libraryKernels.some((kernel) => kernel.name === name);
}

/** Undefined for a kernel that only the store knows by its name. */
async function subjectIfKnown(
  flags: Choice,
  isStored: boolean,
  session: Session,
): Promise<KernelOnTarget | undefined> {
  try {
    return await kernelOnTarget(flags, flags.text('shape'), session);
  } catch (error) {
    if (isStored && error instanceof InputError) return undefined;
    throw error;
  }
}

async function studiesOf(
  { kernel, target }: KernelOnTarget,
  store: StudyStore,
): Promise<readonly StudySummary[]> {
  const filter = { kernelHash: kernelHash(kernel), targetFingerprint: target.fingerprint };
  return [...(await store.studies(filter))].sort(byTime);
}

/** "; there are studies of gelu 16384 f32 on npu"; empty where the store has none of the kernel. */
async function othersOfName(flags: Choice, store: StudyStore): Promise<string> {
  const there = await store.studies({ kernelName: flags.required('kernel') });
  const names = [...new Set(there.map((summary) => studyName(studyEntryOf(summary))))];
  if (names.length === 0) return '';
  return `; there are studies of ${listed([...names.slice(0, MOST_NAMED), ...(names.length > MOST_NAMED ? ['others'] : [])])}`;
}

/** The options in which studies differ, and always the one that names a single study. */
function howToTell(studies: readonly StudySummary[]): string {
  const differ = (of: (summary: StudySummary) => string): boolean => new Set(studies.map(of)).size > 1;
  const options = [
    ...(differ(({ kernel }) => kernel.shape) ? ['--shape'] : []),
    ...(differ(({ kernel }) => kernel.dtype) ? ['--dtype'] : []),
    ...(differ(({ target }) => target.name) ? ['--target'] : []),
    '--study',
  ];
  return listed(options, 'or');
}

function sayWhich({ summary }: ChosenStudy, matching: readonly StudySummary[], session: Session): void {
  if (matching.length < 2) return;
  const name = studyName(studyEntryOf(summary));
  const others = matching.filter(({ study }) => study.id !== summary.study.id);
  const ids = others.slice(0, MOST_NAMED).map(({ study }) => study.id);
  const more = others.length > MOST_NAMED ? ', …' : '';
  session.say(
    `${matching.length} studies match; this is ${summary.study.id}, ${name}. For another one: ${howToTell(matching)} (${ids.join(', ')}${more}).\n`,
  );
}

async function byId(id: string, store: StudyStore & FindingStore): Promise<ChosenStudy> {
  const study = await store.study(id);
  if (study === undefined)
    throw new NothingFound(`no single study is called '${id}'; \`nightshift studies\` lists them`);
  const summary = await store.summary(study.id);
  const chosen = await firstWithFindings(summary === undefined ? [] : [summary], store);
  if (chosen !== undefined) return chosen;
  const advice = isOver(study) ? '' : '; the command that began it continues it';
  throw new NothingFound(`${withoutFindings(study, undefined)}${advice}`);
}

async function firstWithFindings(
  summaries: readonly StudySummary[],
  store: FindingStore,
): Promise<ChosenStudy | undefined> {
  for (const summary of summaries) {
    const findings = await store.findings(summary.study.id);
    if (findings !== undefined) return { summary, findings };
  }
  return undefined;
}

function byTime(a: StudySummary, b: StudySummary): number {
  return (a.best?.timeUs ?? Number.POSITIVE_INFINITY) - (b.best?.timeUs ?? Number.POSITIVE_INFINITY);
}
