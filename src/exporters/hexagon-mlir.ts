import { hashComment } from '../languages/comment.ts';
import { smallName } from '../languages/names.ts';
import { pythonText, pythonValue } from '../languages/python.ts';
import { configurationOf, type Exporter, type TunedKernel, type TunedTarget } from './_base.ts';
import { express } from './hexagon-mlir/express.ts';
import { type CompilerFacts, storedFacts } from './hexagon-mlir/facts.ts';
import { type HexagonOptions, type ProposedOptions, proposedOptions } from './hexagon-mlir/options.ts';
import { simulatedMachineOf } from './simulated-machine.ts';
import { describeFallback, headLines, originOf } from './words.ts';

/** A Python module with keyword arguments for hexagon-mlir, by kernel, dtype and shape. */
export const hexagonMlir: Exporter = exporterFor('hexagon-mlir', 'hexagon_mlir', ({ schedule }) => ({
  options: {},
  lost: schedule.unit === 'matrix' ? [NO_MATRIX_UNIT] : [],
}));

const NO_MATRIX_UNIT = 'the product on the matrix unit: none of the 13 options is for it';

/** The same with the options that a proposed tree has besides, whose commit is its name. */
export const hexagonMlirProposed: Exporter = exporterFor(
  'hexagon-mlir@227b330',
  'hexagon_mlir_227b330',
  ({ schedule }) => ({ options: proposedOptions(schedule), lost: [] }),
);

/** What a tree says besides the 13 options, and what of a configuration it cannot say. */
type Besides = (
  facts: CompilerFacts,
) => Readonly<{ options: Partial<ProposedOptions>; lost: readonly string[] }>;

function exporterFor(name: string, ending: string, besides: Besides): Exporter {
  return Object.freeze<Exporter>({
    name,
    writes: 'answers',
    summary: `a Python module with keyword arguments for ${name}`,
    async export(tuned) {
      const machine = simulatedMachineOf(tuned.target);
      if (machine?.compiler.name.startsWith(COMPILER) !== true) return { files: [], notes: [NOT_ITS_TARGET] };
      const entries = tuned.kernels.flatMap((kernel) => entriesOf(kernel, machine.scratchpad.bytes, besides));
      const file = `${smallName(tuned.target.name, 'kebab-case', new Set())}_${ending}.py`;
      const text = moduleText(tuned, name, entries);
      return { files: [{ name: file, text }], notes: notesOf(entries) };
    },
  });
}

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
  options: Partial<HexagonOptions & ProposedOptions> | null;
  lost: readonly string[];
}>;

type Said = Readonly<{ options: Partial<HexagonOptions & ProposedOptions>; lost: readonly string[] }>;

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

function entriesOf(kernel: TunedKernel, scratchpadBytes: number, besides: Besides): readonly Entry[] {
  const whole = (facts: CompilerFacts, { options, lost }: Said): Said => {
    const more = besides(facts);
    return { options: { ...options, ...more.options }, lost: [...lost, ...more.lost] };
  };
  const { name, dtype, shapes, fallback } = kernel;
  const listed = shapes.map((each): Entry => {
    const {
      kernel: { shape, ir },
      best,
    } = each;
    const facts = storedFacts(ir, best.configuration);
    return {
      table: 'OPTIONS',
      key: [name, dtype, shape],
      title: `${name} ${dtype} ${shape}`,
      origin: originOf(each),
      ...(typeof facts === 'string'
        ? { options: null, lost: [facts] }
        : whole(facts, express(facts, scratchpadBytes))),
    };
  });
  const [{ kernel: first }] = shapes;
  const facts = storedFacts(first.ir, configurationOf(fallback));
  return [
    ...listed,
    {
      table: 'OTHER_SHAPES',
      key: [name, dtype],
      title: `${name} ${dtype}, other shapes`,
      origin: describeFallback(fallback),
      ...(typeof facts === 'string'
        ? { options: null, lost: [facts] }
        : whole(facts, expressAnywhere(facts))),
    },
  ];
}

/**
 * Options for any other shape: without those that must be checked against the shape, and without those
 * that the compiler's rules forbid at the shape of `facts`.
 */
function expressAnywhere(facts: CompilerFacts): Said {
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

function moduleText(tuned: TunedTarget, format: string, entries: readonly Entry[]): string {
  const head = headLines(tuned, format).map(hashComment);
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
