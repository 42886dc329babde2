import type { Configuration, Value } from '../../../search-space/parameter.ts';
import type { Matrix } from '../_base.ts';
import type { StudyExamples, StudyFacts } from './examples.ts';

/** The names in the training data: every study is encoded by them, whatever its own parameters. */
export type Vocabulary = Readonly<{
  kernel: readonly string[];
  target: readonly string[];
  /** Parameters whose values are numbers. */
  sizes: readonly string[];
  /** "split=chunks" */
  choices: readonly string[];
}>;

export function vocabularyOf(studies: readonly StudyExamples[]): Vocabulary {
  const kernel = new Set<string>();
  const target = new Set<string>();
  const sizes = new Set<string>();
  const choices = new Set<string>();
  for (const { kernelFeatures, targetFeatures, configurations } of studies) {
    for (const name of Object.keys(kernelFeatures)) kernel.add(name);
    for (const name of Object.keys(targetFeatures)) target.add(name);
    for (const configuration of configurations) {
      for (const [name, value] of Object.entries(configuration)) {
        if (typeof value === 'number') sizes.add(name);
        else choices.add(`${name}=${value}`);
      }
    }
  }
  return {
    kernel: [...kernel].sort(),
    target: [...target].sort(),
    sizes: [...sizes].sort(),
    choices: [...choices].sort(),
  };
}

/**
 * One row a configuration: the study's features, its sizes as log2(1 + value), its choices as 0 and 1,
 * and what follows from both (elements and bytes of a tile, tiles a thread, the times of arithmetic alone
 * and of traffic alone). A name that the study lacks is 0.
 */
export function encodeConfigurations(
  vocabulary: Vocabulary,
  facts: StudyFacts,
  configurations: readonly Configuration[],
): Matrix {
  const known = [
    ...vocabulary.kernel.map((name) => facts.kernelFeatures[name] ?? 0),
    ...vocabulary.target.map((name) => facts.targetFeatures[name] ?? 0),
  ];
  const columns = known.length + vocabulary.sizes.length + vocabulary.choices.length + DERIVED;
  const values = new Float64Array(columns * configurations.length);
  const choices = vocabulary.choices.map(choiceNamed);
  configurations.forEach((configuration, row) => {
    let at = row * columns;
    for (const value of known) values[at++] = value;
    for (const name of vocabulary.sizes) values[at++] = sizeOf(configuration[name]);
    for (const { name, text } of choices) {
      const value = configuration[name];
      values[at++] = value !== undefined && String(value) === text ? 1 : 0;
    }
    for (const value of derived(facts, configuration)) values[at++] = value;
  });
  return { rows: configurations.length, columns, values };
}

/** Rows of several studies, one after the other. */
export function encodeStudies(vocabulary: Vocabulary, studies: readonly StudyExamples[]): Matrix {
  const parts = studies.map((study) => encodeConfigurations(vocabulary, study, study.configurations));
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const columns = parts[0]?.columns ?? 0;
  const values = new Float64Array(rows * columns);
  let at = 0;
  for (const part of parts) {
    values.set(part.values, at);
    at += part.values.length;
  }
  return { rows, columns, values };
}

/**
 * ln of a rough time in µs: arithmetic and traffic one after the other, at the full speed of lanes,
 * threads and memory bandwidth. It grows with the work as real times do, so a model only learns the rest.
 */
export function roughLogTime(facts: StudyFacts, configuration: Configuration): number {
  const { arithmetic, traffic } = roughTimes(facts, configuration);
  return Math.log(2 ** arithmetic + 2 ** traffic);
}

const DERIVED = 7;

function derived(facts: StudyFacts, configuration: Configuration): readonly number[] {
  const { arithmetic, traffic } = roughTimes(facts, configuration);
  const tile = tileElements(configuration);
  const bytes = Math.max(1, facts.kernelFeatures.bytesPerElement ?? 1);
  const points = facts.kernelFeatures.log2Points ?? 0;
  const tiles = Math.max(0, points - tile);
  const operands = Math.log2(Math.max(1, facts.kernelFeatures.operands ?? 1));
  const scratchpad = facts.targetFeatures.log2ScratchpadBytes ?? 0;
  return [
    arithmetic,
    traffic,
    arithmetic - traffic,
    tile,
    tile + Math.log2(bytes) + operands - scratchpad,
    tiles,
    tiles - log2(numberOf(configuration.threads, 1)),
  ];
}

/** log2 of the µs of arithmetic alone and of traffic alone. */
function roughTimes(
  { kernelFeatures: kernel, targetFeatures: target }: StudyFacts,
  configuration: Configuration,
) {
  const threads = log2(numberOf(configuration.threads, 1));
  const lanes = numberOf(configuration.vectorBytes, 0) / Math.max(1, kernel.bytesPerElement ?? 1);
  const thousand = Math.log2(1000);
  const bandwidth = Math.min(
    (target.log2ThreadGBs ?? 0) + threads,
    target.log2TotalGBs ?? Number.POSITIVE_INFINITY,
  );
  return {
    arithmetic:
      (kernel.log2Ops ?? 0) - threads - log2(Math.max(1, lanes)) - (target.log2ClockGHz ?? 0) - thousand,
    traffic: (kernel.log2Bytes ?? 0) - bandwidth - thousand,
  };
}

/** log2; the name of a tile parameter begins with 'tile', however many dimensions are tiled. */
function tileElements(configuration: Configuration): number {
  let sum = 0;
  for (const name in configuration) {
    if (name.startsWith('tile')) sum += log2(numberOf(configuration[name], 1));
  }
  return sum;
}

/** "split=chunks" */
function choiceNamed(choice: string): Readonly<{ name: string; text: string }> {
  const at = choice.indexOf('=');
  return { name: choice.slice(0, at), text: choice.slice(at + 1) };
}

function sizeOf(value: Value | undefined): number {
  return log2(1 + Math.abs(numberOf(value, 0)));
}

function numberOf(value: Value | undefined, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}

function log2(value: number): number {
  return Math.log2(Math.max(value, 1e-9));
}
