import { readFileSync } from 'node:fs';
import { z } from 'zod';

const common = {
  id: z.string(),
  source: z.string(),
  device: z.string(),
  kernel: z.string(),
  trust: z.string(),
};

/** A time, a ratio of two times (or a sentence about one), or a single-thread and a four-way time. */
const timed = z.strictObject({
  ...common,
  shape: z.array(z.int()),
  dtype: z.string().optional(),
  rung: z.string(),
  time_us: z.number(),
});
const ratio = z.strictObject({
  ...common,
  shape: z.array(z.int()).optional(),
  dtype: z.string().optional(),
  ratio: z.string(),
  value: z.union([z.number(), z.string()]),
});
const twoWays = z.strictObject({
  ...common,
  vector_ops: z.int(),
  bytes_per_vector_op: z.union([z.number(), z.string()]),
  single_thread_us: z.number(),
  four_way_us: z.number(),
});

const schema = z.strictObject({
  note: z.string(),
  observations: z.array(z.union([timed, ratio, twoWays])),
});

export type Published = z.output<typeof schema>['observations'][number];

/** Published timings, each with its source and its reliability. */
export function publishedTimings(): readonly Published[] {
  const path = new URL('../data/published-timings.json', import.meta.url);
  return schema.parse(JSON.parse(readFileSync(path, 'utf8'))).observations;
}
