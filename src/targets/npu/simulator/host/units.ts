/** What the cycles of a core still have room for. Each kind takes so many operations a cycle. */
export class Units<Kind extends string> {
  private readonly limits: Readonly<Record<Kind, number>>;
  private readonly used = new Map<Kind, number[]>();

  constructor(limits: Readonly<Record<Kind, number>>) {
    this.limits = limits;
  }

  /** Takes a place in the first cycle from `ready` on that has room of every kind, and says which it is. */
  take(ready: number, kinds: readonly Kind[]): number {
    let cycle = ready;
    while (kinds.some((kind) => this.count(kind, cycle) >= this.limits[kind])) cycle++;
    for (const kind of kinds) this.cyclesOf(kind)[cycle] = this.count(kind, cycle) + 1;
    return cycle;
  }

  private count(kind: Kind, cycle: number): number {
    return this.cyclesOf(kind)[cycle] ?? 0;
  }

  private cyclesOf(kind: Kind): number[] {
    const known = this.used.get(kind) ?? [];
    this.used.set(kind, known);
    return known;
  }
}
