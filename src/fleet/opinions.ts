import type { Answer, MeasuredSample } from './messages.ts';

type Opinion<Device> = Readonly<{ device: Device; answer: Answer; failures: ReadonlySet<number> }>;

/** The answers of several devices to one job: a failure counts once two of them have seen it. */
export class Opinions<Device> {
  readonly #given: Opinion<Device>[] = [];

  add(device: Device, answer: Answer): void {
    this.#given.push({ device, answer, failures: failuresOf(answer) });
  }

  get isEmpty(): boolean {
    return this.#given.length === 0;
  }

  devices(): readonly Device[] {
    return this.#given.map(({ device }) => device);
  }

  has(device: Device): boolean {
    return this.devices().includes(device);
  }

  /** The first answer each of whose failures another device has seen as well; undefined while there is none. */
  agreed(): Answer | undefined {
    return this.#given.find((own) =>
      [...own.failures].every((place) =>
        this.#given.some((other) => other !== own && other.failures.has(place)),
      ),
    )?.answer;
  }

  /** For want of another device's. */
  last(): Answer | undefined {
    return this.#given.at(-1)?.answer;
  }

  /** Whether something failed on this device that worked on another one. */
  isContradicted(device: Device): boolean {
    return this.#of(device).some(({ failures }) =>
      [...failures].some((place) =>
        this.#given.some(({ answer, failures: its }) => answer.kind === 'measured' && !its.has(place)),
      ),
    );
  }

  /** Whether something was measured on this device. */
  hasWorked(device: Device): boolean {
    return this.#of(device).some(
      ({ answer }) => answer.kind === 'measured' && answer.measured.some(({ state }) => state === 'timed'),
    );
  }

  #of(device: Device): readonly Opinion<Device>[] {
    return this.#given.filter((opinion) => opinion.device === device);
  }
}

/** The places of samples whose failure may be the device's own: what lies outside of the space does so on every device. */
function failuresOf(answer: Answer): ReadonlySet<number> {
  const measured: readonly MeasuredSample[] = answer.kind === 'measured' ? answer.measured : [];
  return new Set(
    measured.flatMap((sample, place) =>
      'reason' in sample && sample.reason !== 'constraints' ? [place] : [],
    ),
  );
}
