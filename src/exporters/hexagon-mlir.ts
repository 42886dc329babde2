import { z } from 'zod';
import { InputError } from '../../search-space/input-error.ts';
import type { Configuration } from '../../search-space/parameter.ts';
import type { TargetRecord } from '../../store/records.ts';
import type { Kernel } from '../kernels/ir.ts';
import { parseKernel } from '../kernels/json.ts';
import { hashComment } from '../languages/comment.ts';
import { smallName } from '../languages/names.ts';
import { pythonText, pythonValue } from '../languages/python.ts';
import { configurationOf, type Exporter, type TunedKernel, type TunedTarget } from './_base.ts';
import { express } from './hexagon-mlir/express.ts';
import { type CompilerFacts, compilerFacts } from './hexagon-mlir/facts.ts';
import type { HexagonOptions } from './hexagon-mlir/options.ts';
import { describeFallback, headLines, originOf } from './words.ts';

/** A Python module with keyword arguments for hexagon-mlir, by kernel, dtype and shape. */
export const hexagonMlir: Exporter = Object.freeze<Exporter>({
  name: 'hexagon-mlir',
  writes: 'answers',
  summary: 'a Python module with keyword arguments for hexagon-mlir',
  async export(tuned) {
    const machine = machineOf(tuned.target);
    if (machine?.compiler.name.startsWith(COMPILER) !== true) return { files: [], notes: [NOT_ITS_TARGET] };
    const entries = tuned.kernels.flatMap((kernel) => entriesOf(kernel, machine.scratchpad.bytes));
    const name = `${smallName(tuned.target.name, 'kebab-case', new Set())}_hexagon_mlir.py`;
    return { files: [{ name, text: moduleText(tuned, entries) }], notes: notesOf(entries) };
  },
});

/** The compiler's name in target files, without its commit. */
const COMPILER = 'qualcomm/hexagon-mlir';

const NOT_ITS_TARGET = 'no file for hexagon-mlir: the target stands for another compiler';

/** Options under a key; null if they can express nothing of the configuration. */
type Entry = Readonly<{
  table: 'OPTIONS' | 'OTHER_SHAPES';
  key: readonly string[];
  /** For the comment above the entry. */
  title: string;
  origin: string;
  options: Partial<HexagonOptions> | null;
  lost: readonly string[];
}>;

/** A sentence that holds of many entries is said once. The file has each beside its entry. */
function notesOf(entries: readonly Entry[]): readonly string[] {
  const titles = new Map<string, string[]>();
  for (const { title, lost } of entries) {
    for (const sentence of lost) titles.set(sentence, [...(titles.get(sentence) ?? []), title]);
  }
  return Array.from(titles, ([sentence, [first, ...others]]) => {
    const also = others.length === 0 ? '' : ` and ${others.length} more`;
    return `${first}${also}: ${sentence}`;
  });
}

function entriesOf(kernel: TunedKernel, scratchpadBytes: number): readonly Entry[] {
  const { name, dtype, shapes, fallback } = kernel;
  const listed = shapes.map((each): Entry => {
    const {
      kernel: { shape, ir },
      best,
    } = each;
    const facts = readFacts(ir === null ? null : parseKernel(ir), best.configuration);
    return {
      table: 'OPTIONS',
      key: [name, dtype, shape],
      title: `${name} ${dtype} ${shape}`,
      origin: originOf(each),
      ...(typeof facts === 'string' ? { options: null, lost: [facts] } : express(facts, scratchpadBytes)),
    };
  });
  const [{ kernel: first }] = shapes;
  const facts = readFacts(first.ir === null ? null : parseKernel(first.ir), configurationOf(fallback));
  return [
    ...listed,
    {
      table: 'OTHER_SHAPES',
      key: [name, dtype],
      title: `${name} ${dtype}, other shapes`,
      origin: describeFallback(fallback),
      ...(typeof facts === 'string' ? { options: null, lost: [facts] } : expressAnywhere(facts)),
    },
  ];
}

/**
 * Options for any other shape: without those that must be checked against the shape, and without those
 * that the compiler's rules forbid at the shape of `facts`.
 */
function expressAnywhere(facts: CompilerFacts): Pick<Entry, 'options' | 'lost'> {
  const { schedule, isFlat } = facts;
  const { options, lost } = express(
    { ...facts, schedule: { ...schedule, buffers: 1 }, work: Number.POSITIVE_INFINITY, strideBytes: 0 },
    null,
  );
  const { tileSizes: _, ...anywhere } = options;
  const isCut = options.enableHexagonmemCopyToDMA && !isFlat;
  return {
    options: { ...anywhere, enableHexagonmemCopyToDMA: options.enableHexagonmemCopyToDMA && isFlat },
    lost: [
      ...lost,
      ...(isCut ? ['DMA: a row or stride may not fit its 16-bit fields; the core copies instead'] : []),
      'tileSizes and double buffering depend on the shape and are left to the compiler',
    ],
  };
}

function readFacts(kernel: Kernel | null, configuration: Configuration): CompilerFacts | string {
  if (kernel === null) return 'its IR is not known here, so the rules cannot be checked';
  try {
    return compilerFacts(kernel, configuration);
  } catch (error) {
    if (error instanceof InputError)
      return `no option can express its configuration, which has no ${error.field}`;
    throw error;
  }
}

function moduleText(tuned: TunedTarget, entries: readonly Entry[]): string {
  const head = headLines(tuned, 'hexagon-mlir').map(hashComment);
  const table = (name: Entry['table']): string =>
    `${name} = {\n${entries
      .filter((entry) => entry.table === name)
      .map(entryText)
      .join('')}}`;
  return `${[
    head.join('\n'),
    table('OPTIONS'),
    `# Options for any other shape.\n${table('OTHER_SHAPES')}`,
    LOOKUP,
  ].join('\n\n')}\n`;
}

const LOOKUP = `
def options(kernel, dtype, shape):
    """Keyword arguments for a kernel at a shape ("64x16384"); {} if no option applies."""
    found = OPTIONS.get((kernel, dtype, shape)) or OTHER_SHAPES.get((kernel, dtype))
    return dict(found or {})`;

function entryText({ key, origin, options, lost }: Entry): string {
  const comments = [origin, ...lost.map((sentence) => `not expressed: ${sentence}`)]
    .map((line) => `    ${hashComment(line)}\n`)
    .join('');
  const name = `    (${key.map(pythonText).join(', ')})`;
  if (options === null) return `${comments}${name}: None,\n`;
  const fields = Object.entries(options).map(
    ([option, value]) => `        ${option}=${pythonValue(value)},\n`,
  );
  return `${comments}${name}: dict(\n${fields.join('')}    ),\n`;
}

const described = z.object({
  machine: z.object({
    scratchpad: z.object({ bytes: z.number() }),
    compiler: z.object({ name: z.string() }),
  }),
});

type Machine = z.infer<typeof described>['machine'];

/** The machine of a simulated target; undefined if its description has none. */
function machineOf({ description }: TargetRecord): Machine | undefined {
  return described.safeParse(description).data?.machine;
}
