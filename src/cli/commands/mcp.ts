import { toolVersion } from '../../ask/tool-version.ts';
import { USUAL_TRIALS } from '../../ask/usual-budget.ts';
import { countOf } from '../../report/words/numbers.ts';
import { formatDuration, parseDuration } from '../../text/duration.ts';
import { defineCommand } from '../command.ts';
import { localDeviceOf } from '../devices.ts';
import type { Flags } from '../flags.ts';
import { AgentBudget, type AgentLimits } from '../mcp/agent-budget.ts';
import { AgentCalls } from '../mcp/agent-calls.ts';
import { loadTool } from '../mcp/arguments.ts';
import { serveAgents } from '../mcp/serve-agents.ts';
import { agentTools } from '../mcp/tool.ts';
import { deviceOptions } from '../options/device.ts';
import { targetOption } from '../options/kernel.ts';
import { DEFAULT_SEED } from '../options/strategy.ts';

const USUAL_TIME = '60s';
const USUAL_TOTAL = '30m';

export const mcp = defineCommand({
  arguments: {},
  options: {
    trials: {
      kind: 'text',
      describe: 'The most trials of one call',
      otherwise: `${USUAL_TRIALS}`,
      alias: 'n',
      group: 'The most that agents may use:',
    },
    for: {
      kind: 'text',
      describe: 'The most time of one call that measures',
      otherwise: USUAL_TIME,
      group: 'The most that agents may use:',
    },
    total: {
      kind: 'text',
      describe: 'The most time of all calls that measure, until the server ends',
      otherwise: USUAL_TOTAL,
      group: 'The most that agents may use:',
    },
    target: { ...targetOption.target, describe: 'The target where an agent names none' },
    ...deviceOptions,
  },
  rest: 'the program that measures, with {parameter} where a value goes',
  examples: [
    ['mcp', 'for the configuration of an agent: the command and its words'],
    ['mcp --target wasm --for 20s --total 1h', 'on this machine, an hour in all'],
    ['mcp --c conv.c', 'the C file that an agent edits'],
    ['mcp --space my.json --target command -- ./measure.sh {threads} {tile}', 'your own device'],
  ],
  async act(flags, session, entries) {
    const limits = {
      trials: flags.count('trials') ?? USUAL_TRIALS,
      forMs: parseDuration('--for', flags.text('for') ?? USUAL_TIME),
      totalMs: parseDuration('--total', flags.text('total') ?? USUAL_TOTAL),
    };
    // Bad words are for the person who gave them, before an agent asks.
    const device = await localDeviceOf(flags.with({}), DEFAULT_SEED, session);
    const served = { flags, isLocal: device !== undefined };
    const calls = new AgentCalls(new AgentBudget(limits, session.clock), served, entries, session);
    const tools = await Promise.all(agentTools.map((tool) => loadTool(tool, entries)));
    const about = { version: toolVersion(), notes: notesOf(limits, flags) };
    await serveAgents(tools, calls, about, session.interruption());
  },
});

/** What agents need to know of this server. */
function notesOf({ trials, forMs, totalMs }: AgentLimits, flags: Flags<'c' | 'target'>): readonly string[] {
  const device = flags.text('target') ?? flags.text('c');
  return [
    `A call measures for at most ${formatDuration(forMs)} and ${countOf(trials, 'trial')}, all calls for ${formatDuration(totalMs)}.`,
    ...(device === undefined ? [] : [`Where no target is named, ${device} is meant.`]),
  ];
}
