import { libraryKernel } from '../src/kernels/library.ts';
import { loadTarget } from '../src/targets/npu/machine/load.ts';
import { simulateKernel } from '../src/targets/npu/simulator/simulate.ts';
import { withFigures } from '../src/targets/npu/machine/calibration.ts';
import { buildSpace } from '../src/targets/npu/space/space.ts';

const target0 = loadTarget(process.argv[2] ?? 'hexagon-v73');
const target = withFigures(target0, JSON.parse(process.argv[3] ?? '{}'));
const sizes = (process.argv[4] ?? '256,512,768,1024,2048').split(',').map(Number);
const hvx: Record<number, number> = { 256: 278, 512: 2163, 1024: 17200, 2048: 137000 };
for (const n of sizes) {
  const kernel = libraryKernel('matmul', [n, n, n], 'f16');
  const space = buildSpace(kernel, target);
  const best = (values: Record<string, readonly (string | number)[]>) => {
    const left = space.restrict({ values: { unit: ['matrix'], vectorBytes: [128], unroll: [1], ...values } });
    if (left === null) return undefined;
    let found: { us: number; c: unknown; b: unknown } | undefined;
    for (let i = 0; i < left.size; i++) {
      const c = left.at(i);
      const t = simulateKernel(kernel, target, c);
      if (found === undefined || t.timeUs < found.us) found = { us: t.timeUs, c, b: t.breakdown };
    }
    return found;
  };
  const show = (what: string, f: ReturnType<typeof best>) =>
    console.log(' ', what, f?.us.toFixed(1), JSON.stringify(f?.c), JSON.stringify(f?.b, (_, v) => (typeof v === 'number' ? Number(v.toFixed(1)) : v)));
  const one1 = best({ threads: [1], buffers: [1] });
  const two1 = best({ threads: [1], buffers: [2] });
  const one = best({ buffers: [1] });
  const two = best({ buffers: [2, 3] });
  console.log(n, space.size, 'T1 gain', ((one1?.us ?? 0) / (two1?.us ?? 1)).toFixed(2), 'all gain', ((one?.us ?? 0) / (two?.us ?? 1)).toFixed(2), 'hvx/hmx', hvx[n] ? (hvx[n] / Math.min(one?.us ?? 1e9, two?.us ?? 1e9)).toFixed(1) : '');
  if (two1 !== undefined) {
    const same = { ...(two1.c as Record<string, number>), buffers: 1 };
    console.log('  same tile T1', (simulateKernel(kernel, target, same).timeUs / two1.us).toFixed(2));
  }
  show('1t 1b', one1); show('1t 2b', two1); show('nt 1b', one); show('nt 2b', two);
}
