import { expect, it } from 'vitest';
import { hashComment } from './comment.ts';
import { knownNames } from './hostile.fixture.ts';
import { has, Workshop } from './tools.fixture.ts';

const workshop = new Workshop();
/** A comment and an assignment in turn: no comment may run on into the assignment or end early. */
const lines = knownNames.flatMap((name, place) => [hashComment(name), `N${place}=${place}`]);
const values = knownNames.map((_, place) => place);

it.each(['sh', 'dash', 'bash', 'zsh'].filter((shell) => has(shell)))('%s ignores comments', (shell) => {
  const prints = values.map((place) => `echo $N${place}`);
  const { stdout, stderr } = workshop.perform(shell, '-c', [...lines, ...prints].join('\n'));
  expect({ stderr, read: stdout.split('\n').slice(0, -1).map(Number) }).toEqual({ stderr: '', read: values });
  workshop.expectNothingDone();
});

it.skipIf(!has('make'))('make ignores comments (skipped where it is absent)', () => {
  const prints = values.map((place) => `$(info $(N${place}))`);
  workshop.put('Makefile', `${[...lines, ...prints].join('\n')}\nall:\n\t@:\n`);
  const { stdout, stderr } = workshop.perform('make');
  expect({ stderr, read: stdout.split('\n').slice(0, -1).map(Number) }).toEqual({ stderr: '', read: values });
  workshop.expectNothingDone();
});

it.skipIf(!has('python3'))('Python ignores comments, and reads UTF-8 (skipped where it is absent)', () => {
  for (const [place, name] of knownNames.entries())
    workshop.put(`comment${place}.py`, `${hashComment('first')}\n${hashComment(name)}\nvalue = "é"\n`);
  const read = workshop.python(
    `import json, runpy\nprint(json.dumps([runpy.run_path(f"comment{place}.py")["value"] for place in range(${values.length})]))\n`,
  );
  expect(read).toEqual(values.map(() => 'é'));
  workshop.expectNothingDone();
});
