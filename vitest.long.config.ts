import { defineConfig } from 'vitest/config';
import { built, EXTERNAL } from './tests/built.ts';
import { NODE_FLAGS } from './tests/node-flags.ts';

export default defineConfig({
  plugins: [built],
  test: {
    globalSetup: './tests/built.ts',
    server: EXTERNAL,
    include: ['tests/long/**/*.test.ts'],
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 100_000 } },
    execArgv: [...NODE_FLAGS],
    // Many of them wait: for a lease to end, or for processes that they killed.
    maxWorkers: 4,
    // As in `vitest.config.ts`: what a file has loaded, the next one need not load again.
    isolate: false,
  },
});
