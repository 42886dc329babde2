import { InputError } from '../../search-space/input-error.ts';

const DAY = 86_400_000;

/**
 * The next instant after `now` at which clocks in the zone show a time of day, in milliseconds since
 * 1970. If daylight saving skips that time, the instant of the change; if clocks show it twice, the
 * first. Throws InputError for a bad "HH:MM" or time zone.
 */
export function nextTimeOfDay(timeOfDay: string, timeZone: string, now: number): number {
  const match = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(timeOfDay);
  if (match === null)
    throw new InputError('until', `'${timeOfDay}' is not a time of day`, 'write HH:MM, such as 07:00');
  const minutes = Number(match[1]) * 60 + Number(match[2]);
  const zone = zoneNamed(timeZone);
  const today = Math.floor(wallClock(zone, now) / DAY);
  for (let day = today - 1; ; day++) {
    const instant = instantOf(zone, day * DAY + minutes * 60_000);
    if (instant > now) return instant;
  }
}

/** The local time of an instant in a zone: "2026-11-28 07:00". */
export function timeShown(timeZone: string, instant: number): string {
  return new Date(wallClock(zoneNamed(timeZone), instant)).toISOString().slice(0, 16).replace('T', ' ');
}

function zoneNamed(timeZone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    throw new InputError('timeZone', `'${timeZone}' is unknown`, 'write a name such as Europe/Berlin or UTC');
  }
}

/** The local time of an instant in a zone, as milliseconds as if it were UTC. */
function wallClock(zone: Intl.DateTimeFormat, instant: number): number {
  const part = Object.fromEntries(
    zone.formatToParts(instant).map(({ type, value }) => [type, Number(value)]),
  );
  return Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second);
}

/** The first instant at which local time in the zone is not before a wall time. */
function instantOf(zone: Intl.DateTimeFormat, wall: number): number {
  let low = wall - DAY;
  let high = wall + DAY;
  const offsets = [low, high].map((instant) => wallClock(zone, instant) - instant);
  const exact = [...new Set(offsets)]
    .map((offset) => wall - offset)
    .filter((instant) => wallClock(zone, instant) === wall);
  if (exact.length > 0) return Math.min(...exact);
  while (high - low > 1000) {
    const middle = Math.floor((low + high) / 2);
    if (wallClock(zone, middle) < wall) low = middle;
    else high = middle;
  }
  return Math.ceil(high / 60_000) * 60_000;
}
