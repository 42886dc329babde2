import type { Mechanism } from '../../search-space/parameter.ts';
import type { Findings, MechanismGains } from '../../tuner/attribution/findings.ts';
import { type GainFigure, isKnown, unknown } from '../../tuner/attribution/gain.ts';

/** A gain that a publication states for one step of the ladder. */
type Stated = Readonly<{
  target: string;
  kernel: string;
  /** Null where the publication does not state it. */
  shape: string | null;
  dtype: string | null;
  mechanism: Mechanism;
  value: number;
  source: string;
  /** What differs from a step of a study's ladder. */
  differs?: string;
  /** The study's gain that is the same, where that is not the ladder's step. */
  like?: 'forced' | 'with the transfers that serve it' | 'without transfers';
}>;

/** A published gain beside the one of a study. */
export type PublishedGain = Pick<Stated, 'mechanism' | 'value' | 'source'> &
  Readonly<{
    /** What the publication leaves open, or has in another way: "shape not stated". */
    caveat: string | null;
    /** The study's own gain for the same: of its ladder's step, forced, or of a mechanism with the transfers that serve it. */
    here: GainFigure;
  }>;

const LADDER = 'arXiv 2602.20204';
const COMPANION = 'arXiv 2602.19762';
/**
 * Its +DB brings DMA along; in a study the rungs before may have DMA with one buffer, and their +DB is the overlap alone. So
 * its steps stand beside others than the ladder's.
 */
const BY_DMA = {
  vec: {},
  mt: { differs: 'both without DMA, which a rung of the ladder may have', like: 'without transfers' },
  db: { differs: 'with DMA, which a rung before may have here', like: 'with the transfers that serve it' },
} as const;

const PARALLELISM = 'apache/tvm pull request 12654';

/** Ratios of its times of the same code on one and on four threads, by the number of vector operations. */
const FOUR_WAY = Object.freeze({
  vrmpy: {
    128: 1.12 / 2.24,
    256: 1.8 / 2.51,
    1024: 5.73 / 4.22,
    4096: 140.9 / 56.1,
    16384: 878 / 286.1,
  },
  vmpy: { 128: 1.37 / 2.35, 512: 3.99 / 3.51, 2048: 18.76 / 12.33, 8192: 357.3 / 127.9 },
  vadd: { 128: 1.35 / 2.36, 512: 3.97 / 3.54 },
});

/** Published ratios of times on the device and compiler of the target; 2602.20204's are ratios of its times. */
const STATED: readonly Stated[] = Object.freeze([
  ...(
    [
      ['vec', 132_479 / 3210],
      ['mt', 3210 / 3000],
      ['db', 3000 / 2689],
    ] as const
  ).map(([mechanism, value]) => ({
    ...onDevice('vector-add', '64x16384', 'f32', mechanism, value, LADDER),
    ...BY_DMA[mechanism],
  })),
  onDevice('gelu', '1048576', 'f32', 'mt', 3.91, LADDER),
  onDevice('gelu', '1048576', 'f32', 'mt', 3.4, COMPANION),
  onDevice('gelu', '524288', 'f32', 'mt', 3.95, COMPANION),
  onDevice('gelu', '32768', 'f32', 'mt', 2.28, COMPANION),
  onDevice('gelu', null, 'f32', 'vec', 16.1, COMPANION),
  onDevice('gelu', null, 'f16', 'vec', 63.9, COMPANION),
  onDevice('rms-norm', null, null, 'vec', 46.5, COMPANION),
  ...Object.entries(FOUR_WAY).flatMap(([kernel, byShape]) =>
    Object.entries(byShape).map(([shape, value]) => ({
      target: 'snapdragon-8gen1',
      kernel,
      shape,
      dtype: 'u8',
      mechanism: 'mt' as const,
      value,
      source: PARALLELISM,
      differs: 'the same code on one and on four threads; here multi-threading is forced',
      like: 'forced' as const,
    })),
  ),
]);

function onDevice(
  kernel: string,
  shape: string | null,
  dtype: string | null,
  mechanism: Mechanism,
  value: number,
  source: string,
): Stated {
  return { target: 'hexagon-mlir', kernel, shape, dtype, mechanism, value, source };
}

/** The published gains for a study's kernel, shape, dtype and target, each beside the study's own. */
export function publishedGains(
  subject: Readonly<{ target: string; kernel: string; shape: string; dtype: string }>,
  { ladder, gains }: Pick<Findings, 'ladder' | 'gains'>,
): readonly PublishedGain[] {
  return STATED.filter(
    ({ target, kernel, shape, dtype }) =>
      target === subject.target &&
      kernel === subject.kernel &&
      (shape ?? subject.shape) === subject.shape &&
      (dtype ?? subject.dtype) === subject.dtype,
  ).map(({ mechanism, value, source, shape, dtype, differs, like }) => {
    const open = [...(shape === null ? ['shape'] : []), ...(dtype === null ? ['dtype'] : [])];
    const caveat = open.length === 0 ? (differs ?? null) : `${open.join(' and ')} not stated`;
    return { mechanism, value, source, caveat, here: sameGain(mechanism, like, ladder, gains) };
  });
}

const NO_TRANSFERS = unknown('not applicable', 'the space has no such transfers');

function sameGain(
  mechanism: Mechanism,
  like: Stated['like'],
  ladder: Findings['ladder'],
  gains: Findings['gains'],
): GainFigure {
  if (like === undefined) return stepOf(mechanism, ladder);
  if (like === 'with the transfers that serve it') return servedGain(gains[mechanism]);
  if (like === 'without transfers') return gains[mechanism]?.unserved ?? NO_TRANSFERS;
  return gains[mechanism]?.forced ?? unknown('not applicable', 'the space has no such mechanism');
}

/** The gain over the best without the transfers that serve a mechanism, from its two parts: its interval is not narrower. */
function servedGain(gains: MechanismGains | undefined): GainFigure {
  if (gains?.parts === undefined) return NO_TRANSFERS;
  const { service, itself } = gains.parts;
  if (!isKnown(service)) return service;
  if (!isKnown(itself)) return itself;
  const times = (one: number | null, other: number | null) =>
    one === null || other === null ? null : one * other;
  return {
    value: service.value * itself.value,
    low: times(service.low, itself.low),
    high: times(service.high, itself.high),
  };
}

function stepOf(mechanism: Mechanism, ladder: Findings['ladder']): GainFigure {
  if (!isKnown(ladder)) return ladder;
  const step = ladder.find(({ rung }) => rung.split('+').at(-1) === mechanism)?.gainOverPrevious;
  return step ?? unknown('not applicable', 'the ladder has no such step');
}
