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
  /** Whether the step brings along the transfers that serve the mechanism, which a study has on earlier rungs, too. */
  withService?: true;
}>;

/** A published gain beside the one of a study. */
export type PublishedGain = Pick<Stated, 'mechanism' | 'value' | 'source'> &
  Readonly<{
    /** What the publication leaves open, or has in another way: "shape not stated". */
    caveat: string | null;
    /** The study's own gain for the same: of its ladder's step, or of a mechanism with the transfers that serve it. */
    here: GainFigure;
  }>;

const LADDER = 'arXiv 2602.20204';
const COMPANION = 'arXiv 2602.19762';
/** Its +DB brings DMA along; in a study the rungs before may have DMA with one buffer, and their +DB is the overlap alone. */
const NO_DMA = { mt: 'no DMA there before +DB', db: 'with DMA, which a rung before may have here' };

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
    ...(mechanism !== 'vec' && { differs: NO_DMA[mechanism] }),
    ...(mechanism === 'db' && { withService: true as const }),
  })),
  onDevice('gelu', '1048576', 'f32', 'mt', 3.91, LADDER),
  onDevice('gelu', '1048576', 'f32', 'mt', 3.4, COMPANION),
  onDevice('gelu', '524288', 'f32', 'mt', 3.95, COMPANION),
  onDevice('gelu', '32768', 'f32', 'mt', 2.28, COMPANION),
  onDevice('gelu', null, 'f32', 'vec', 16.1, COMPANION),
  onDevice('gelu', null, 'f16', 'vec', 63.9, COMPANION),
  onDevice('rms-norm', null, null, 'vec', 46.5, COMPANION),
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
  ).map(({ mechanism, value, source, shape, dtype, differs, withService }) => {
    const open = [...(shape === null ? ['shape'] : []), ...(dtype === null ? ['dtype'] : [])];
    const caveat = open.length === 0 ? (differs ?? null) : `${open.join(' and ')} not stated`;
    const here = withService ? servedGain(gains[mechanism]) : stepOf(mechanism, ladder);
    return { mechanism, value, source, caveat, here };
  });
}

/** The gain over the best without the transfers that serve a mechanism, from its two parts: its interval is not narrower. */
function servedGain(gains: MechanismGains | undefined): GainFigure {
  if (gains?.parts === undefined) return unknown('not applicable', 'the space has no such transfers');
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
