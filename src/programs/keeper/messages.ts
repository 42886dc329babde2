import { z } from 'zod';
import { Execution } from '../execution.ts';

/**
 * Ways to follow a program's processes, strongest first. No process can leave a PID namespace, and none
 * leaves a cgroup without extra rights. A process escapes `processes` if it leaves its session, clears its
 * environment and loses its parent.
 */
export const ENCLOSURES = Object.freeze(['pid-namespace', 'cgroup', 'processes'] as const);
export type EnclosureKind = (typeof ENCLOSURES)[number];

/** The argument with which a keeper starts. */
export type KeeperSetup = Readonly<{
  enclosure: EnclosureKind;
  /** The value of MARK_VARIABLE in its programs' environment. */
  mark: string;
  /** Names of processes that may keep running. */
  kept: readonly string[];
  /** The PID namespace of nightshift itself; the keeper must be in another one. */
  outside: string;
}>;

type Asked = Readonly<{ number: number; words: readonly string[]; timeoutMs: number }>;

export type KeeperRequest =
  | (Readonly<{ kind: 'execute' }> & Asked)
  /** A line for a program that stays. */
  | (Readonly<{ kind: 'ask'; line: string }> & Asked)
  | Readonly<{ kind: 'abort'; number: number }>
  /** Programs may run for so long from now on. Without any such message, they may for ever. */
  | Readonly<{ kind: 'permit'; leftMs: number }>;

export const KeeperAnswer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({
    kind: z.literal('ended'),
    number: z.number(),
    execution: Execution,
    /** Names of the processes that the program left behind, and that were ended. */
    leftBehind: z.array(z.string()),
  }),
]);
export type KeeperAnswer = z.infer<typeof KeeperAnswer>;
