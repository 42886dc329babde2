import { InputError } from '../../../../search-space/input-error.ts';
import { attachCalibration, calibrationOf } from './calibration.ts';
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

/** The target with one habit changed, as 'writeback=overlapped' says. Throws InputError that lists what can be said. */
export function applyWhatIf(target: SimulatedTarget, assignment: string): SimulatedTarget {
  const [name, ...rest] = assignment.split('=');
  const found = Object.hasOwn(whatIfs, name) ? whatIfs[name] : undefined;
  if (found === undefined) {
    throw new InputError(
      '--what-if',
      `unknown habit '${name}'`,
      `one of: ${Object.keys(whatIfs).join(', ')}`,
    );
  }
  const changed = found.apply(target, rest.join('='));
  if (changed === undefined) {
    throw new InputError('--what-if', `${name} cannot be '${rest.join('=')}'`, `it takes ${found.values}`);
  }
  return attachCalibration(changed, calibrationOf(target));
}
