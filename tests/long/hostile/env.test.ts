// Shells and make read the right values from an env file, with any names in a store.
import { describe, expect, it } from 'vitest';
import { env } from '../../../src/exporters/env.ts';
import { has, Workshop } from '../../../src/languages/tools.fixture.ts';
import { bareText, variables, type Written, write } from './written.fixture.ts';

const SHELLS = ['sh', 'dash', 'bash', 'zsh'].filter((name) => has(name));
const workshop = new Workshop();

function namesOf({ tuned }: Written): readonly string[] {
  return ['NIGHTSHIFT_TARGET', ...variables(tuned).map(({ name }) => name)];
}

/** `printed` are the values of the names, each followed by a NUL. */
function expectMeant({ tuned, files }: Written, printed: string): void {
  const [target, ...values] = printed.split('\0').slice(0, -1);
  expect([tuned.target.name, files[0].name.replace(/\.env$/, '')]).toContain(target);
  expect(values).toEqual(variables(tuned).map(({ value }) => bareText(value)));
}

describe('env', () => {
  it.each(SHELLS)('means the same to %s', async (shell) => {
    for (const written of await write(workshop, env, 40)) {
      const prints = namesOf(written).map((name) => `printf '%s\\0' "$${name}"`);
      const script = `. ./env/${written.place}/${written.files[0].name}\n${prints.join('\n')}\n`;
      const { stdout, stderr } = workshop.perform(shell, '-c', script);
      expect(stderr).toBe('');
      expectMeant(written, stdout);
    }
    workshop.expectNothingDone();
  });

  it.skipIf(!has('make'))('means the same to make and the shell of its recipes', async () => {
    for (const written of await write(workshop, env, 40)) {
      const prints = namesOf(written).map((name) => `\t@printf '%s\\0' $(${name})`);
      workshop.put(
        'Makefile',
        `include env/${written.place}/${written.files[0].name}\nall:\n${prints.join('\n')}\n`,
      );
      const { stdout, stderr } = workshop.perform('make', '-s');
      expect(stderr).toBe('');
      expectMeant(written, stdout);
    }
    workshop.expectNothingDone();
  });
});
