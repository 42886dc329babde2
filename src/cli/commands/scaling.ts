import { MECHANISMS } from '../../../search-space/parameter.ts';
import type { FindingStore } from '../../../store/finding-store.ts';
import type { Budget } from '../../../store/records.ts';
import type { StudyStore } from '../../../store/study-store.ts';
import type { Findings } from '../../../tuner/attribution/findings.ts';
import type { CountedStudy } from '../../ask/count-subspaces.ts';
import { type ResolvedStudy, resolveStudy } from '../../ask/resolve-study.ts';
import type { StudySpec } from '../../ask/study-spec.ts';
import { usualBudget } from '../../ask/usual-budget.ts';
import { parseFindings, referenceOf, type StudyDocument } from '../../documents/findings.ts';
import { type SizedFindings, scalingDocument } from '../../documents/scaling.ts';
import { formatShape } from '../../kernels/shape.ts';
import { drawScaling } from '../../report/terminal/scaling.ts';
import { nothingWords } from '../../report/words/nothing.ts';
import { defineCommand } from '../command.ts';
import type { Flags } from '../flags.ts';
import { NothingFound } from '../nothing-found.ts';
import { budgetFrom, budgetOptions } from '../options/budget.ts';
import { formatOption, TEXT_OR_JSON } from '../options/format.ts';
import type { GlobalOption } from '../options/global.ts';
import { kernelArgument, shapeOptions, targetOption } from '../options/kernel.ts';
import { parseSizes } from '../options/sizes.ts';
import { steeringOptions } from '../options/steering.ts';
import { strategyOptions } from '../options/strategy.ts';
import type { Session } from '../session.ts';
import { Spaces } from '../spaces.ts';
import { importsOf, writing } from '../stores.ts';
import { studySpecFrom } from '../study-flags.ts';
import { subjectFrom } from '../subject.ts';
import { runningDaemonOf, tuneThrough } from '../through-daemon.ts';
import { visit } from '../visit.ts';

const USUAL_SIZES = '2^10..2^24';

export const scaling = defineCommand({
  arguments: kernelArgument,
  options: {
    sizes: {
      kind: 'text',
      describe: '2^10..2^24, 64x1024..16384x1024, or a list a,b,c',
      otherwise: USUAL_SIZES,
      group: 'What:',
    },
    mechanism: {
      kind: 'text',
      describe: MECHANISMS.join(', '),
      words: MECHANISMS,
      otherwise: 'mt',
      alias: 'm',
      group: 'What:',
    },
    dtype: shapeOptions.dtype,
    ...targetOption,
    ...budgetOptions,
    ...strategyOptions,
    ...steeringOptions,
    ...formatOption,
  },
  examples: [
    ['scaling gelu --sizes 2^10..2^24', 'from which size threads pay'],
    ['scaling softmax --sizes 64x1024..16384x1024 --mechanism db', 'double buffering against rows'],
  ],
  async act(flags, session) {
    const format = flags.oneOf('format', TEXT_OR_JSON, 'text');
    const mechanism = flags.oneOf('mechanism', MECHANISMS, 'mt');
    const shapes = parseSizes(flags.text('sizes') ?? USUAL_SIZES);
    const one = studySpecFrom(subjectFrom(flags, undefined), flags);
    const specs = shapes.map((shape) => ({ ...one, shape: formatShape(shape) }));
    const daemon = runningDaemonOf(flags, session);
    const sized =
      daemon === undefined
        ? await visitAll(await resolveAll(specs, flags, session), flags, session)
        : (await tuneThrough(daemon, specs, budgetFrom(flags), flags, session)).map(sizedOf);
    const document = scalingDocument(mechanism, sized);
    if (format === 'json') session.printJson(document);
    else session.show(document, (seen, { columns, paint }) => drawScaling(seen, columns, paint));
    if (sized.every(({ findings }) => findings.winner === null)) throw new NothingFound(whyNothing(sized));
  },
});

/** Where nothing was timed at any size: no size where none was come to. */
function whyNothing([first]: readonly SizedFindings[]): string {
  const why = first === undefined ? 'nothing was tried' : nothingWords(first.findings.gainOverDefault);
  return `${why}; it was so at each of these sizes`;
}

/** Resolves all studies and counts what they search before the first is visited, so that bad input is refused at once. */
async function resolveAll(
  specs: readonly StudySpec[],
  flags: Flags<GlobalOption>,
  session: Session,
): Promise<readonly CountedStudy[]> {
  const spaces = new Spaces(flags, session);
  const resolved: ResolvedStudy[] = [];
  for (const spec of specs)
    resolved.push(await resolveStudy(spec, importsOf(flags, session), spaces.restrict));
  for (const study of resolved) await study.checkTools();
  return spaces.count(resolved);
}

/**
 * Visits one size after the other; if interrupted, returns those that were visited. Where an earlier run with
 * this budget was cut short, visits only the sizes that it did not come to.
 */
function visitAll(
  studies: readonly CountedStudy[],
  flags: Flags<keyof typeof budgetOptions | GlobalOption>,
  session: Session,
): Promise<readonly SizedFindings[]> {
  const signal = session.interruption();
  const quiet = flags.isOn('quiet');
  // Many sizes, so none is tried whole unless somebody asks for it.
  const budget = budgetFrom(flags) ?? usualBudget(studies[0].target.kind, Number.POSITIVE_INFINITY);
  return writing('scaling', flags, session, async (store) => {
    const ahead = await aheadOfOthers(studies, budget, store);
    const sized: SizedFindings[] = [];
    let beganMs = session.startedMs;
    for (const [place, resolved] of studies.entries()) {
      if (signal.aborted) break;
      const heading = `${resolved.kernel.shape} (${place + 1} of ${studies.length}): `;
      const known = ahead.get(resolved.id);
      if (known !== undefined && !quiet) session.say(`${heading}done before the last run was cut short\n`);
      const options = { quiet, heading, beganMs, signal };
      const findings = known ?? (await visit(resolved, budget, store, options, session));
      beganMs = session.clock.elapsed();
      sized.push({ reference: referenceOf(resolved), findings });
    }
    return sized;
  });
}

/** What was found of the sizes that had more visits of this budget than others; none where all had as many. */
async function aheadOfOthers(
  studies: readonly ResolvedStudy[],
  budget: Budget,
  store: StudyStore & FindingStore,
): Promise<ReadonlyMap<string, Findings>> {
  const counts = new Map<string, number>();
  for (const { id } of studies) {
    const ended = (await store.visits(id)).filter(
      (visit) =>
        visit.state === 'ended' &&
        visit.stoppedBy !== 'interrupted' &&
        JSON.stringify(visit.budget) === JSON.stringify(budget),
    );
    counts.set(id, ended.length);
  }
  const fewest = Math.min(...counts.values());
  const ahead = new Map<string, Findings>();
  for (const [id, count] of counts) {
    const findings = count > fewest ? parseFindings(await store.findings(id)) : undefined;
    if (findings !== undefined) ahead.set(id, findings);
  }
  return ahead;
}

function sizedOf({ study: reference, schemaVersion: _, ...findings }: StudyDocument): SizedFindings {
  return { reference, findings };
}
