/** How often a failed slice is repeated. */
const RETRIES = 2;

/** How often the slices of each study failed in a row. */
export class SliceRetries {
  readonly #failures = new Map<string, number>();

  /** Notes a failure; whether the slice may be repeated. */
  again(studyId: string): boolean {
    const failures = (this.#failures.get(studyId) ?? 0) + 1;
    this.#failures.set(studyId, failures);
    return failures <= RETRIES;
  }

  forget(studyId: string): void {
    this.#failures.delete(studyId);
  }
}
