/** Milliseconds since 1970, for records that people read. */
export type WallClock = Readonly<{ now(): number }>;
