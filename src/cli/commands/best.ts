import { kernelHash } from '../../kernels/hash.ts';
import { bestDocument } from '../../report/documents/best.ts';
import { drawBest } from '../../report/terminal/best.ts';
import { defineCommand } from '../command.ts';
import { NothingFound } from '../nothing-found.ts';
import { formatOption, TEXT_OR_JSON } from '../options/format.ts';
import { kernelArgument, shapeOptions, targetOption } from '../options/kernel.ts';
import { describeQuestion, questionOf, tuneCommand } from '../questions.ts';
import { readingIfThere } from '../stores.ts';

export const best = defineCommand({
  arguments: kernelArgument,
  options: { ...shapeOptions, ...targetOption, ...formatOption },
  examples: [['best gelu --shape 1048576 --target hexagon-v75', 'the configuration to use']],
  async act(flags, session) {
    const format = flags.oneOf('format', TEXT_OR_JSON, 'text');
    const question = await questionOf(flags, flags.text('shape'), session);
    const found = await readingIfThere(flags, session, undefined, (store) =>
      store.best({
        kernel: { hash: kernelHash(question.kernel) },
        target: { fingerprint: question.target.fingerprint },
      }),
    );
    if (found === undefined) {
      throw new NothingFound(
        `nothing is known of ${describeQuestion(question)}; find out with \`${tuneCommand(question)}\``,
      );
    }
    const document = bestDocument(found);
    if (format === 'json') return session.printJson(document);
    session.print(drawBest(document, session.out.columns, session.out.paint));
  },
});
