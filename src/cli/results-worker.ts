import { parentPort, workerData } from 'node:worker_threads';
import type { ConstructionProgress } from '../../search-space/construction.ts';
import { type BuildSpace, defineSpace } from '../../search-space/define-space.ts';
import type { OwnRecord } from '../importers/own-record.ts';
import type { Described, MemberReading, TuningResults } from '../importers/tuning-results.ts';
import { type SentError, sentError } from '../text/sent-error.ts';
import { type ResultsFormat, readResults } from './results-file.ts';

/** The file that the thread reads, and the file of its space if it does not say that itself. */
export type ReadingTask = Readonly<{
  path: string;
  described: Described;
  spacePath: string | undefined;
  toolVersion: string;
}>;

type LeftOutReading = Extract<MemberReading, { kind: 'left out' }>;
/** A reading as plain data; the detail of one that is left out is there for the first of its reason only. */
export type SentReading =
  | Exclude<MemberReading, LeftOutReading>
  | (Omit<LeftOutReading, 'detail'> & Readonly<{ detail: string }>);

/** From the thread. */
export type ReadingMessage =
  /** While the space is counted. */
  | Readonly<{ kind: 'progress'; progress: ConstructionProgress }>
  | Readonly<{ kind: 'opened'; format: ResultsFormat; record: OwnRecord; deviceIsNamed: boolean }>
  | Readonly<{ kind: 'readings'; readings: readonly SentReading[] }>
  /** All entries were read. */
  | Readonly<{ kind: 'ended'; notes: readonly string[] }>
  | Readonly<{ kind: 'refused'; refusal: SentError }>;

/** To the thread: it reads from the first entry, or sends one batch more. */
export type ReadingCommand = Readonly<{ kind: 'begin'; batches: number }> | Readonly<{ kind: 'more' }>;

/** A thread that reads a file of results, while the main thread stores them. */
class ResultsReader {
  readonly #port: NonNullable<typeof parentPort>;
  /** The batches that may be sent before more are asked for, so that few are in memory. */
  #allowed = 0;
  #wake = (): void => {};

  constructor(port: NonNullable<typeof parentPort>) {
    this.#port = port;
  }

  async serve({ path, described, spacePath, toolVersion }: ReadingTask): Promise<void> {
    try {
      const onProgress = (progress: ConstructionProgress): void => this.#send({ kind: 'progress', progress });
      const build: BuildSpace = async ({ parameters, constraints }) =>
        defineSpace(parameters, constraints, { onProgress });
      const { format, tuning } = await readResults(path, described, spacePath, toolVersion, build);
      this.#port.on('message', (command: ReadingCommand) => this.#obey(command, tuning));
      this.#send({ kind: 'opened', format, record: tuning.record, deviceIsNamed: tuning.deviceIsNamed });
    } catch (error) {
      this.#send({ kind: 'refused', refusal: sentError(error) });
    }
  }

  #obey(command: ReadingCommand, tuning: TuningResults): void {
    this.#allowed = command.kind === 'begin' ? command.batches : this.#allowed + 1;
    if (command.kind === 'begin') void this.#sendAll(tuning);
    else this.#wake();
  }

  async #sendAll(tuning: TuningResults): Promise<void> {
    const known = new Set<string>();
    try {
      for await (const readings of tuning.readings()) {
        while (this.#allowed === 0) await this.#nextCommand();
        this.#allowed -= 1;
        this.#send({ kind: 'readings', readings: readings.map((reading) => sent(reading, known)) });
      }
      this.#send({ kind: 'ended', notes: tuning.notes() });
    } catch (error) {
      this.#send({ kind: 'refused', refusal: sentError(error) });
    }
  }

  #nextCommand(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #send(message: ReadingMessage): void {
    this.#port.postMessage(message);
  }
}

function sent(reading: MemberReading, known: Set<string>): SentReading {
  if (reading.kind === 'result') return reading;
  const isFirst = !known.has(reading.reason);
  known.add(reading.reason);
  return { ...reading, detail: isFirst ? reading.detail() : '' };
}

if (parentPort !== null) await new ResultsReader(parentPort).serve(workerData);
