import { compiledRival, type Rival } from './rival.ts';

const FUNCTIONS = [
  { name: 'libm', flags: [] },
  { name: 'polynomial', flags: ['-DPOLYNOMIAL'] },
];

/**
 * The plain C kernels as a compiler vectorizes them, with libm's functions and with our polynomials; or why there are
 * none. On several threads the loops are shared by OpenMP.
 */
export function plainRivals(compiler: string, machine: string, threads = 1): readonly (Rival | string)[] {
  const parallel = threads === 1 ? [] : ['-fopenmp'];
  return FUNCTIONS.map(({ name, flags }) =>
    compiledRival({
      name: `${compiler} ${machine} ${name}`,
      compiler,
      file: 'plain.c',
      flags: ['-O3', '-ffast-math', machine, ...parallel, ...flags],
      threads,
    }),
  );
}

/** The time of out = x + 3·y on as many elements as a case has, in plain C and with stores past the caches. */
export function triadLimits(threads = 1): readonly (Rival | string)[] {
  const variants = [
    { name: 'triad', flags: [] },
    { name: 'triad, streamed', flags: ['-DSTREAMED'] },
  ];
  return variants.map(({ name, flags }) =>
    compiledRival({
      name,
      compiler: 'gcc',
      file: 'triad.c',
      flags: ['-O3', '-march=native', ...(threads === 1 ? [] : ['-fopenmp']), ...flags],
      threads,
    }),
  );
}
