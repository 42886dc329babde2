import { setMaxListeners } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import type { Configuration } from '../search-space/parameter.ts';
import type { Backend, Sample, SideBySide } from './backend.ts';
import { BROKEN, machine, machineTime } from './machine.fixture.ts';

const SAMPLE_MS = 100;

type Work = Readonly<{ samples: number; signal: AbortSignal; done: (device: number | undefined) => void }>;

/** Devices that take so long for a sample, on a clock that advances when nobody has anything else to do. */
export class MadeUpDevices {
  nowMs = 0;
  /** Samples taken by each. */
  readonly taken: number[];
  /** Of each round the devices that took part, in the order in which rounds came back. */
  readonly rounds: number[] = [];
  mostUnderWay = 0;
  readonly #waiting: Work[] = [];
  readonly #busyUntil: (number | undefined)[];
  readonly #working: (Work | undefined)[];
  #isRunning = false;
  #underWay = 0;
  readonly #timeOf: (configuration: Configuration, device: number) => Sample;

  constructor(
    count: number,
    timeOf = (configuration: Configuration, _device: number) => timed(configuration),
  ) {
    this.taken = Array.from({ length: count }, () => 0);
    this.#busyUntil = this.taken.map(() => undefined);
    this.#working = this.taken.map(() => undefined);
    this.#timeOf = timeOf;
  }

  get backend(): Backend {
    const sideBySide: SideBySide = {
      count: () => this.taken.length,
      sample: async ({ configuration }, signal) => {
        const device = await this.#on(1, signal);
        return device === undefined ? undefined : this.#timeOf(configuration, device);
      },
      round: async (variants, _, signal) => {
        const device = await this.#on(variants.length, signal);
        if (device === undefined) return [];
        this.rounds.push(device);
        return variants.map(({ configuration }) => this.#timeOf(configuration, device));
      },
    };
    const timing = { kind: 'noisy', sampling: { kind: 'by rank' } } as const;
    return { ...machine({ noise: 0, batchSize: 16 }), timing, sideBySide };
  }

  get clock() {
    return { now: () => this.nowMs, elapsed: () => this.nowMs };
  }

  #on(samples: number, signal: AbortSignal): Promise<number | undefined> {
    setMaxListeners(0, signal);
    if (signal.aborted) return Promise.resolve(undefined);
    this.mostUnderWay = Math.max(this.mostUnderWay, ++this.#underWay);
    return new Promise((resolve) => {
      const done = (device: number | undefined): void => {
        this.#underWay--;
        resolve(device);
      };
      const work: Work = { samples, signal, done };
      signal.addEventListener('abort', () => this.#drop(work), { once: true });
      this.#waiting.push(work);
      void this.#run();
    });
  }

  #drop(work: Work): void {
    const place = this.#waiting.indexOf(work);
    if (place >= 0) this.#waiting.splice(place, 1);
    if (place >= 0) work.done(undefined);
  }

  async #run(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    for (;;) {
      for (let i = 0; i < 4; i++) await turn();
      for (const [device, busy] of this.#busyUntil.entries()) {
        const work = busy === undefined ? this.#waiting.shift() : undefined;
        if (work === undefined) continue;
        this.#working[device] = work;
        this.#busyUntil[device] = this.nowMs + work.samples * SAMPLE_MS;
      }
      const next = Math.min(...this.#busyUntil.flatMap((until) => until ?? []));
      if (!Number.isFinite(next)) break;
      this.nowMs = next;
      for (const [device, until] of this.#busyUntil.entries()) if (until === next) this.#end(device);
    }
    this.#isRunning = false;
  }

  #end(device: number): void {
    const work = this.#working[device];
    this.#busyUntil[device] = undefined;
    this.taken[device] += work?.samples ?? 0;
    work?.done(work.signal.aborted ? undefined : device);
  }
}

function timed(configuration: Configuration): Sample {
  const isBroken = Object.entries(BROKEN).every(([name, value]) => configuration[name] === value);
  if (isBroken) return { state: 'invalid', reason: 'runtime', message: 'broken on purpose' };
  return { state: 'timed', timeUs: machineTime(configuration) };
}
