import { type Check, checkHealth } from '../../answers/doctor.ts';
import type { Paint } from '../../report/terminal/paint.ts';
import { CheckFailed } from '../check-failed.ts';
import { defineCommand } from '../command.ts';
import { formatOption, TEXT_OR_JSON } from '../options/format.ts';
import { storePath } from '../options/global.ts';

export const doctor = defineCommand({
  arguments: {},
  options: { ...formatOption },
  examples: [['doctor', 'check this machine before a long run']],
  async act(flags, session) {
    const format = flags.oneOf('format', TEXT_OR_JSON, 'text');
    const checks = await checkHealth(storePath(flags.text('store'), session.env), session.clock);
    if (format === 'json') session.printJson({ schemaVersion: 1, checks });
    else session.show(checks, (seen, { paint }) => seen.map((check) => draw(check, paint)).join(''));
    const problems = checks.filter(({ state }) => state === 'problem').length;
    if (problems > 0) throw new CheckFailed(`${problems} of ${checks.length} checks found a problem`);
  },
});

function draw({ what, state, found, hint }: Check, paint: Paint): string {
  const marks = { ok: paint.green('✓'), warning: paint.yellow('!'), problem: paint.red('✗') };
  const line = `${marks[state]} ${what.padEnd(15)} ${found}\n`;
  return hint === undefined ? line : `${line}${' '.repeat(18)}${paint.dim(hint)}\n`;
}
