import { readFileSync } from 'node:fs';

export const t1 = {
  General: { FormatVersion: 1 },
  ConfigurationSpace: {
    TuningParameters: [
      { Name: 'x', Type: 'int', Values: '[1, 2, 4, 8]', Default: 2 },
      { Name: 'y', Type: 'string', Values: "['a', 'b']", Default: 'a' },
    ],
    Conditions: [{ Parameters: ['x'], Expression: 'x % 2 == 0 or x == 1' }],
  },
  KernelSpecification: { KernelName: 'gemm', ProblemSize: [64, '64'], Device: { Name: 'board' } },
};
export const t4 = {
  schema_version: '1.0.0',
  metadata: { device: 'board', timeunit: 'ms' },
  results: [
    {
      configuration: { x: 1, y: 'a' },
      times: { runtimes: [1.5, 2] },
      invalidity: 'correct',
      objectives: ['time'],
      measurements: [{ name: 'time', value: 1.7, unit: 'ms' }],
    },
    { configuration: { x: 2, y: 'b' }, invalidity: 'compile' },
  ],
};
export const cache = {
  device_name: 'board',
  kernel_name: 'gemm',
  problem_size: [64, 64],
  tune_params_keys: ['x', 'y'],
  tune_params: { x: [1, 2], y: [4, 8] },
  objective: 'time',
  cache: {
    '1,4': { x: 1, y: 4, time: 1.25, times: [1.2, 1.3] },
    '2,4': { x: 2, y: 4, time: 'CompilationFailedConfig' },
  },
};
export const table = {
  name: 't',
  kernel: 'conv',
  device: 'board',
  objective: 'time_ms',
  params: [
    { name: 'x', values: [1, 2] },
    { name: 'y', values: [1, 2] },
  ],
  constraints: ['x <= y'],
  rows: [
    [1, 1, 2.5],
    [1, 2, null],
    [2, 2, 1.25],
  ],
  std: [0.1, null, 0.2],
};

/** The text of a file in this folder's examples. */
export function textOf(name: string): string {
  return readFileSync(new URL(`./examples/${name}`, import.meta.url), 'utf8');
}
