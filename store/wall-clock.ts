/** Milliseconds since 1970, for dates in records. */
export type WallClock = Readonly<{ now(): number }>;
