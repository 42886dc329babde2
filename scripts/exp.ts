import { withFigures } from '../src/targets/npu/machine/calibration.ts';
import { loadTarget } from '../src/targets/npu/machine/load.ts';
import { LADDER_ROWS, ladderGain } from './fidelity/ladder-rows.ts';
import { observations } from './fidelity/observations.ts';
import { bestSet, errorOf, fit } from './fit/fit.ts';
import { plans } from './fit/plans.ts';

const target = loadTarget('hexagon-mlir');
const all = observations().filter((o) => o.device === 'hexagon-mlir' && o.use === 'calibration');
const t0 = Date.now();
const best = bestSet(target, plans['hexagon-mlir'], all, 4);
const m = withFigures(target, best);
console.log((Date.now() - t0) / 1000, 's', errorOf(m, all), best);
for (const o of observations().filter((o) => o.device === 'hexagon-mlir'))
  console.log(
    o.id.padEnd(30),
    o.published,
    o.simulate(m).toFixed(2),
    typeof o.published === 'number' ? (o.simulate(m) / o.published).toFixed(3) : '',
  );
if (process.argv[2] === 'loo')
  for (const row of LADDER_ROWS) {
    const t1 = Date.now();
    const { sets, error } = fit(
      target,
      plans['hexagon-mlir'],
      all.filter((o) => !row.leftOut.includes(o.id)),
      1,
    );
    const gain = ladderGain(row, target);
    const gains = sets.map(gain);
    console.log(
      row.id.padEnd(22),
      row.published.toFixed(2),
      gains[0].toFixed(2),
      '[',
      Math.min(...gains).toFixed(2),
      Math.max(...gains).toFixed(2),
      ']',
      (Math.max(...gains) / Math.min(...gains)).toFixed(2),
      'err',
      error.toFixed(3),
      (Date.now() - t1) / 1000,
      's',
    );
  }
