import type { Configuration } from '../../search-space/parameter.ts';
import type { StudyState } from '../../store/records.ts';
import type { WinnerVerdict } from '../../store/verification.ts';
import type { TimeFigure } from '../../tuner/attribution/gain.ts';
import type { Action } from './actions.ts';

/** An event for listeners outside. Progress is rate-limited; of every other kind each event is sent. */
export type DaemonEvent =
  | Readonly<{ kind: 'plan'; plan: string; state: 'submitted' | 'ended' }>
  | Readonly<{ kind: 'study'; study: string; state: StudyState; by: Action | 'plan' }>
  | Readonly<{
      kind: 'progress';
      study: string;
      trials: number;
      of: number | null;
      files: number | null;
      leftMs: number | null;
      fastestUs: TimeFigure;
      rounds: number | null;
      trouble: string | null;
    }>
  | Readonly<{
      kind: 'improved';
      study: string;
      trial: number;
      timeUs: number;
      configuration: Configuration;
    }>
  | Readonly<{ kind: 'verification'; study: string; by: number; pairs: number; verdict: WinnerVerdict }>
  | Readonly<{ kind: 'ended'; study: string; plan: string | null; stoppedBy: string }>
  | Readonly<{ kind: 'trouble'; study: string | null; message: string }>;

export type Numbered = Readonly<{ id: string; event: DaemonEvent }>;

const KEPT = 2048;

/**
 * Sends events to its listeners, and keeps the latest: a listener that lost its connection continues
 * after the last id it saw. An id begins with the daemon's start time, so an id from before a restart is
 * recognised.
 */
export class EventHub {
  readonly #life: string;
  readonly #kept: Numbered[] = [];
  readonly #listeners = new Set<(event: Numbered) => void>();
  #next = 0;

  constructor(life: string) {
    this.#life = life;
  }

  tell(event: DaemonEvent): void {
    const numbered = Object.freeze({ id: `${this.#life}-${this.#next++}`, event });
    this.#kept.push(numbered);
    if (this.#kept.length > 2 * KEPT) this.#kept.splice(0, KEPT);
    for (const listener of this.#listeners) listener(numbered);
  }

  /** The events after an id; undefined if some of them are no longer kept. */
  since(id: string): readonly Numbered[] | undefined {
    const [, number] = new RegExp(`^${this.#life}-(\\d+)$`).exec(id) ?? [];
    const after = Number(number) + 1;
    const oldest = this.#next - this.#kept.length;
    if (number === undefined || after < oldest || after > this.#next) return undefined;
    return this.#kept.slice(after - oldest);
  }

  listen(listener: (event: Numbered) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
