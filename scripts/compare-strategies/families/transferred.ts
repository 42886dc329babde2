import { integerBelow, permutation, type Random, randomFor } from '../../../search-space/random.ts';
import type { SearchSpace } from '../../../search-space/search-space.ts';
import type { Landscape } from '../landscape.ts';
import { OPTIMUM_US } from './made-up.ts';
import { categoricalSpace, kernelSpace, listsOf, POWERS, spaceOf } from './spaces.ts';
import { structureAt, type Term } from './terms.ts';

/** A landscape of a new device, and those of other devices, whose studies are its prior. */
export type Transferred = Readonly<{ landscape: Landscape; others: readonly Landscape[] }>;

/** The losses of the new device, and of each other one. */
type Devices = Readonly<{ here: Term; elsewhere: readonly Term[] }>;
type Family = (space: SearchSpace, random: Random) => Devices;

const FEWEST_MEMBERS = 500;
const MOST_OTHERS = 4;
/** What one device's loss has in common with another's. */
const COMMON = 0.6;
/** The share of the parameters in which the optimum is elsewhere on the new device. */
const MOVED = 1 / 3;

/**
 * Families of landscapes with those of one to four other devices, by what the others say of the new one. Its optimum is
 * planted; on all others another one is, or the same.
 */
const FAMILIES: Readonly<Record<string, Family>> = {
  /** They are right, but for a step or so. */
  alike: (space, random) => {
    const optimum = drawnFrom(space, random);
    const common = structureAt(space, optimum, random);
    const other = (): Term => mixed(common, structureAt(space, nearby(space, optimum, 1, random), random));
    return { here: mixed(common, structureAt(space, optimum, random)), elsewhere: others(random, other) };
  },
  /** A narrow basin lies in a region that is slow on all others. */
  hidden: (space, random) => {
    const steepness = 1 + 2 * random();
    return withRegion(space, random, ({ ordinary, own }) => Math.min(ordinary, steepness * own));
  },
  /** A region that is slow on all others has times of its own. */
  opened: (space, random) => withRegion(space, random, ({ own }) => own),
  /** Of the others, some have the basin too. */
  divided: (space, random) => {
    const basin: Region = ({ ordinary, own }) => Math.min(ordinary, own);
    return withRegion(space, random, basin, (slow) => (random() < 0.5 ? basin : slow));
  },
  /** The optimum lies elsewhere in some parameters. */
  moved: (space, random) => {
    const optimum = drawnFrom(space, random);
    const seed = random();
    const weighted = (at: Int32Array): Term => structureAt(space, at, randomFor('weights', seed));
    const other = nearby(space, optimum, Math.ceil(MOVED * space.parameters.length), random);
    const elsewhere = others(random, () => mixed(weighted(other), structureAt(space, other, random)));
    return { here: weighted(optimum), elsewhere };
  },
  /** Every other parameter's values mean something else. */
  permuted: (space, random) => {
    const device = devicesAt(space, drawnFrom(space, random), random);
    const orders = space.parameters.map(({ values }) => permutation(random, values.length));
    const inOrder = (digits: Int32Array): Int32Array =>
      digits.map((digit, place) => (place % 2 === 0 ? digit : orders[place][digit]));
    const elsewhere = others(random, () => {
      const loss = device();
      return (digits: Int32Array) => loss(inOrder(digits));
    });
    return { here: device(), elsewhere };
  },
};

export const transferredFamilies: readonly string[] = Object.freeze(Object.keys(FAMILIES));

/** The landscapes of a family with this number; the same seed draws the same. */
export function transferred(family: string, seed: number, draw: number): Transferred {
  const random = randomFor('transferred', family, seed, draw);
  const space = drawnSpace(random);
  const { here, elsewhere } = FAMILIES[family](space, random);
  const landscape = (name: string, loss: Term): Landscape => ({
    name,
    family,
    space,
    optimumUs: OPTIMUM_US,
    timeUs: (index) => OPTIMUM_US * Math.exp(loss(space.digitsAt(index))),
  });
  return {
    landscape: landscape(`${family} ${draw + 1}`, here),
    others: elsewhere.map((loss, device) => landscape(`${family} ${draw + 1} elsewhere ${device + 1}`, loss)),
  };
}

/** Some hundred to some hundred thousand configurations. */
function drawnSpace(random: Random): SearchSpace {
  for (;;) {
    const space = anySpace(random);
    if (space.size >= FEWEST_MEMBERS) return space;
  }
}

function anySpace(random: Random): SearchSpace {
  const kind = integerBelow(random, 3);
  if (kind === 0) return kernelSpace(random);
  if (kind === 1) return categoricalSpace(random);
  const values = listsOf(random, 4 + integerBelow(random, 5), () =>
    POWERS.slice(0, 2 + integerBelow(random, 4)),
  );
  return spaceOf(values, []);
}

function drawnFrom(space: SearchSpace, random: Random): Int32Array {
  return space.digitsAt(space.sample(random));
}

function others<Made>(random: Random, device: () => Made): readonly Made[] {
  return Array.from({ length: 1 + integerBelow(random, MOST_OTHERS) }, device);
}

/** Draws devices that have much in common, the optimum too. */
function devicesAt(space: SearchSpace, optimum: Int32Array, random: Random): () => Term {
  const common = structureAt(space, optimum, random);
  return () => mixed(common, structureAt(space, optimum, random));
}

function mixed(common: Term, own: Term): Term {
  return (digits) => COMMON * common(digits) + (1 - COMMON) * own(digits);
}

/** What the time would follow from as outside the region, and as the optimum planted in it has it. */
type Losses = Readonly<{ ordinary: number; own: number }>;
/** The loss of a device within the region. */
type Region = (losses: Losses) => number;

/**
 * A region of an eighth to a half of the values of a parameter, slow on the other devices. On the new one the optimum lies
 * in it, faster than all outside.
 */
function withRegion(
  space: SearchSpace,
  random: Random,
  inside: Region,
  insideElsewhere: (slow: Region) => Region = (slow) => slow,
): Devices {
  const isInside = drawnRegion(space, random);
  const drawnWhere = (wanted: boolean): Int32Array => {
    for (;;) {
      const digits = drawnFrom(space, random);
      if (isInside(digits) === wanted) return digits;
    }
  };
  const device = devicesAt(space, drawnWhere(false), random);
  const own = structureAt(space, drawnWhere(true), random);
  const lead = 0.05 + 0.3 * random();
  const deviceWith = (within: Region): Term => {
    const [loss, penalty] = [device(), 0.1 + 0.6 * random()];
    return (digits) => {
      const ordinary = lead + loss(digits);
      return isInside(digits) ? within({ ordinary: ordinary + penalty, own: own(digits) }) : ordinary;
    };
  };
  const slow: Region = ({ ordinary }) => ordinary;
  return { here: deviceWith(inside), elsewhere: others(random, () => deviceWith(insideElsewhere(slow))) };
}

/** Some of the first or of the last values of a parameter that has several. */
function drawnRegion({ parameters }: SearchSpace, random: Random): (digits: Int32Array) => boolean {
  const place = integerBelow(random, parameters.length);
  const { length } = parameters[place].values;
  const count = Math.max(1, Math.min(length - 1, Math.round(length * (1 / 8 + (3 / 8) * random()))));
  const isLast = random() < 0.5;
  return (digits) => (isLast ? digits[place] >= length - count : digits[place] < count);
}

/** A member that differs in so many parameters. */
function nearby(space: SearchSpace, from: Int32Array, changes: number, random: Random): Int32Array {
  for (;;) {
    const digits = from.slice();
    for (let change = 0; change < changes; change++) {
      const place = integerBelow(random, digits.length);
      digits[place] = integerBelow(random, space.parameters[place].values.length);
    }
    if (space.indexOfDigits(digits) >= 0 && digits.some((digit, place) => digit !== from[place]))
      return digits;
  }
}
