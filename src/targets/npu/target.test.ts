import { readFileSync } from 'node:fs';
import { libraryKernel } from '../../kernels/library.ts';
import { targetConformance } from '../target.conformance.ts';
import { listTargets, loadTarget, parseTarget } from './machine/load.ts';
import { simulatedTarget } from './target.ts';

const kernels = [
  libraryKernel('gelu', [4096]),
  libraryKernel('softmax', [64, 256]),
  libraryKernel('matmul', [32, 64, 48]),
];

/** A user's target: a built-in one with some fields changed. */
const edge: Readonly<Record<string, object>> = JSON.parse(
  readFileSync(new URL('./machine/data/edge-2mib.json', import.meta.url), 'utf8'),
);
const own = (changes: Readonly<Record<string, unknown>>) => async () =>
  simulatedTarget(parseTarget({ ...edge, name: 'mine', ...changes }, 'mine.json'));

for (const name of listTargets()) {
  targetConformance(name, {
    kind: 'simulator',
    open: async () => simulatedTarget(loadTarget(name)),
    others: Object.fromEntries(
      listTargets()
        .filter((other) => other !== name)
        .map((other) => [other, async () => simulatedTarget(loadTarget(other))]),
    ),
    kernels,
  });
}

/** A machine without direct access and with a very small scratchpad. */
const cramped = {
  compiler: { ...edge.compiler, stagings: ['copy', 'dma'] },
  scratchpad: { ...edge.scratchpad, bytes: { value: 4096, source: 'guess' } },
};

targetConformance('a machine of one’s own', {
  kind: 'simulator',
  open: own({}),
  others: { 'more contexts': own({ contexts: { value: 3, source: 'guess' } }) },
  same: { 'another description': own({ description: 'another one' }) },
  kernels,
});

targetConformance('a machine whose scratchpad has little room', {
  kind: 'simulator',
  open: own(cramped),
  others: { 'more room': own({}) },
  kernels: [libraryKernel('gelu', [4096])],
  refused: { 'rows that do not fit': libraryKernel('softmax', [4, 65536]) },
});
