/**
 * V8 optimizes code that has run often, in the background. A short command ends before that pays, and spends a
 * third of its processor time on it. Node 22 and later optimize in smaller steps, and have no such flag.
 */
export const NODE_FLAGS: readonly string[] =
  Number(process.versions.node.split('.')[0]) < 22 ? ['--interrupt-budget=500000'] : [];
