// What the fleet costs, and what more devices bring. Needs redis-server; a sleep stands for measuring.
//   npm run bench:fleet -- [trials of a plan's study, 64]
import { availableParallelism, loadavg } from 'node:os';
import { ceilings } from './bench-fleet/ceilings.ts';
import { handOut } from './bench-fleet/engine.ts';
import { countLeases } from './bench-fleet/leases.ts';
import { Processes } from './bench-fleet/processes.ts';
import { planTime } from './bench-fleet/speed-up.ts';

const TRIALS = Number(process.argv[2] ?? 64);
const SLEEP_MS = 20;
/** Of a sample of a plan's boards. */
const BOARD_MS = 500;
const LEASES = 1_000_000;
const processes = new Processes();

try {
  console.log(`load ${loadavg()[0].toFixed(1)} on ${availableParallelism()} cores`);
  console.log(`leases on made-up devices: ${JSON.stringify(countLeases(LEASES))}`);
  for (const strategy of ['default', 'evolutionary', 'random']) {
    const { study, store } = await ceilings(strategy, 400);
    console.log(
      `${strategy}: a study proposes and settles ${Math.round(study)} trials/s, SQLite alone ${Math.round(store)}`,
    );
  }
  for (const ofJob of [1, 8, 64]) {
    const load = { boards: 8, sleepMs: 0, configurations: ofJob === 1 ? 4000 : 40_000, ofJob };
    const { seconds } = await handOut(processes, load);
    console.log(`${ofJob} a job: ${Math.round(load.configurations / seconds)} configurations/s, 8 boards`);
  }
  for (const boards of [1, 8]) {
    const load = { boards, sleepMs: SLEEP_MS, configurations: 200 * boards, ofJob: 1 };
    const { seconds, measuredMs } = await handOut(processes, load);
    const added = (1000 * seconds * boards - measuredMs) / load.configurations;
    console.log(`${boards} boards, ${SLEEP_MS} ms a sample: ${added.toFixed(2)} ms added to each (aim: 3)`);
  }
  for (const studies of [1, 4]) {
    const seconds = new Map<number, number>();
    for (const boards of [1, 2, 8])
      seconds.set(boards, await planTime(processes, { boards, sleepMs: BOARD_MS, studies, trials: TRIALS }));
    const one = seconds.get(1) ?? 0;
    for (const [boards, time] of seconds)
      console.log(
        `a plan of ${studies} studies, ${TRIALS} trials each: ${boards} boards ${time.toFixed(1)} s, ${(time / one).toFixed(3)} of one`,
      );
  }
} finally {
  await processes.end();
}
