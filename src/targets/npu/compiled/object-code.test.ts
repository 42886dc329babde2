import { describe, expect, it } from 'vitest';
import { innermostLoops, packetsOfListing } from './object-code.ts';

const NESTED = `
00000000 <nest>:
       0: { 	r3 = #0x0
       4:   	v0 = vxor(v0,v0) }
       8: { 	loop1(0x10,#0x40)
       c:   	r4 = add(r1,#0x200) }
      10: { 	loop0(0x1c,#0x1ff)
      14:   	v1 = vmem(r7+#0x0) }
      18: { 	nop }
      1c: { 	v2.sf = vmpy(v1.sf,v1.sf)
      20:   	v1 = vmem(r7+#0x0) }
      24: { 	vmem(r4+#0x0) = v2 }  :endloop0
      28: { 	vmem(r4+#0x0) = v1 }  :endloop1
      2c: { 	jumpr r31 }
`;

describe('packets of a listing', () => {
  it('are those of the innermost loop, and before and after it in the loop around it', () => {
    expect(packetsOfListing(NESTED)).toEqual({
      state: 'counted',
      packets: { inner: 2, prologue: 2, tail: 1 },
    });
  });

  it('are those of the function around a loop that is the only one, also where a jump back makes it', () => {
    const listing = NESTED.replace('loop1(0x10,#0x40)', 'r9 = #0x40').replace(':endloop1', '');
    expect(packetsOfListing(listing)).toMatchObject({ packets: { inner: 2, prologue: 4, tail: 2 } });
    const jumps = listing
      .replace('loop0(0x1c,#0x1ff)', 'nop')
      .replace(':endloop0', '')
      .replace('24: {', '24: { 	if (p0) jump:t 0x1c;');
    expect(packetsOfListing(jumps)).toEqual(packetsOfListing(listing));
  });

  it('are those of the whole where nothing is repeated', () => {
    expect(packetsOfListing('0: { 	r0 = #0x1 }\n 4: { 	jumpr r31 }')).toMatchObject({
      packets: { inner: 2, prologue: 0, tail: 0 },
    });
  });

  it('leave out what stands behind a loop and jumps back into it, which is rarely run', () => {
    const rare = NESTED.replace('2c: {', '2c: { 	jump 0x24 }\n      30: {');
    expect(packetsOfListing(rare)).toEqual(packetsOfListing(NESTED));
  });

  it('are not counted where a loop is unclear, or runs code elsewhere', () => {
    const two = `${NESTED}      30: { 	loop0(0x34,r1) }\n      34: { 	nop }  :endloop0\n`;
    expect(packetsOfListing(two)).toMatchObject({ state: 'unclear', why: 'it has 2 innermost loops' });
    expect(innermostLoops(two).map(({ packets }) => packets)).toEqual([2, 1]);
    const calling = NESTED.replace('nop', 'call 0x400 <sqrtf>');
    expect(packetsOfListing(calling)).toMatchObject({
      state: 'unclear',
      why: expect.stringMatching(/^it calls a function: .*sqrtf/),
    });
    expect(packetsOfListing('no code')).toMatchObject({ state: 'unclear' });
  });
});
