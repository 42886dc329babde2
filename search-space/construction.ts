/** How far the construction of a space has come. */
export type ConstructionProgress = Readonly<{
  /** Seeking an order in which to decide parameters, or deciding them one by one. */
  state: 'ordering' | 'deciding';
  /** The parameters that constraints tie to each other, which are worked on together; once ordered, in their order. */
  parameters: readonly string[];
  /** How many of them are decided. */
  decided: number;
  /** Steps taken so far, of all that may be. */
  steps: number;
  mostSteps: number;
}>;

/** What the construction of a space may cost, and who hears how it goes. */
export type ConstructionOptions = Readonly<{
  /**
   * Steps that may be taken: a value tried in a state, a constraint evaluated, or a beginning of an order
   * weighed. They count work, not time, so that the same space is refused on every machine. 200 million if not given.
   */
  mostSteps?: number;
  /** Bytes that the space and what is remembered while it is built may take, about. 512 MiB if not given. */
  mostBytes?: number;
  /** Told every 65,536 steps. */
  onProgress?: (progress: ConstructionProgress) => void;
}>;
