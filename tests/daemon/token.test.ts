import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ended, start } from '../cli/command-line.fixture.ts';
import { DaemonProcess, pause, testFolder } from './daemon-process.ts';

const token = 'a-very-long-secret-0123456789';

describe('the token', () => {
  it('is in no answer, no log and no file', async () => {
    const folder = testFolder();
    const env = { NIGHTSHIFT_TOKEN: token };
    const daemon = await DaemonProcess.start(join(folder, 'store.db'), ['--listen', '127.0.0.1:0'], env);
    const authorization = `Bearer ${token}`;
    const body = {
      studies: [{ kernel: 'gelu', shapes: ['4096'] }],
      targets: ['edge-2mib'],
      budget: { trials: 2 },
    };
    const answers = [
      await daemon.post('/v1/plans', { plan: body }, { authorization }),
      await daemon.get('/v1/plans', { authorization }),
      await daemon.get('/metrics', { authorization }),
      await daemon.get('/v1/studies'),
    ];
    expect(answers.map(({ status }) => status)).toEqual([201, 200, 200, 401]);
    expect(JSON.stringify(answers)).not.toContain(token);
    for (const file of readdirSync(folder))
      expect(readFileSync(join(folder, file), 'latin1'), file).not.toContain(token);
    expect(await daemon.end('SIGTERM')).toBe(0);
    expect(daemon.stderr).not.toContain(token);
  });

  /** A program that writes its environment and that of its parent, the keeper, into a file. */
  const TELLS =
    'env > seen; tr "\\0" "\\n" < /proc/$PPID/environ >> seen 2> /dev/null; cat > /dev/null; echo';

  it('is not passed to a measured program, nor is the password of the fleet’s Redis', async () => {
    const cwd = testFolder();
    const space = { name: 's', parameters: [{ name: 'a', values: [1, 2] }] };
    writeFileSync(join(cwd, 'space.json'), JSON.stringify(space));
    const words = ['tune', '--space', 'space.json', '--target', 'command', '--trials', '1', '--quiet'];
    const program = ['--', 'sh', '-c', `${TELLS} 1`, '{a}'];
    const env = { NIGHTSHIFT_TOKEN: token, REDISCLI_AUTH: token, NIGHTSHIFT_OTHER: 'kept' };
    expect(await ended(start([...words, ...program], { cwd, env }))).toMatchObject({ code: 0 });
    const seen = readFileSync(join(cwd, 'seen'), 'utf8');
    expect(seen).toContain('NIGHTSHIFT_OTHER=kept');
    expect(seen).not.toContain(token);
  });

  it('is not passed to the command that a daemon starts when a plan has ended', async () => {
    const folder = testFolder();
    const seen = join(folder, 'seen');
    const env = { NIGHTSHIFT_TOKEN: token, NIGHTSHIFT_OTHER: 'kept' };
    const listening = [
      '--listen',
      '127.0.0.1:0',
      '--on-finish',
      `sh -c 'env > ${seen}.new; mv ${seen}.new ${seen}'`,
    ];
    const daemon = await DaemonProcess.start(join(folder, 'store.db'), listening, env);
    const plan = {
      studies: [{ kernel: 'gelu', shapes: ['4096'] }],
      targets: ['edge-2mib'],
      budget: { trials: 2 },
    };
    const authorization = `Bearer ${token}`;
    expect((await daemon.post('/v1/plans', { plan }, { authorization })).status).toBe(201);
    while (!existsSync(seen)) await pause(50);
    const environment = readFileSync(seen, 'utf8');
    expect(environment).toContain('NIGHTSHIFT_OTHER=kept');
    expect(environment).not.toContain(token);
    expect(await daemon.end('SIGTERM')).toBe(0);
  });
});
