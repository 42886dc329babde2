import {
  type ExpectedTime,
  expectedTime,
  type ShapeTime,
  shapeTimes,
} from '../../src/answers/best/across-shapes.ts';
import { openStore } from '../../store/open-store.ts';
import { isKnown } from '../../tuner/attribution/gain.ts';
import { systemClock } from '../../tuner/clock.ts';
import { quantile } from '../../tuner/measurement/statistics.ts';

type Judged = Readonly<{ left: ShapeTime; expected: ExpectedTime }>;

/** For every target of a store, how well the best time of each tuned shape is predicted without it. */
export async function judgeHeldOutShapes(path: string): Promise<void> {
  const store = await openStore(path, { mode: 'read', clock: systemClock });
  try {
    for (const target of await store.targets()) {
      const tuned = await shapeTimes(store, target.fingerprint);
      const judged = tuned.flatMap((left): readonly Judged[] => {
        const expected = expectedTime(
          left,
          tuned.filter((other) => other !== left),
        );
        return isKnown(expected) ? [{ left, expected }] : [];
      });
      console.log(`${target.name}: ${sentence(judged, tuned.length)}`);
    }
  } finally {
    await store.close();
  }
}

function sentence(judged: readonly Judged[], tuned: number): string {
  if (judged.length === 0) return `${tuned} shapes were tuned, too few to leave one out`;
  const held = judged.filter(({ left, expected: { interval } }) => {
    const time = Math.exp(left.logTime);
    return time >= interval.low && time <= interval.high;
  });
  const errors = judged.map(({ left, expected }) => Math.abs(left.logTime - Math.log(expected.timeUs)));
  const widths = judged.map(({ expected: { interval } }) => interval.high / interval.low);
  const share = Math.round((100 * held.length) / judged.length);
  const narrow = widths.filter((width) => width <= 2).length;
  const median = Math.expm1(quantile(errors, 0.5));
  return `of ${judged.length} shapes, each left out, the 90 % interval holds ${share} %; it is ${quantile(widths, 0.5).toFixed(2)} wide in the median (high over low), at most 2 in ${narrow}; error ${(100 * median).toFixed(0)} % in the median`;
}
