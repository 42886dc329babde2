import type { NamedTargets } from '../_base.ts';

/** Native code on this machine. Its modules take time to load, so only opening it imports them. */
export const nativeTargets: NamedTargets = Object.freeze<NamedTargets>({
  list: () => [
    {
      name: 'native',
      kind: 'native',
      description: 'C for this machine, compiled by its compiler (CC, or else cc) and timed here',
      figures: null,
    },
  ],
  has: (name) => name === 'native',
  async open() {
    const [{ nativeHost }, { nativeTarget }] = await Promise.all([
      import('./host.ts'),
      import('./target.ts'),
    ]);
    return nativeTarget(await nativeHost());
  },
});
