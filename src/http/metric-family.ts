type Sample = Readonly<{ name: string; labels?: Readonly<Record<string, string>>; value: number }>;
/** A metric of `/metrics` with its series. */
export type Family = Readonly<{
  name: string;
  kind: 'gauge' | 'counter' | 'summary';
  help: string;
  samples: readonly Sample[];
}>;
