import { StoreError } from '../../store/store-error.ts';

/** How long to wait before work is repeated after a full disk. */
const ROOM_MS = 5_000;

type Work = () => Promise<void>;

/** What becomes of errors, and when nothing is repeated any more. */
export type SettlingWorld = Readonly<{
  trouble(error: unknown): void;
  isClosing(): boolean;
  /** Replaces the time to wait for room on the disk. Milliseconds. */
  roomMs: number | undefined;
}>;

/** Work that is done one after the other, such as recording that a study ended; a full disk delays it. */
export class Settling {
  readonly #world: SettlingWorld;
  #last: Promise<void> = Promise.resolve();

  constructor(world: SettlingWorld) {
    this.#world = world;
  }

  /** When all work so far is done. */
  get done(): Promise<void> {
    return this.#last;
  }

  /** Runs work after all that was queued before, and tells of its error. */
  afterwards(work: Work): void {
    this.#last = this.#last.then(work).catch((error: unknown) => this.#world.trouble(error));
  }

  /** The same, and repeats it until it succeeds while the disk is full. */
  withRoom(work: Work): void {
    this.afterwards(async () => {
      await work().catch((error: unknown) => {
        if (mayPass(error)) this.whenRoom(work);
        throw error;
      });
    });
  }

  /** The same in a while, unless the daemon closes before. */
  whenRoom(work: Work): void {
    const { isClosing, roomMs = ROOM_MS } = this.#world;
    setTimeout(() => !isClosing() && this.withRoom(work), roomMs).unref();
  }
}

/** Whether waiting may help: a full disk may get room again. */
export function mayPass(error: unknown): boolean {
  return error instanceof StoreError && (error.kind === 'full' || error.kind === 'in-use');
}
