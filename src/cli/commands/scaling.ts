import { MECHANISMS } from '../../../search-space/parameter.ts';
import { type ResolvedStudy, resolveStudy } from '../../ask/resolve-study.ts';
import type { StudySpec } from '../../ask/study-spec.ts';
import { usualBudget } from '../../ask/usual-budget.ts';
import type { StudyDocument } from '../../documents/findings.ts';
import { type SizedFindings, scalingDocument } from '../../documents/scaling.ts';
import { formatShape } from '../../kernels/shape.ts';
import { drawScaling } from '../../report/terminal/scaling.ts';
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
import { importsOf, writing } from '../stores.ts';
import { studySpecFrom } from '../study-flags.ts';
import { subjectFrom } from '../subject.ts';
import { runningDaemonOf, tuneThrough } from '../through-daemon.ts';
import { referenceOf, visit } from '../visit.ts';

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
    mechanism: { kind: 'text', describe: MECHANISMS.join(', '), otherwise: 'mt', alias: 'm', group: 'What:' },
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
    if (sized.every(({ findings }) => findings.winner === null))
      throw new NothingFound('no configuration could be timed at any of these sizes');
  },
});

/** Resolves all studies before the first is visited, so that bad input is refused at once. */
async function resolveAll(
  specs: readonly StudySpec[],
  flags: Flags<GlobalOption>,
  session: Session,
): Promise<readonly ResolvedStudy[]> {
  const resolved: ResolvedStudy[] = [];
  for (const spec of specs) resolved.push(await resolveStudy(spec, importsOf(flags, session)));
  return resolved;
}

/** Visits one size after the other; if interrupted, returns those that were visited. */
function visitAll(
  studies: readonly ResolvedStudy[],
  flags: Flags<keyof typeof budgetOptions | GlobalOption>,
  session: Session,
): Promise<readonly SizedFindings[]> {
  const signal = session.interruption();
  return writing('scaling', flags, session, async (store) => {
    const sized: SizedFindings[] = [];
    for (const [place, resolved] of studies.entries()) {
      if (signal.aborted) break;
      const heading = `${resolved.kernel.shape} (${place + 1} of ${studies.length}): `;
      // There are many sizes, so no space is tried whole by default.
      const budget = budgetFrom(flags) ?? usualBudget(resolved.target.kind, Number.POSITIVE_INFINITY);
      const options = { quiet: flags.isOn('quiet'), heading, signal };
      const findings = await visit(resolved, budget, store, options, session);
      sized.push({ reference: referenceOf(resolved), findings });
    }
    return sized;
  });
}

function sizedOf({ study: reference, schemaVersion: _, ...findings }: StudyDocument): SizedFindings {
  return { reference, findings };
}
