import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Configuration } from '../../search-space/parameter.ts';
import { randomFor } from '../../search-space/random.ts';
import { loadReplayTable, type ReplayTable } from '../../src/targets/replay/table.ts';
import { quantile } from '../../tuner/measurement/statistics.ts';
import { estimateTimes, fitEnsemble } from '../../tuner/models/across/across-model.ts';
import type { StudyExamples } from '../../tuner/models/across/examples.ts';
import type { Learner } from '../../tuner/models/across/learner.ts';
import { type Figures, figuresOf, meanFigures } from '../../tuner/models/figures.ts';
import { otherDevices } from '../compare-strategies/devices.ts';

/** Rows of each other device to learn from, and of the left-out one to be judged on. */
const LEARNED = 300;
const JUDGED = 500;

export type HeldOutDevices = Readonly<{ learner: string; tables: number }> & Figures;

/**
 * How well each learner ranks a table's configurations after tables of the same parameters from other devices. These have no
 * features of kernel and device, so the times of each are divided by their median: what is learned are ratios.
 */
export async function judgeHeldOutDevices(
  folder: string,
  learners: readonly Learner[],
  seed: number,
): Promise<readonly HeldOutDevices[]> {
  const names = readdirSync(folder).filter((name) => name.endsWith('.json.gz'));
  const tables = await Promise.all(names.sort().map((name) => loadReplayTable(join(folder, name))));
  const found = new Map<string, Figures[]>(learners.map(({ name }) => [name, []]));
  for (const table of tables) {
    const shown = otherDevices(table, tables).map((other) => examplesOf(other, LEARNED, seed));
    if (shown.length === 0) continue;
    const asked = examplesOf(table, JUDGED, seed);
    for (const learner of learners) {
      const { mean, sd } = estimateTimes(
        await fitEnsemble(learner, shown, seed),
        asked,
        asked.configurations,
      );
      const predictions = Array.from(mean, (meanLog, row) => ({ meanLog, sdLog: sd[row] }));
      found.get(learner.name)?.push(figuresOf(predictions, asked.logTimes));
    }
  }
  return [...found].map(([learner, all]) => ({ learner, tables: all.length, ...meanFigures(all) }));
}

function examplesOf(table: ReplayTable, count: number, seed: number): StudyExamples {
  const random = randomFor(seed, table.name, count);
  const configurations: Configuration[] = [];
  const logTimes: number[] = [];
  const timed = Array.from(table.timesUs.keys()).filter((index) => !Number.isNaN(table.timesUs[index]));
  for (let n = 0; n < Math.min(count, timed.length); n++) {
    const index = timed[Math.floor(random() * timed.length)];
    configurations.push(table.space.at(index));
    logTimes.push(Math.log(table.timesUs[index]));
  }
  const middle = quantile(logTimes, 0.5);
  return {
    study: table.name,
    kernel: table.kernel,
    target: table.device,
    kernelFeatures: {},
    targetFeatures: {},
    configurations,
    logTimes: logTimes.map((logTime) => logTime - middle),
  };
}
