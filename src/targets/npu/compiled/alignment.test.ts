import { describe, expect, it } from 'vitest';
import { BYTES, type Kernel } from '../../../kernels/ir.ts';
import { libraryKernel } from '../../../kernels/library.ts';
import { tileExtents } from '../../../lowering/tiles.ts';
import { loadTarget } from '../machine/load.ts';
import { loweredForNpu } from '../policy.ts';
import { canBeAligned } from './alignment.ts';
import { compiledSpace } from './compiled-space.ts';

const TARGET = loadTarget('hexagon-v73');
const VECTOR = TARGET.vector.bytes;

function alignmentsOf(kernel: Kernel) {
  const space = compiledSpace(kernel, TARGET, true);
  return { space, offered: space.parameters.find(({ name }) => name === 'alignment')?.values };
}

describe('alignment', () => {
  it.each([
    ['rows of whole vectors', libraryKernel('softmax', [16, 512]), true],
    ['rows that end within a vector', libraryKernel('softmax', [16, 100]), false],
    ['half as wide numbers, whose rows end within one', libraryKernel('softmax', [16, 32], 'f16'), false],
    ['one row', libraryKernel('gelu', [4096]), true],
  ])('is offered where some load can be of a whole vector: %s', (_, kernel, isSo) => {
    expect(canBeAligned(loweredForNpu(kernel), VECTOR)).toBe(isSo);
    expect(alignmentsOf(kernel).offered).toEqual(isSo ? ['any', 'vectors'] : undefined);
  });

  it.each([libraryKernel('matmul', [64, 64, 96], 'f16'), libraryKernel('transpose', [64, 96], 'f16')])(
    'is claimed by no member with a tile whose rows are not: $name',
    (kernel) => {
      const { space } = alignmentsOf(kernel);
      const lowered = loweredForNpu(kernel);
      let claimed = 0;
      let odd = 0;
      for (let place = 0; place < space.size; place += Math.max(1, Math.floor(space.size / 20_000))) {
        const member = space.at(place);
        if (member.staging === 'direct' || member.vectorBytes === 0) continue;
        const sizes = Object.fromEntries(
          lowered.tiled.map(({ parameter }) => [parameter, Number(member[parameter])]),
        );
        const tile = tileExtents(lowered, sizes);
        const cut = lowered.operands.some(({ name, maps }) =>
          maps.some(({ strides }) => {
            const [row] = Object.keys(strides).filter((loop) => strides[loop] === 1);
            const isCut = row !== undefined && tile[row] < lowered.extents[row];
            const dtype = lowered.kernel.operands.find((each) => each.name === name)?.dtype ?? 'f32';
            const others = Object.keys(strides).some((loop) => loop !== row && strides[loop] !== 0);
            return isCut && others && (tile[row] * BYTES[dtype]) % VECTOR !== 0;
          }),
        );
        if (member.alignment === 'vectors') claimed++;
        if (cut) odd++;
        expect(member.alignment === 'vectors' && cut).toBe(false);
      }
      expect(claimed).toBeGreaterThan(0);
      expect(odd).toBeGreaterThan(0);
    },
  );
});
