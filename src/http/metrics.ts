import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { STUDY_STATES } from '../../store/records.ts';
import type { StudySummary } from '../../store/study-store.ts';
import { isKnown } from '../../tuner/attribution/gain.ts';
import { bestFigure, comparedUs } from '../answers/study-best.ts';
import { visible } from '../languages/visible.ts';
import type { Desk } from './desk.ts';
import { deviceMetrics } from './device-metrics.ts';
import type { Family } from './metric-family.ts';

/** Sampling interval of the event loop's delay; a delay of 0 is recorded as this much. */
const LOOK_MS = 10;

/** The most studies whose times are series of its own. */
const MOST_STUDIES = 500;

/** Counts requests and watches the event loop, for `/metrics`. */
export class DaemonMetrics {
  readonly #delay: IntervalHistogram = monitorEventLoopDelay({ resolution: LOOK_MS });
  readonly #requests = new Map<number, number>();
  #requestSeconds = 0;

  constructor() {
    this.#delay.enable();
  }

  count(status: number, milliseconds: number): void {
    this.#requests.set(status, (this.#requests.get(status) ?? 0) + 1);
    this.#requestSeconds += milliseconds / 1000;
  }

  close(): void {
    this.#delay.disable();
  }

  /** Prometheus’s text format. */
  async text({ daemon, devices }: Desk): Promise<string> {
    const studies = await daemon.store.countStudies();
    const newest = await daemon.store.studies({ limit: MOST_STUDIES });
    const plans = await daemon.store.plans({ active: true });
    const requests = [...this.#requests].map(([status, value]) => ({
      name: 'nightshift_http_requests_total',
      labels: { status: String(status) },
      value,
    }));
    const families: readonly Family[] = [
      single(
        'nightshift_trials_settled_total',
        'counter',
        'Trials settled since the daemon started.',
        daemon.settledTrials,
      ),
      {
        name: 'nightshift_studies',
        kind: 'gauge',
        help: 'Studies in the store by state.',
        samples: STUDY_STATES.map((state) => ({
          name: 'nightshift_studies',
          labels: { state },
          value: studies[state],
        })),
      },
      times('fastest', 'The fastest trial of each study’s search', newest, (each) => each.fastestUs),
      times('compared', 'What each study says to use, as its final comparison timed it', newest, comparedUs),
      unknownTimes(newest),
      single('nightshift_studies_active', 'gauge', 'Studies waiting or being visited.', daemon.active),
      single('nightshift_plans_active', 'gauge', 'Plans that have not ended.', plans.length),
      {
        name: 'nightshift_http_requests_total',
        kind: 'counter',
        help: 'Requests by status.',
        samples: requests,
      },
      single(
        'nightshift_http_request_seconds_total',
        'counter',
        'Time spent on requests.',
        this.#requestSeconds,
      ),
      ...(devices === undefined ? [] : deviceMetrics(await devices())),
      this.#eventLoop(),
      single('process_resident_memory_bytes', 'gauge', 'Resident memory.', process.memoryUsage.rss()),
      single('process_uptime_seconds', 'gauge', 'Age of the process.', process.uptime()),
    ];
    return families.map(format).join('');
  }

  #eventLoop(): Family {
    const name = 'nightshift_event_loop_delay_seconds';
    const samples = [50, 99].map((percent) => ({
      name,
      labels: { quantile: String(percent / 100) },
      value: Math.max(0, this.#delay.percentile(percent) / 1e9 - LOOK_MS / 1000),
    }));
    return { name, kind: 'summary', help: 'How late the event loop is.', samples };
  }
}

/** A series for each study that has a time of this kind. */
function times(
  kind: 'fastest' | 'compared',
  what: string,
  studies: readonly StudySummary[],
  timeOf: (summary: StudySummary) => number | null,
): Family {
  const name = `nightshift_study_${kind}_seconds`;
  const samples = studies.flatMap((summary) => {
    const timeUs = timeOf(summary);
    return timeUs === null ? [] : [{ name, labels: labelsOfStudy(summary), value: timeUs / 1e6 }];
  });
  return { name, kind: 'gauge', help: `${what}, of the ${MOST_STUDIES} newest at most.`, samples };
}

/** A series for each study that has no time, with the reason: there is no number for it. */
function unknownTimes(studies: readonly StudySummary[]): Family {
  const name = 'nightshift_study_time_unknown';
  const samples = studies.flatMap((summary) => {
    const best = bestFigure(summary);
    if (isKnown(best)) return [];
    return [{ name, labels: { ...labelsOfStudy(summary), reason: best.unknown }, value: 1 }];
  });
  return { name, kind: 'gauge', help: 'Studies that have no time, with the reason.', samples };
}

function labelsOfStudy({ study, kernel, target }: StudySummary): Readonly<Record<string, string>> {
  return {
    study: study.id,
    kernel: kernel.name,
    shape: kernel.shape,
    dtype: kernel.dtype,
    target: target.name,
    from: target.kind,
  };
}

function single(name: string, kind: Family['kind'], help: string, value: number): Family {
  return { name, kind, help, samples: [{ name, value }] };
}

function format({ name, kind, help, samples }: Family): string {
  const lines = samples.map((sample) => `${sample.name}${labelsOf(sample)} ${sample.value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} ${kind}\n${lines.join('')}`;
}

function labelsOf({ labels }: Family['samples'][number]): string {
  if (labels === undefined) return '';
  return `{${Object.entries(labels)
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(',')}}`;
}

/** A label's value: one line, with what Prometheus reads as its end escaped. */
function escaped(value: string): string {
  return visible(value).replaceAll(/["\\]/g, '\\$&');
}
