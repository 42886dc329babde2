import { describe, expect, it } from 'vitest';
import { emptyStore, tune } from '../../../tests/builds/tuned-store.fixture.ts';
import { htmlReport } from '../html/page.ts';
import { type Story, tellStory } from './story.ts';
import { summaryOf } from './summary.ts';

describe('the summary', () => {
  it('has a mean of the gains of each kind of times, and none of several kinds', async () => {
    const store = await emptyStore();
    for (const shape of ['32768', '65536'])
      await tune(store, { kernel: 'gelu', shape, target: 'hexagon-mlir', trials: 20 });
    const story = await tellStory(store, {});
    await store.close();
    const [first, second] = story.studies;
    const gains = [first, second].map(({ findings }) => {
      const gain = findings?.gainOverDefault;
      return gain !== undefined && 'value' in gain ? gain.value : 0;
    });
    const mean = Math.sqrt(gains[0] * gains[1]);
    expect(summaryOf(story).meanGains).toEqual([{ times: 'simulated', gain: expect.closeTo(mean, 9) }]);
    const replayed = { ...second, target: { ...second.target, kind: 'replay' as const } };
    const mixed: Story = { ...story, studies: [first, replayed] };
    expect(summaryOf(mixed).meanGains.map(({ gain }) => gain)).toEqual(
      gains.map((gain) => expect.closeTo(gain, 9)),
    );
    const without: Story = { ...story, studies: [first, { ...second, findings: null }] };
    const [gain] = gains;
    expect(summaryOf(without).meanGains).toEqual([
      { times: 'simulated, over 1 of 2', gain: expect.closeTo(gain, 9) },
    ]);
    expect(htmlReport(without)).toContain('geometric mean of the gains over default, simulated, over 1 of 2');
  });
});
