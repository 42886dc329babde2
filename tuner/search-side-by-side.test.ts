import { describe, expect, it } from 'vitest';
import type { Budget } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import type { SettledTrial } from '../store/trial.ts';
import { machineTime } from './machine.fixture.ts';
import { MadeUpDevices } from './side-by-side.fixture.ts';
import { searchStudy, visitStudy } from './study.ts';
import { memory, openMachineStudy, world } from './visit.fixture.ts';

const TRIALS = 60;

async function trialsOf(store: Store, study: string): Promise<readonly SettledTrial[]> {
  const trials: SettledTrial[] = [];
  for await (const trial of store.trials(study)) trials.push(trial);
  return trials;
}

/** Of what was found nothing says when. */
const timeless = (what: unknown): string =>
  JSON.stringify(what, (key, value: unknown) => (/(At|Ms|now)$/.test(key) ? undefined : value));

async function visit(count: number, budget: Budget = { trials: TRIALS }, extra: object = {}) {
  const devices = new MadeUpDevices(count);
  const store = await memory();
  const study = await openMachineStudy(store, extra);
  const findings = await visitStudy(study, budget, world(store, devices.backend, { clock: devices.clock }));
  const [comparison] = await store.comparisons(study.id);
  return { devices, findings, comparison, trials: await trialsOf(store, study.id) };
}

describe('a study on several devices', () => {
  it('ends the same for 1, 2, 8 and 64 of them, the comparison included', async () => {
    const alone = await visit(1);
    expect(alone.trials).toHaveLength(TRIALS);
    expect(alone.comparison?.roundsUs.length).toBeGreaterThanOrEqual(8);
    for (const count of [2, 8, 64]) {
      const { trials, findings, comparison } = await visit(count);
      expect(timeless(trials)).toBe(timeless(alone.trials));
      expect(timeless(comparison)).toBe(timeless(alone.comparison));
      expect(timeless(findings)).toBe(timeless(alone.findings));
    }
  });

  it('takes at most 0.55 of the time on two, and 0.15 on eight, of one alone', async () => {
    const searching = async (count: number): Promise<number> => {
      const store = await memory();
      const devices = new MadeUpDevices(count);
      const study = await openMachineStudy(store);
      await searchStudy(study, { trials: TRIALS }, world(store, devices.backend, { clock: devices.clock }));
      return devices.nowMs;
    };
    const visiting = async (count: number): Promise<number> => (await visit(count)).devices.nowMs;
    const shares: number[][] = [];
    for (const timeOf of [searching, visiting]) {
      const one = await timeOf(1);
      shares.push([(await timeOf(2)) / one, (await timeOf(8)) / one]);
    }
    const [[searchOfTwo, searchOfEight], [two, eight]] = shares;
    expect(searchOfTwo).toBeLessThanOrEqual(0.52);
    expect(searchOfEight).toBeLessThanOrEqual(0.15);
    expect(two).toBeLessThanOrEqual(0.55);
    expect(eight).toBeLessThanOrEqual(0.15);
  });

  it('has at most a wave under way, whatever the number of devices, besides readings of the default', async () => {
    const budget = { trials: 32 };
    const store = await memory();
    const study = await openMachineStudy(store, { wave: 4 });
    const only = new MadeUpDevices(64);
    await searchStudy(study, budget, world(store, only.backend, { clock: only.clock }));
    expect(only.mostUnderWay).toBeLessThanOrEqual(4 + 4);
  });

  it('proposes no more trials than its budget has, also beyond the trials of an earlier visit', async () => {
    for (const wave of [1, 4, 16]) {
      const store = await memory();
      const study = await openMachineStudy(store, { wave });
      for (const [trials, whole] of [
        [2, 2],
        [3, 5],
      ]) {
        const devices = new MadeUpDevices(8);
        await visitStudy(study, { trials }, world(store, devices.backend, { clock: devices.clock }));
        expect(await trialsOf(store, study.id)).toHaveLength(whole);
      }
    }
  });

  it('goes on after an interruption as if there had been none', async () => {
    const whole = await visit(8);
    const store = await memory();
    const study = await openMachineStudy(store);
    const ends = [7, 20, 33];
    for (;;) {
      const devices = new MadeUpDevices(2);
      const controller = new AbortController();
      const listen = ({ kind }: { kind: string }): void => {
        if (kind === 'settled' && --left === 0) controller.abort();
      };
      let left = ends.shift() ?? 0;
      const surroundings = { clock: devices.clock, signal: controller.signal, listen };
      const { stoppedBy } = await searchStudy(
        study,
        { trials: TRIALS },
        world(store, devices.backend, surroundings),
      );
      if (stoppedBy !== 'interrupted') break;
    }
    expect(timeless(await trialsOf(store, study.id))).toBe(timeless(whole.trials));
  });

  it('compares each pair on one device: how fast a device is as a whole makes no difference', async () => {
    const store = await memory();
    const study = await openMachineStudy(store);
    const devices = new MadeUpDevices(8, (configuration, device) => ({
      state: 'timed',
      timeUs: machineTime(configuration) * (1 + device / 4),
    }));
    await visitStudy(study, { trials: 30 }, world(store, devices.backend, { clock: devices.clock }));
    const [comparison] = await store.comparisons(study.id);
    expect(new Set(devices.rounds).size).toBe(8);
    const { roundsUs = [], variants = [] } = comparison ?? {};
    for (const row of roundsUs)
      for (const [place, time] of row.entries()) {
        const [first] = row;
        if (time === null || first === null) continue;
        const true_ = machineTime(variants[place].configuration) / machineTime(variants[0].configuration);
        expect(time / first).toBeCloseTo(true_, 9);
      }
  });
});
