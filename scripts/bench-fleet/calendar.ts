type Event = Readonly<{ atMs: number; act(): void }>;

/** Events in the order of their times: a binary heap. */
export class Calendar {
  readonly #heap: Event[] = [];

  add(atMs: number, act: () => void): void {
    const heap = this.#heap;
    let place = heap.push({ atMs, act }) - 1;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (heap[parent].atMs <= heap[place].atMs) break;
      [heap[parent], heap[place]] = [heap[place], heap[parent]];
      place = parent;
    }
  }

  next(): Event {
    const heap = this.#heap;
    const [first] = heap;
    const last = heap.pop();
    if (first === undefined || last === undefined) throw new Error('nothing is left to happen');
    if (heap.length === 0) return first;
    heap[0] = last;
    for (let place = 0; ; ) {
      const children = [2 * place + 1, 2 * place + 2].filter((child) => child < heap.length);
      const [earliest] = children.sort((a, b) => heap[a].atMs - heap[b].atMs);
      if (earliest === undefined || heap[place].atMs <= heap[earliest].atMs) return first;
      [heap[earliest], heap[place]] = [heap[place], heap[earliest]];
      place = earliest;
    }
  }
}
