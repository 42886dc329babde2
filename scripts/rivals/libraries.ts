import { compiledRival, type Rival } from './rival.ts';

const SYSTEM = '/usr/lib/x86_64-linux-gnu';
const SCHEDULERS = `${SYSTEM}/halide14`;

/** OpenBLAS, oneDNN and Halide as Debian 12 has them, or why one is not there. */
export function libraryRivals(threads: number): readonly (Rival | string)[] {
  const count = String(threads);
  return [
    compiledRival({
      name: 'OpenBLAS',
      compiler: 'gcc',
      file: 'openblas.c',
      flags: ['-O2', '-I/usr/include/x86_64-linux-gnu/openblas-pthread'],
      libraries: [`-L${SYSTEM}/openblas-pthread`, '-lopenblas'],
      threads,
      environment: { OPENBLAS_NUM_THREADS: count },
    }),
    compiledRival({
      name: 'oneDNN',
      compiler: 'g++',
      file: 'onednn.cpp',
      flags: ['-O2'],
      libraries: ['-ldnnl'],
      threads,
      environment: { OMP_NUM_THREADS: count },
    }),
    compiledRival({
      name: 'Halide',
      compiler: 'g++',
      file: 'halide.cpp',
      flags: [
        '-std=c++17',
        '-O1',
        '-I/usr/include/halide14',
        `-DHALIDE_PLUGINS="${SCHEDULERS}"`,
        '-rdynamic',
      ],
      libraries: ['-lHalide14'],
      threads,
      environment: { HL_NUM_THREADS: count },
    }),
  ];
}
