import { defineConfig } from 'vitest/config';
import { built, EXTERNAL } from './tests/built.ts';
import { NODE_FLAGS } from './tests/node-flags.ts';

export default defineConfig({
  plugins: [built],
  test: {
    globalSetup: './tests/built.ts',
    server: EXTERNAL,
    include: ['{search-space,store,tuner,src,scripts,tests}/**/*.test.ts'],
    // Installing the package, compiling hundreds of kernels, and starting and killing many processes: `npm run test:long`.
    exclude: ['tests/long/**'],
    // For what hangs: a slow machine under load is no failure.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 100_000 } },
    execArgv: [...NODE_FLAGS],
    // Many tests wait for processes that they started.
    maxWorkers: 4,
    // No test replaces a module or keeps state in one, so files share what a worker has loaded.
    isolate: false,
  },
});
