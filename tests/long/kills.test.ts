import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PROGRAM } from '../../scripts/bench-kills/command.ts';
import { killAndRepeat } from '../../scripts/bench-kills/kill-and-repeat.ts';
import { quickScenarios } from '../../scripts/bench-kills/scenarios.ts';
import { randomFor } from '../../search-space/random.ts';

const KILLS = 2;

/** `npm run bench:kills` has more kills and more commands, `tests/long/import-killed.test.ts` those of large imports. */
describe.skipIf(!existsSync(PROGRAM))('a command that is killed and repeated', () => {
  it.each(quickScenarios.map((scenario) => [scenario.name, scenario] as const))(
    'leaves what an undisturbed run does: %s',
    { timeout: 240_000 },
    async (_, scenario) => {
      const { kills, differences } = await killAndRepeat(scenario, KILLS, randomFor('kills', scenario.name));
      expect(differences).toEqual([]);
      expect(kills).toBeGreaterThan(0);
    },
  );
});
