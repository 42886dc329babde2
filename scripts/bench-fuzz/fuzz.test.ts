import { describe, expect, it } from 'vitest';
import { parserDoors } from './doors.ts';
import { type Door, fuzz, inputOf } from './fuzz.ts';
import { httpDoors } from './http-doors.ts';

async function outcomeOf(door: Door, inputs: number) {
  const { crashes, accepted, refused } = await fuzz(door, { seed: 7, first: 0, inputs });
  expect(crashes).toEqual([]);
  return { accepted, refused };
}

describe('every input is accepted or refused', () => {
  it.each(parserDoors.map((door) => [door.name, door] as const))('%s', async (_, door) => {
    const { examples, close } = await door.open();
    await close?.();
    const { accepted, refused } = await outcomeOf(door, 50);
    expect(accepted).toBeGreaterThanOrEqual(examples.length);
    expect(accepted + refused).toBe(50);
  });

  it.each(httpDoors.map((door) => [door.name, door] as const))('%s', async (_, door) => {
    await outcomeOf(door, 15);
  });
});

it('a stream of inputs depends on its seed alone', () => {
  const stream = (seed: number) => Array.from({ length: 20 }, (_, n) => inputOf('d', ['[1]'], seed, n));
  expect(stream(1)).toEqual(stream(1));
  expect(stream(1)).not.toEqual(stream(2));
});

it('an input is made quickly, however often its steps repeat data', () => {
  const examples = [JSON.stringify(['./measure.sh', '{tile}', '--copy={copy}']), '["{configuration}"]'];
  expect(inputOf('program’s words', examples, 1, 24_258).length).toBeLessThanOrEqual(200_000);
});

it('a crash is reported with its input', async () => {
  const enter = (text: string): boolean => {
    if (text !== 'good') throw new TypeError('bad');
    return true;
  };
  const door = { name: 'weak', open: async () => ({ examples: ['good'], enter }) };
  const { accepted, crashes } = await fuzz(door, { seed: 1, first: 0, inputs: 3 });
  expect(accepted).toBe(1);
  expect(crashes.map(({ number }) => number)).toEqual([1, 2]);
});
