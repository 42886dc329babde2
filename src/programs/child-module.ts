import { fileURLToPath } from 'node:url';

/**
 * The compiled module beside another one, for a process of its own: that cannot run TypeScript on
 * Node 20. `base` is the asking module's `import.meta.url`.
 */
export function childModule(name: string, base: string): string {
  const path = fileURLToPath(new URL(name, base));
  return base.endsWith('.ts')
    ? path.replace(/([\\/])src([\\/](?:programs|targets)[\\/])/, '$1dist$1src$2')
    : path;
}
