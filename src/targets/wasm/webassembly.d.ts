/** The slice of the WebAssembly API that the backend uses; Node's types leave it to the DOM's. */
declare namespace WebAssembly {
  class Memory {
    constructor(limits: Readonly<{ initial: number; maximum: number; shared: boolean }>);
    readonly buffer: ArrayBufferLike;
  }
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Instance {
    constructor(module: Module, imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>);
    readonly exports: Readonly<Record<string, unknown>>;
  }
  class CompileError extends Error {}
  class RuntimeError extends Error {}
  function validate(bytes: Uint8Array): boolean;
}
