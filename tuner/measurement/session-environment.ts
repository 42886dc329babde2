import type { Comparison } from '../../store/comparison.ts';
import { withMostOf } from './machine-limits.ts';

type Environment = Comparison['environment'];

/** What a session says, after what the sessions before it said: of their samples together, else of the last one. */
export function withSession(before: Environment, session: Environment): Environment {
  return { ...withMostOf(before, session), ...samplesOf([before, session]) };
}

function samplesOf(sessions: readonly Environment[]): Environment {
  const total = (count: (session: Environment) => number): number =>
    sessions.reduce((sum, session) => sum + count(session), 0);
  const number = (session: Environment, name: string): number => Number(session[name] ?? 0);
  const samples = total((session) => number(session, 'samples'));
  if (samples === 0) return {};
  const clean = total((session) => number(session, 'samples') * number(session, 'cleanShare'));
  return {
    samples,
    cleanShare: clean / samples,
    corrected: total((session) => number(session, 'corrected')),
  };
}
