/** The interval of a time, microseconds. */
export type TimeInterval = Readonly<{ low: number; high: number }>;
