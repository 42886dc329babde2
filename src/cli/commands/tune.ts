import { steering } from '../../../search-space/assignment.ts';
import { resolveKernel } from '../../kernels/resolve.ts';
import { formatShape } from '../../kernels/shape.ts';
import { studyDocument } from '../../report/documents/findings.ts';
import type { StudyReference } from '../../report/documents/parts.ts';
import { drawFindings } from '../../report/terminal/findings.ts';
import { type StudyRequest, spaceOf } from '../../study-request.ts';
import { resolveTarget } from '../../targets/resolve.ts';
import { defineCommand } from '../command.ts';
import { budgetFrom, budgetOptions } from '../options/budget.ts';
import { formatOption, TEXT_OR_JSON } from '../options/format.ts';
import { DEFAULT_TARGET, kernelArgument, shapeOptions, targetOption } from '../options/kernel.ts';
import { steeringOptions } from '../options/steering.ts';
import { DEFAULT_SEED, strategyFrom, strategyOptions } from '../options/strategy.ts';
import { readStart } from '../start-file.ts';
import { importsOf, writing } from '../stores.ts';
import { visit } from '../visit.ts';

export const tune = defineCommand({
  arguments: kernelArgument,
  options: {
    ...shapeOptions,
    ...targetOption,
    ...budgetOptions,
    ...strategyOptions,
    ...steeringOptions,
    ...formatOption,
  },
  examples: [
    ['tune gelu', 'a first look, in seconds'],
    ['tune vector-add --shape 64x16384 --target hexagon-mlir --trials 300', "a paper's kernel and device"],
    ['tune softmax --for 10m --fix threads=4 --values tile=4096,8192', 'a steered study'],
    ['tune gelu --format json > gelu.json', 'one document for programs'],
  ],
  async act(flags, session) {
    const format = flags.oneOf('format', TEXT_OR_JSON, 'text');
    const target = await resolveTarget(flags.text('target') ?? DEFAULT_TARGET);
    const reference = {
      name: flags.required('kernel'),
      shape: flags.text('shape'),
      dtype: flags.text('dtype'),
    };
    const { kernel, source } = await resolveKernel(reference, importsOf(flags, session));
    const start = flags.text('start');
    const request: StudyRequest = {
      kernel,
      kernelSource: source,
      target,
      strategy: strategyFrom(flags),
      seed: flags.count('seed', 0) ?? DEFAULT_SEED,
      values: steering(flags.list('fix'), flags.list('values'), target.space(kernel).parameters).values,
      start: start === undefined ? [] : readStart(start),
    };
    const budget = budgetFrom(flags, target, spaceOf(request).size);
    const options = { quiet: flags.isOn('quiet'), signal: session.interruption() };
    await writing('tune', flags, session, async (store) => {
      const { study, findings } = await visit(request, budget, store, options, session);
      const about = referenceOf(request, study.id);
      if (format === 'json')
        return session.print(`${JSON.stringify(studyDocument(about, findings), null, 2)}\n`);
      const { columns, paint } = session.out;
      session.print(
        drawFindings({
          title: about,
          findings,
          place: `study ${study.id} in ${store.location}`,
          columns,
          paint,
        }),
      );
    });
  },
});

export function referenceOf({ kernel, target, seed, strategy }: StudyRequest, id: string): StudyReference {
  return {
    id,
    kernel: kernel.name,
    shape: formatShape(kernel.shape),
    dtype: kernel.dtype,
    target: target.name,
    seed,
    strategy: strategy.name,
  };
}
