import type { Command } from '../command.ts';
import { kernels } from './kernels.ts';

/** Every command, in the order of `--help`. A new one is added here and nowhere else. */
export const commands: readonly Command[] = Object.freeze([kernels]);
