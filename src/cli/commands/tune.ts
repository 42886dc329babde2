import { type StudyRequest, spaceOf } from '../../ask/study-request.ts';
import { studyDocument } from '../../documents/findings.ts';
import type { AnyKernel } from '../../kernels/opaque.ts';
import { drawFindings } from '../../report/terminal/findings.ts';
import { defineCommand } from '../command.ts';
import { opaqueQuestionOf } from '../devices.ts';
import type { Flags } from '../flags.ts';
import { budgetFrom, budgetOptions } from '../options/budget.ts';
import { deviceOptions } from '../options/device.ts';
import { expressibleOption, onlyExpressible, refuseExpressible } from '../options/expressible.ts';
import { formatOption, TEXT_OR_JSON } from '../options/format.ts';
import type { GlobalOption } from '../options/global.ts';
import { kernelArgument, shapeOptions, targetOption } from '../options/kernel.ts';
import { steeringOptions } from '../options/steering.ts';
import { seedFrom, strategyOptions } from '../options/strategy.ts';
import { questionOf } from '../questions.ts';
import { referenceOf, requestFrom } from '../request.ts';
import type { Session } from '../session.ts';
import { writing } from '../stores.ts';
import { daemonFor, planFor, tuneThrough } from '../through-daemon.ts';
import { visit } from '../visit.ts';

export const tune = defineCommand({
  arguments: kernelArgument,
  options: {
    ...shapeOptions,
    ...targetOption,
    ...budgetOptions,
    ...strategyOptions,
    ...steeringOptions,
    ...expressibleOption,
    ...deviceOptions,
    ...formatOption,
  },
  rest: 'the program that measures, with {parameter} where a value goes',
  examples: [
    ['tune gelu', 'a first look, in seconds'],
    ['tune vector-add --shape 64x16384 --target hexagon-mlir --trials 300', "a paper's kernel and device"],
    ['tune softmax --for 10m --fix threads=4 --values tile=4096,8192', 'a steered study'],
    ['tune gelu --format json > gelu.json', 'one document for programs'],
    ['tune --space my.json --target command -- ./measure.sh {threads} {tile}', "a device of one's own"],
    ['tune --target replay:gemm.json.gz --trials 100', 'a table that somebody measured'],
  ],
  async act(flags, session) {
    flags.oneOf('format', TEXT_OR_JSON, 'text');
    const opaque = await opaqueQuestionOf(flags, seedFrom(flags), session);
    if (opaque !== undefined) {
      refuseExpressible(flags);
      return answer(requestFrom(opaque, flags), flags, session);
    }
    const request = requestFrom(await questionOf(flags, flags.text('shape'), session), flags);
    const steered = onlyExpressible(request, flags);
    const daemon = daemonFor(steered, flags, session);
    if (daemon === undefined) return answer(steered, flags, session);
    const budget = budgetFrom(flags, steered.target, spaceOf(steered).size);
    const [document] = await tuneThrough(daemon, planFor([steered], budget, flags), flags, session);
    if (flags.text('format') === 'json') return session.printJson(document);
    const { study: title, schemaVersion: _, ...findings } = document;
    const place = `study ${title.id}, by the daemon on ${daemon.listen}`;
    session.print(drawFindings({ title, findings, place, ...session.out }));
  },
});

type Asked = Flags<keyof typeof budgetOptions | keyof typeof formatOption | GlobalOption>;

async function answer<K extends AnyKernel>(
  request: StudyRequest<K>,
  flags: Asked,
  session: Session,
): Promise<void> {
  const format = flags.oneOf('format', TEXT_OR_JSON, 'text');
  const budget = budgetFrom(flags, request.target, spaceOf(request).size);
  const options = { quiet: flags.isOn('quiet'), heading: '', signal: session.interruption() };
  await writing('tune', flags, session, async (store) => {
    const { study, findings } = await visit(request, budget, store, options, session);
    const title = referenceOf(request, study.id);
    if (format === 'json') return session.printJson(studyDocument(title, findings));
    const place = `study ${study.id} in ${store.location}`;
    session.print(drawFindings({ title, findings, place, ...session.out }));
  });
}
