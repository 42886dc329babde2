import { createHash } from 'node:crypto';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { InputError } from '../../../search-space/input-error.ts';
import { type Compiler, compilerNames, findCompiler } from '../../c/compiler.ts';
import { type Processor, placesHere, thisProcessor } from './machine.ts';

/** This machine and its compiler: what variants are made for and with. */
export type NativeHost = Processor &
  Readonly<{
    cpu: string;
    /** Threads that variants may take. */
    cores: number;
    /** Processors that this process may use, by their affinity: there may be fewer or more than its share of time allows. */
    processors: number;
    /** Parts of the memory that are near some of them and far from others. */
    memoryNodes: number;
    memoryBytes: number;
    compiler: Compiler;
    fingerprint: string;
  }>;

/** Raised when code for the same configuration changes. */
export const NATIVE_REVISION = 5;

/** Throws InputError where there is no C compiler. */
export async function nativeHost(names = compilerNames(process.env)): Promise<NativeHost> {
  const compiler = await findCompiler(names);
  if (compiler === undefined) {
    const problem = `native code needs a C compiler, and ${names.map((name) => `'${name}'`).join(', ')} is none`;
    throw new InputError('--target', problem, 'install gcc or clang, or name yours: CC=clang');
  }
  const about = {
    ...thisProcessor(),
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    ...placesHere(),
    memoryBytes: totalmem(),
    compiler,
  };
  return Object.freeze({ ...about, fingerprint: fingerprintOf(about) });
}

/** Changes whenever times may: processor, its features and cores, compiler, what this backend generates. */
function fingerprintOf({ cpu, features, cores, compiler }: Omit<NativeHost, 'fingerprint'>): string {
  const text = JSON.stringify([NATIVE_REVISION, cpu, features, cores, compiler]);
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
