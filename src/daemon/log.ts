import { pino } from 'pino';
import { visibleJson } from '../languages/json.ts';
import type { Log } from './world.ts';

/** Structured lines on stderr; rotation is the system's. */
export function daemonLog(level: string): Log {
  const stderr = pino.destination({ fd: 2, sync: true });
  const visibly = { write: (line: string) => void stderr.write(visibleJson(line)) };
  const logger = pino({ level, base: { pid: process.pid } }, visibly);
  return Object.freeze({
    info: (facts, message) => logger.info(facts, message),
    warn: (facts, message) => logger.warn(facts, message),
    error: (facts, message) => logger.error(facts, message),
  });
}
