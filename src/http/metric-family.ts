/** A series' value now. */
export type MetricSample = Readonly<{
  name: string;
  labels?: Readonly<Record<string, string>>;
  value: number;
}>;
/** Series of one name, as Prometheus reads them. */
export type Family = Readonly<{
  name: string;
  kind: 'gauge' | 'counter' | 'summary';
  help: string;
  samples: readonly MetricSample[];
}>;
