import { pino } from 'pino';
import type { Log } from './world.ts';

/** Structured lines on stderr; rotation is the system's. */
export function daemonLog(level: string): Log {
  const logger = pino({ level, base: { pid: process.pid } }, pino.destination({ fd: 2, sync: true }));
  return Object.freeze({
    info: (facts, message) => logger.info(facts, message),
    error: (facts, message) => logger.error(facts, message),
  });
}
