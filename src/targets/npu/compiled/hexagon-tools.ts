import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { InputError } from '../../../../search-space/input-error.ts';
import { targetKinds } from '../../../../store/target-kinds.ts';
import { type Compiler, findCompiler } from '../../../c/compiler.ts';

/** The programs that compile, count and execute code for Hexagon. */
export type HexagonTools = Readonly<{
  /** clang, without randomised addresses: with them it does not always make the same code. */
  compiler: Compiler;
  /** Of the compiler: `19.1.7`. */
  version: string;
  objdump: string;
  linker: string;
  emulator: string;
}>;

/** The version whose packets are counted: another one makes other code, and the label of times names this one. */
export const HEXAGON_COMPILER = targetKinds.compiled.label.replace(/^.* clang /, '');

/** What installs them. */
export const HEXAGON_INSTALL = 'apt-get install clang-19 lld-19 llvm-19 qemu-user util-linux';

/** The programs, or what is missing, in words. */
export async function findHexagonTools(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<HexagonTools | string> {
  const names = ['setarch', 'clang-19', 'llvm-objdump-19', 'ld.lld-19', 'qemu-hexagon'];
  const missing = names.filter((name) => !isInstalled(name, environment.PATH ?? ''));
  if (missing.length > 0) return `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not installed`;
  const compiler = await findCompiler(['setarch -R clang-19']);
  if (compiler === undefined) return 'clang-19 cannot be started by setarch -R';
  const found = /version (\d+\.\d+\.\d+)/.exec(compiler.version)?.[1];
  if (found !== HEXAGON_COMPILER)
    return `clang-19 is ${found ?? 'of an unknown version'}, and packets are counted of ${HEXAGON_COMPILER}`;
  return {
    compiler,
    version: found,
    objdump: 'llvm-objdump-19',
    linker: 'ld.lld-19',
    emulator: 'qemu-hexagon',
  };
}

/** Throws InputError where they are not there. */
export async function hexagonTools(): Promise<HexagonTools> {
  const found = await findHexagonTools();
  if (typeof found !== 'string') return found;
  throw new InputError('--compiled', found, HEXAGON_INSTALL);
}

function isInstalled(name: string, path: string): boolean {
  return path.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
