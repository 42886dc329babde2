import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Configuration } from '../../../../search-space/parameter.ts';
import { BackendGone, type Failure } from '../../../../tuner/backend.ts';
import type { Execution } from '../../../programs/execution.ts';
import { Keeper, type KeeperOptions } from '../../../programs/keeper/keeper.ts';
import { triedAgain } from '../../../programs/lost.ts';
import { failureOf } from '../failure.ts';
import { type Filling, fillTemplate, type Template } from '../template.ts';
import { BuildFolder } from './build-folder.ts';
import type { Sources } from './sources.ts';

/** How configurations are built. */
export type BuildPlan = Readonly<{
  template: Template;
  /** Texts that each build finds as files of these names in its folder. */
  given: Readonly<Record<string, string>>;
  timeoutMs: number;
  /** The folder of all builds, which only one process uses at a time; a temporary one if undefined. */
  folder: string | undefined;
  /** What the builds read, as it was when the target was identified. */
  sources: Sources;
  /** At most so many builds at once. */
  atOnce: number;
  keeping: KeeperOptions;
}>;

const CHANGED =
  'changed while what is built of it was tuned, which ends the visit: the same command tunes it as it is now (what a build writes belongs into {build})';

type Built = Readonly<{ state: 'built' }> | Failure;

/** In place of the folder, for the words that identify a build. */
const SOME_FOLDER = '{build}';

/**
 * The builds of configurations, kept by the words of their command line and the content of the files that
 * it names: what was built once is not built again. Several run at once, each under a keeper of its own.
 */
export class Builds {
  readonly #plan: BuildPlan;
  readonly #around: Omit<Filling, 'configuration' | 'build'>;
  readonly #folder: BuildFolder;
  readonly #temporary: string | undefined;
  readonly #keepers: readonly Keeper[];
  readonly #failed = new Map<string, Failure>();

  constructor(plan: BuildPlan, around: Omit<Filling, 'configuration' | 'build'>) {
    const { keeping, atOnce } = plan;
    this.#plan = plan;
    this.#around = around;
    this.#temporary =
      plan.folder === undefined ? mkdtempSync(join(tmpdir(), 'nightshift-builds-')) : undefined;
    this.#folder = new BuildFolder(resolve(plan.folder ?? this.#temporary ?? ''));
    this.#keepers = Array.from(
      { length: atOnce },
      (_, number) => new Keeper({ ...keeping, mark: `${keeping.mark}-build-${number}` }),
    );
  }

  /** Where the build of a configuration is, or will be. */
  folderOf(configuration: Configuration): string {
    return this.#folder.place(this.#keyOf(configuration));
  }

  /**
   * Builds what is not built yet, on all keepers at once. Throws BackendGone if the system ends keepers, or if a file that
   * is built has changed: what comes of it would count as the earlier file's.
   */
  async make(configurations: readonly Configuration[], signal: AbortSignal): Promise<void> {
    const open = new Map(
      configurations.map((configuration) => [this.#keyOf(configuration), configuration] as const),
    );
    for (const key of [...open.keys()]) if (this.#failed.has(key) || this.#folder.has(key)) open.delete(key);
    if (open.size === 0) return;
    const waiting = [...open];
    await Promise.all(
      this.#keepers.slice(0, waiting.length).map(async (keeper) => {
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
          await this.#build(...next, keeper, signal);
      }),
    );
    this.#folder.trim();
  }

  /** Built, if need be now, or why not. */
  async built(configuration: Configuration, signal: AbortSignal): Promise<Built> {
    const key = this.#keyOf(configuration);
    await this.make([configuration], signal);
    const failed = this.#failed.get(key);
    if (failed !== undefined) return failed;
    return this.#folder.has(key) ? { state: 'built' } : interrupted;
  }

  async close(): Promise<void> {
    await Promise.all(this.#keepers.map((keeper) => keeper.close()));
    if (this.#temporary !== undefined) rmSync(this.#temporary, { recursive: true, force: true });
  }

  async #build(key: string, configuration: Configuration, keeper: Keeper, signal: AbortSignal) {
    if (signal.aborted) return;
    const { template, given, timeoutMs, sources } = this.#plan;
    const folder = this.#folder.begin(key, given);
    const words = this.#words(configuration, folder);
    const execution = await triedAgain(() => keeper.execute(words, timeoutMs, signal));
    if (execution.state === 'aborted') return;
    const changed = sources.changed();
    if (changed !== undefined) throw new BackendGone(`${changed} ${CHANGED}`);
    if (execution.state === 'exited' && execution.code === 0) return this.#folder.finish(key);
    this.#failed.set(key, buildFailure(execution, template, timeoutMs));
  }

  #keyOf(configuration: Configuration): string {
    const words = this.#words(configuration, SOME_FOLDER);
    const { given } = this.#plan;
    const files = [
      ...this.#plan.sources.program(words[0]),
      ...this.#plan.sources.of(words.slice(1), Object.values(given)),
    ];
    return createHash('sha256')
      .update(JSON.stringify([process.cwd(), words, given, files]))
      .digest('hex')
      .slice(0, 32);
  }

  #words(configuration: Configuration, build: string): readonly string[] {
    return fillTemplate(this.#plan.template, { ...this.#around, configuration, build });
  }
}

const interrupted: Failure = Object.freeze({
  state: 'invalid',
  reason: 'disturbed',
  message: 'interrupted during the build',
});

/** A compiler that refuses a configuration says why in its first error. */
function buildFailure(
  execution: Exclude<Execution, { state: 'aborted' }>,
  template: Template,
  timeoutMs: number,
): Failure {
  const failed = failureOf(execution, template, timeoutMs);
  // A build that did not end by itself says nothing of its configuration.
  if (['timeout', 'killed', 'lost'].includes(execution.state))
    return { ...failed, reason: 'disturbed', message: `the build: ${failed.message}` };
  if (failed.reason !== 'runtime') return { ...failed, message: `the build: ${failed.message}` };
  const said = execution.state === 'exited' ? execution.firstError : '';
  return { ...failed, reason: 'compile', message: said === '' ? `the build: ${failed.message}` : said };
}
