import { McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import type { AgentAnswer, AgentCalls } from './agent-calls.ts';
import { inputSchema, type LoadedTool } from './arguments.ts';

const INSTRUCTIONS = [
  'nightshift finds the fastest configuration of a compute kernel. All numbers come from its own measurements or its',
  'simulator; each document says which (provenance, from), with an interval. Unknown means that nobody measured it.',
  'Say that one configuration is faster only where ab or verify says so, and quote the sentence.',
].join(' ');

/** The program's version, and what is special about this server. */
type ServerNotes = Readonly<{ version: string; notes: readonly string[] }>;

/** Answers agents on stdin and stdout (the Model Context Protocol) until stdin ends or `signal` aborts. */
export async function serveAgents(
  tools: readonly LoadedTool[],
  calls: AgentCalls,
  about: ServerNotes,
  signal: AbortSignal,
): Promise<void> {
  const handle = serveStdio(() => serverOf(tools, calls, about, signal));
  await new Promise<void>((resolve) => {
    process.stdin.once('end', resolve).once('close', resolve);
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await handle.close();
}

function serverOf(
  tools: readonly LoadedTool[],
  calls: AgentCalls,
  { version, notes }: ServerNotes,
  signal: AbortSignal,
): McpServer {
  const instructions = [INSTRUCTIONS, ...notes].join(' ');
  const server = new McpServer({ name: 'nightshift', version }, { instructions });
  for (const loaded of tools) {
    const { tool, entry } = loaded;
    const description = [entry.summary.replace(/[^?]$/, '$&.'), tool.advice].filter(Boolean).join(' ');
    const annotations = { readOnlyHint: tool.measures === undefined, destructiveHint: false };
    const about = { description, annotations, inputSchema: inputSchema(loaded) };
    server.registerTool(tool.name, about, async (given, { mcpReq }) => {
      const token = mcpReq._meta?.progressToken;
      let progress = 0;
      const tell = (message: string): void => {
        if (token === undefined) return;
        const params = { progressToken: token, progress: ++progress, message };
        // Who has gone needs no progress.
        mcpReq.notify({ method: 'notifications/progress', params }).catch(() => {});
      };
      const around = { signal: AbortSignal.any([mcpReq.signal, signal]) };
      return resultOf(
        await calls.answer(loaded, given, token === undefined ? around : { ...around, progress: tell }),
      );
    });
  }
  return server;
}

function resultOf(answer: AgentAnswer) {
  if (answer.kind === 'error')
    return { isError: true, content: [{ type: 'text' as const, text: answer.sentence }] };
  return { content: [{ type: 'text' as const, text: answer.json }] };
}
