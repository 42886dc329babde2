import type { Configuration } from '../../../search-space/parameter.ts';
import { referenceCheckOf } from '../../checking/expected.ts';
import type { Kernel } from '../../kernels/ir.ts';
import { lower } from '../../lowering/lower.ts';
import { assembleWat } from './generator/assemble.ts';
import { generate } from './generator/generate.ts';
import { scratchNeeded } from './generator/scratch.ts';
import { WASM_POLICY } from './policy.ts';
import { Executor } from './runner/executor.ts';
import { planMemory } from './runner/memory-plan.ts';
import type { RunnerSetup } from './runner/messages.ts';
import { placementOf, scheduleOf } from './schedule-of.ts';

/** The setup of a kernel's runner with so many threads. */
export function setupOf(kernel: Kernel, threads = 1): RunnerSetup {
  const { contents, expected } = referenceCheckOf(lower(kernel, WASM_POLICY), 1);
  const { pages, addresses } = planMemory(kernel, threads, scratchNeeded(kernel), 1);
  return {
    pages,
    scratch: [...addresses.scratch],
    operands: addresses.operands.map((list) => [...list]),
    workers: threads - 1,
    contents,
    expected: [...expected],
  };
}

/** A runner's executor in the test's own thread, for variants that need no second thread and no flags. */
export class Harness {
  readonly executor: Executor;
  readonly setup: RunnerSetup;
  private variants = 0;

  constructor(
    readonly kernel: Kernel,
    change: (setup: RunnerSetup) => RunnerSetup = (setup) => setup,
  ) {
    this.setup = change(setupOf(kernel));
    const { pages } = this.setup;
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    const clock = () => performance.now() * 1000;
    this.executor = new Executor(memory, this.setup, { clock, waits: () => [] });
  }

  async load(configuration: Configuration): Promise<number> {
    const generated = generate(this.kernel, scheduleOf(configuration), this.setup.pages);
    const id = ++this.variants;
    const bytes = Uint8Array.from(await assembleWat(generated.text));
    this.executor.load(placementOf(configuration, generated, bytes, id));
    return id;
  }

  /** What is wrong with the configuration's result; undefined where nothing is. */
  async verify(configuration: Configuration): Promise<string | undefined> {
    return this.executor.verify(await this.load(configuration));
  }

  /** The bytes of an operand after a call on fresh data. */
  async bytes(configuration: Configuration, operand: string): Promise<Uint8Array> {
    await this.verify(configuration);
    return this.executor.read(this.kernel.operands.findIndex(({ name }) => name === operand));
  }
}
