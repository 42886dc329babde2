import { z } from 'zod';
import type { Action } from '../daemon/actions.ts';
import { type Command, defineCommand } from './command.ts';
import { runningDaemon } from './running-daemon.ts';

const one = z.object({ id: z.string() }).transform(({ id }) => [id]);
const all = z.object({ studies: z.array(z.string()) }).transform(({ studies }) => studies);

/** A command that applies an action to a study, or to all studies of active plans. */
export function steeringCommand(action: Action, done: string, examples: Command['examples']): Command {
  return defineCommand({
    arguments: {
      study: 'A study by its id, or the beginning of it; without one, all studies of active plans',
    },
    options: {},
    examples,
    async act(flags, session) {
      const daemon = runningDaemon(flags, session);
      const study = flags.text('study');
      const path =
        study === undefined ? `/v1/${action}` : `/v1/studies/${encodeURIComponent(study)}/${action}`;
      const touched = z.union([one, all]).parse(await daemon.post(path));
      const none = action === 'resume' ? 'No study is paused.\n' : 'No study is active.\n';
      session.print(touched.length === 0 ? none : `${done}: ${touched.join(' ')}\n`);
    },
  });
}
