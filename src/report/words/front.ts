import type { FoundFront, FrontMember } from '../../../tuner/objectives/found-front.ts';
import { TIME } from '../../../tuner/objectives/metrics.ts';
import { valueAt } from '../../../tuner/objectives/objective.ts';
import { formatDecimals } from '../../text/number-text.ts';
import { configurationText } from './configuration.ts';
import { countOf, formatMetric } from './numbers.ts';

/** "µs" for the time, else the metric's name. */
export function objectiveTitle(name: string): string {
  return name === TIME ? 'µs' : name;
}

/** The objectives' values of a member, in their order, as texts. */
export function objectiveTexts({ objectives }: FoundFront, member: FrontMember): readonly string[] {
  return objectives.map((name) =>
    name === TIME ? formatDecimals(member.timeUs) : formatMetric(valueAt(name, member)),
  );
}

/** "7 Pareto optima of time and energyJ, where bytes<=4096" */
export function frontWords({ objectives, limits, members }: FoundFront): string {
  const of = [objectives.slice(0, -1).join(', '), objectives[objectives.length - 1]].filter(
    (part) => part !== '',
  );
  const where = limits.length === 0 ? '' : `, where ${limits.join(' and ')}`;
  const what =
    objectives.length === 1
      ? `Least ${of[0]}`
      : `${countOf(members.length, 'Pareto optimum', 'Pareto optima')} of ${of.join(' and ')}`;
  return `${what}${where}`;
}

/** What of a member's configuration differs among the members; all of it where there is one. */
function differingText({ members }: FoundFront, { configuration }: FrontMember): string {
  const names = Object.keys(configuration);
  const differing = names.filter((name) =>
    members.some((other) => other.configuration[name] !== members[0].configuration[name]),
  );
  const shown = members.length < 2 ? names : differing;
  return configurationText(Object.fromEntries(shown.map((name) => [name, configuration[name]])));
}

/** More are in the JSON document. */
const MOST_SHOWN = 40;

/** A row for each Pareto optimum, then one for the default, and how many optima are not shown. */
export function frontTable(front: FoundFront) {
  const { objectives, members, default: usual } = front;
  const row = (who: string, member: FrontMember): readonly string[] => [
    who,
    ...objectiveTexts(front, member),
    differingText(front, member),
  ];
  const shown = members.slice(0, MOST_SHOWN);
  return {
    titles: ['', ...objectives.map(objectiveTitle), 'differs in'],
    rows: [
      ...shown.map((member, place) => row(String(place + 1), member)),
      ...(usual === null ? [] : [row('default', usual)]),
    ],
    left: members.length - shown.length,
  };
}
