import { and, constraint, or, param, product } from '../../../search-space/builder.ts';
import type { Constraint } from '../../../search-space/constraint.ts';
import type { Parameter } from '../../../search-space/parameter.ts';
import { tileChoices } from '../../generator/tile-copies.ts';
import { type LoweredKernel, unitsOfWork } from '../../lowering/lowered-kernel.ts';
import { flagParameter, ordinalParameter } from '../parameters.ts';

/** What a space may have beside the copies. */
type Beside = Readonly<{ cores: number; threaded: boolean; streams: boolean }>;

/** Elements: smaller tiles cost more than they save, and larger ones do not fit. */
const TILES = [4096, 16384, 65536];
/** Bytes that the tiles of a thread may take: they shall stay in its cache. */
const MOST_TILE_BYTES = 2 ** 20;

/** Tiles of a kernel's operands that are copied to scratch memory; undefined where none can be. */
export function tilePart(
  lowered: LoweredKernel,
  beside: Beside,
): Readonly<{ parameters: readonly Parameter[]; constraints: readonly Constraint[] }> | undefined {
  const fit = { elements: TILES, room: MOST_TILE_BYTES };
  const { tiles, bytesEach } = tileChoices(lowered.stretches, unitsOfWork(lowered), fit);
  if (tiles.length === 0) return undefined;
  const ahead = 'tiles in scratch memory; with 2, the next one is loaded before this one is computed';
  return {
    parameters: [
      ordinalParameter('tile', 'db', [0, ...tiles], 'units of work copied to scratch memory at a time', 0),
      ordinalParameter('buffers', 'db', [1, 2], ahead, 1),
      ...(beside.cores > 1
        ? [flagParameter('helper', 'db', 'a thread beside each computing one copies its tiles')]
        : []),
      {
        name: 'staged',
        kind: 'categorical',
        tag: 'schedule',
        values: ['inout', 'in'],
        description: 'whether results go through scratch memory, too',
      },
    ],
    constraints: [...constraintsOfTiles(beside, bytesEach), ...constraintsOfHelpers(beside)],
  };
}

function constraintsOfTiles({ cores, threaded, streams }: Beside, bytesEach: number): readonly Constraint[] {
  const [none, some] = [param('tile').eq(0), param('tile').gt(0)];
  const alone = cores > 1 ? [param('helper').eq(false)] : [];
  return [
    constraint(
      or(some, and(param('buffers').eq(1), param('staged').eq('inout'), ...alone)),
      'without tiles there is nothing to copy',
    ),
    constraint(
      product(param('tile'), bytesEach, param('buffers')).le(MOST_TILE_BYTES),
      "a thread's tiles of all operands take at most 1 MiB",
    ),
    constraint(or(none, param('prefetch').eq(0)), 'tiles are in the cache when they are computed'),
    ...(streams
      ? [
          constraint(
            or(none, param('staged').eq('in'), param('streaming').eq(false)),
            'results that go through scratch memory are not stored past the caches',
          ),
        ]
      : []),
    ...(threaded
      ? [
          constraint(
            or(none, param('chunking').eq('static')),
            'work in tiles is shared out in one share a thread',
          ),
        ]
      : []),
  ];
}

function constraintsOfHelpers({ cores, threaded }: Beside): readonly Constraint[] {
  if (cores === 1 || !threaded) return [];
  return [
    constraint(
      or(param('helper').eq(false), param('threads').times(2).le(cores)),
      'each computing thread needs a core more for its helper',
    ),
  ];
}
