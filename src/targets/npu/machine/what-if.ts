import { InputError, nearestName } from '../../../../search-space/input-error.ts';
import { fieldAt, withFigures } from './calibration.ts';
import { type FieldRange, type FieldValue, fieldValue, permittedText, singleFields } from './fields.ts';
import { objectionTo } from './load.ts';
import { attachSets, setsOf, withoutFigures } from './parameter-sets.ts';
import { type Habits, RESIDENCIES, type SimulatedTarget } from './schema.ts';

type Change = (target: SimulatedTarget, value: string) => SimulatedTarget | undefined;
type WhatIf = Readonly<{ values: string; meaning: string; apply: Change }>;

const habit =
  (read: (value: string) => Partial<Habits> | undefined): Change =>
  (target, value) => {
    const changed = read(value);
    if (changed === undefined) return undefined;
    const { compiler } = target;
    return { ...target, compiler: { ...compiler, habits: { ...compiler.habits, ...changed } } };
  };

const count = (value: string): number | undefined =>
  /^[1-9]\d{0,8}$/.test(value) ? Number(value) : undefined;
const oneOf = <T extends string>(value: string, words: readonly T[]): T | undefined =>
  words.find((word) => word === value);

/** Every habit of a compiler that can be changed, by its name on the command line. */
export const whatIfs: Readonly<Record<string, WhatIf>> = Object.freeze({
  writeback: {
    values: 'waited or overlapped',
    meaning: 'whether a tile is written back before the next is loaded',
    apply: habit((value) => {
      const writeBack = oneOf(value, ['waited', 'overlapped'] as const);
      return writeBack && { writeBack };
    }),
  },
  'dma-queues': {
    values: 'a number from 1',
    meaning: 'queues that transfers are spread over (at most one for each DMA engine)',
    apply: (target, value) => {
      const dmaQueues = count(value);
      if (dmaQueues === undefined) return undefined;
      const { compiler, dma } = target;
      const engines = Math.max(dma.engines, dmaQueues);
      return {
        ...target,
        dma: { ...dma, engines },
        compiler: { ...compiler, habits: { ...compiler.habits, dmaQueues } },
      };
    },
  },
  chunks: {
    values: 'threads, or a number from 1',
    meaning: 'pieces that a tile is cut into for several threads',
    apply: habit((value) => {
      const chunks = value === 'threads' ? value : count(value);
      return chunks === undefined ? undefined : { chunks };
    }),
  },
  gate: {
    values: 'off, or a number',
    meaning: 'elements × operations / 2 below which a tile stays on one thread',
    apply: habit((value) => {
      const gate = value === 'off' ? 0 : count(value);
      return gate === undefined ? undefined : { gate };
    }),
  },
  'output-load': {
    values: 'on or off',
    meaning: 'whether double buffering also loads the tile that is overwritten',
    apply: habit((value) => (oneOf(value, ['on', 'off']) ? { outputLoad: value === 'on' } : undefined)),
  },
  fork: {
    values: 'tile or call',
    meaning: 'whether threads are woken for each tile, or once a call and meet at barriers',
    apply: habit((value) => (oneOf(value, ['tile', 'call']) ? { forkPerTile: value === 'tile' } : undefined)),
  },
  'tiling-budget': {
    values: 'bytes, or scratchpad',
    meaning: 'scratchpad that the tiling rule plans with',
    apply: (target, value) => {
      const budget = value === 'scratchpad' ? target.scratchpad.bytes : count(value);
      if (budget === undefined) return undefined;
      return habit(() => ({ tilingBudgetBytes: budget }))(target, value);
    },
  },
  splits: {
    values: 'all',
    meaning: 'lets threads have tiles of their own, not only chunks of one',
    apply: (target, value) =>
      value === 'all'
        ? { ...target, compiler: { ...target.compiler, splits: ['tiles-block', 'tiles-cyclic', 'chunks'] } }
        : undefined,
  },
  residency: {
    values: RESIDENCIES.join(', '),
    meaning: 'what the caches hold when the call is timed',
    apply: (target, value) => {
      const residency = oneOf(value, RESIDENCIES);
      return residency && { ...target, measurement: { ...target.measurement, residency } };
    },
  },
});

/** A figure of a target that a what-if changes, by the name that was asked for. */
export type ChangedFigure = Readonly<{
  name: string;
  /** What it takes. */
  limits: FieldRange;
  today: FieldValue;
  asked: FieldValue;
  /** The target with another value of the figure. */
  at(value: FieldValue): SimulatedTarget;
}>;

/**
 * The target with one habit or figure changed, as 'writeback=overlapped' or 'scratchpad.bytes=2^20' says. Throws
 * InputError that names the nearest names, or what can be said.
 */
export function applyWhatIf(target: SimulatedTarget, assignment: string): SimulatedTarget {
  const { name, value } = partsOf(assignment);
  const found = Object.hasOwn(whatIfs, name) ? whatIfs[name] : undefined;
  if (found === undefined) {
    const { asked, at } = figureIn(target, name, value);
    return at(asked);
  }
  const changed = found.apply(target, value);
  if (changed === undefined) {
    throw new InputError('--what-if', `${name} cannot be '${value}'`, `it takes ${found.values}`);
  }
  const moved = (path: string): boolean => fieldAt(changed, path) !== fieldAt(target, path);
  return changedWith(changed, target, moved);
}

/** The changed target with the parameter sets of the one before, but for the figures that were changed. */
function changedWith(
  changed: SimulatedTarget,
  target: SimulatedTarget,
  isChanged: (path: string) => boolean,
): SimulatedTarget {
  const sets = setsOf(target);
  const paths = [...new Set(sets?.sets.flatMap((set) => Object.keys(set)))].filter(isChanged);
  return attachSets(changed, sets && (paths.length === 0 ? sets : withoutFigures(sets, paths)));
}

/** The figure that 'dmaGBps=20' changes; undefined where it names a habit. Throws InputError as `applyWhatIf` does. */
export function changedFigure(target: SimulatedTarget, assignment: string): ChangedFigure | undefined {
  const { name, value } = partsOf(assignment);
  return Object.hasOwn(whatIfs, name) ? undefined : figureIn(target, name, value);
}

function partsOf(assignment: string): Readonly<{ name: string; value: string }> {
  const [name, ...rest] = assignment.split('=');
  return { name: name.trim(), value: rest.join('=').trim() };
}

/** All of DMA's bandwidth as one figure: what a queue can carry changes as the whole does. */
const ALL_DMA = 'dmaGBps';
const DMA_TOTAL = 'dma.totalGBs';
const DMA_QUEUE = 'dma.perQueueGBs';

function figureIn(target: SimulatedTarget, name: string, word: string): ChangedFigure {
  const figures = singleFields(target);
  const path = name === ALL_DMA ? DMA_TOTAL : name.replaceAll('[', '.').replaceAll(']', '');
  const limits = figures.get(path);
  if (limits === undefined) throw unknownFigure(name, [...figures.keys()]);
  const asked = fieldValue(word, limits);
  if (asked === undefined)
    throw new InputError('--what-if', `${name} cannot be '${word}'`, `it takes ${permittedText(limits)}`);
  const at = (value: FieldValue): SimulatedTarget => {
    const changes =
      name === ALL_DMA && typeof value === 'number'
        ? { [DMA_TOTAL]: value, [DMA_QUEUE]: (target.dma.perQueueGBs * value) / target.dma.totalGBs }
        : { [path]: value };
    return changedWith(withFigures(target, changes), target, (path) => path in changes);
  };
  const objection = objectionTo(at(asked));
  if (objection !== undefined) throw new InputError('--what-if', `${name}=${word}: ${objection}`);
  return { name, limits, today: fieldAt(target, path), asked, at };
}

function unknownFigure(name: string, paths: readonly string[]): InputError {
  const words = [...Object.keys(whatIfs), ALL_DMA];
  const near = nearestName(name, [...words, ...paths]);
  const last = (path: string): string => path.slice(path.lastIndexOf('.') + 1).toLowerCase();
  const alike = paths.filter((path) => last(path) === last(name));
  const known =
    alike.length > 0 ? alike.join(', ') : `${words.join(', ')}, or a figure like scratchpad.bytes`;
  const hint = near === undefined ? `one of: ${known}` : `did you mean '${near}'?`;
  return new InputError('--what-if', `unknown habit or figure '${name}'`, hint);
}
