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
export const KeeperSetup = z.object({
  enclosure: z.enum(ENCLOSURES),
  /** The value of MARK_VARIABLE in its programs' environment. */
  mark: z.string(),
  /** Names of processes that may keep running. */
  kept: z.array(z.string()),
  /** The PID namespace of nightshift itself; the keeper must be in another one. */
  outside: z.string(),
});
export type KeeperSetup = Readonly<z.infer<typeof KeeperSetup>>;

export const KeeperRequest = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('execute'),
    number: z.number(),
    words: z.array(z.string()),
    timeoutMs: z.number(),
  }),
  /** A line for a program that stays. */
  z.object({
    kind: z.literal('ask'),
    number: z.number(),
    words: z.array(z.string()),
    line: z.string(),
    timeoutMs: z.number(),
  }),
  z.object({ kind: z.literal('abort'), number: z.number() }),
  /** Programs may run for so long from now on. Without any such message, they may for ever. */
  z.object({ kind: z.literal('permit'), leftMs: z.number().nonnegative() }),
]);
export type KeeperRequest = z.infer<typeof KeeperRequest>;

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
