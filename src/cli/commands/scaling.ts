import { MECHANISMS } from '../../../search-space/parameter.ts';
import type { Budget } from '../../../store/records.ts';
import { type StudyRequest, spaceOf } from '../../ask/study-request.ts';
import type { StudyDocument } from '../../documents/findings.ts';
import { type SizedFindings, scalingDocument } from '../../documents/scaling.ts';
import { formatShape } from '../../kernels/shape.ts';
import { drawScaling } from '../../report/terminal/scaling.ts';
import { defineCommand } from '../command.ts';
import type { Flags } from '../flags.ts';
import { budgetFrom, budgetOptions } from '../options/budget.ts';
import { formatOption, TEXT_OR_JSON } from '../options/format.ts';
import type { GlobalOption } from '../options/global.ts';
import { kernelArgument, shapeOptions, targetOption } from '../options/kernel.ts';
import { parseSizes } from '../options/sizes.ts';
import { steeringOptions } from '../options/steering.ts';
import { strategyOptions } from '../options/strategy.ts';
import { questionOf } from '../questions.ts';
import { referenceOf, requestFrom } from '../request.ts';
import type { Session } from '../session.ts';
import { writing } from '../stores.ts';
import { daemonFor, planFor, tuneThrough } from '../through-daemon.ts';
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
    const [first, ...others] = await Promise.all(
      shapes.map(async (shape) => requestFrom(await questionOf(flags, formatShape(shape), session), flags)),
    );
    const requests = [first, ...others] as const;
    for (const request of requests) spaceOf(request);
    // Many sizes, so none is tried whole unless somebody asks for it.
    const budget = budgetFrom(flags, first.target, Number.POSITIVE_INFINITY);
    const daemon = daemonFor(first, flags, session);
    const sized =
      daemon === undefined
        ? await visitAll(requests, budget, flags, session)
        : (await tuneThrough(daemon, planFor(requests, budget, flags), flags, session)).map(sizedOf);
    const document = scalingDocument(mechanism, sized);
    if (format === 'json') return session.printJson(document);
    session.print(drawScaling(document, session.out.columns, session.out.paint));
  },
});

/** One size after the other; interrupted, those that were visited. */
function visitAll(
  requests: readonly StudyRequest[],
  budget: Budget,
  flags: Flags<GlobalOption>,
  session: Session,
): Promise<readonly SizedFindings[]> {
  const signal = session.interruption();
  return writing('scaling', flags, session, async (store) => {
    const sized: SizedFindings[] = [];
    for (const [place, request] of requests.entries()) {
      if (signal.aborted) break;
      const heading = `${formatShape(request.kernel.shape)} (${place + 1} of ${requests.length}): `;
      const options = { quiet: flags.isOn('quiet'), heading, signal };
      const { study, findings } = await visit(request, budget, store, options, session);
      sized.push({ reference: referenceOf(request, study.id), findings });
    }
    return sized;
  });
}

function sizedOf({ study: reference, schemaVersion: _, ...findings }: StudyDocument): SizedFindings {
  return { reference, findings };
}
