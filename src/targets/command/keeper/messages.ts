import { z } from 'zod';
import { Execution } from '../execution.ts';

/**
 * How far the processes of a program can be followed, strongest first: none leaves a PID namespace or,
 * without rights that we lack, a cgroup; from `processes` escapes what leaves its session, empties its
 * environment and loses its parent.
 */
export const ENCLOSURES = Object.freeze(['pid-namespace', 'cgroup', 'processes'] as const);
export type EnclosureKind = (typeof ENCLOSURES)[number];

/** What a keeper is told when it starts. */
export const KeeperSetup = z.object({
  enclosure: z.enum(ENCLOSURES),
  /** Of its programs, in their environment. */
  mark: z.string(),
  /** Names of processes that may go on. */
  kept: z.array(z.string()),
  /** The PID namespace of nightshift itself: the keeper must not take that one for its own. */
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
  z.object({ kind: z.literal('abort'), number: z.number() }),
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
