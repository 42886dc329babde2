import { defineConfig } from 'vitest/config';
import { NODE_FLAGS } from './tests/node-flags.ts';

export default defineConfig({
  test: {
    include: ['tests/long/**/*.test.ts'],
    testTimeout: 600_000,
    hookTimeout: 600_000,
    execArgv: [...NODE_FLAGS],
    // One compiles or waits while another computes.
    maxWorkers: 2,
  },
});
