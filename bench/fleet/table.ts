/** What was measured of fleets, beside its goals; and the table of all sizes. */
import { READ_CLASSES, type ReadClass } from "../../src/model/fleet/freshness.ts";
import { type Measurement, median } from "../report.ts";
import { type ColdStarts, MANY } from "./cold-start.ts";
import type { Steady } from "./steady.ts";
import { STORED, type Stored } from "./stored.ts";

/** Seconds, where the budget grants what is wished; where it does not, what is promised instead is to be held. */
const GRANTED: Readonly<Record<number, { ages: Readonly<Record<ReadClass, number>>; drift: number }>> = {
  30: { ages: { health: 60, structure: 60, attributes: 300 }, drift: 60 },
  60: { ages: { health: 60, structure: 75, attributes: 300 }, drift: 75 },
};
const MOST = {
  share: 50,
  shareOfLargestWithEvents: 30,
  /** After the arrival of the event. */
  driftWithEventsSeconds: 15,
  overPromised: 1.1,
  ...{ firstCallSeconds: 1, inSyncSeconds: 10 },
  othersThrottled: 1,
  processor: 10,
  ...{ coldStart: 1.1, tenToOne: 1.05 },
  ...{ answeringSeconds: 1, rssMiB: 350 },
};
/** Of so many services it is asked what they cost in processor time, and what a restart costs. */
const LARGEST = 1_000;

/** What one process measures. */
export interface MeasuredPart {
  readonly measurements: readonly Measurement[];
  readonly steady?: Steady;
}

export function measurementsOf(steady: Steady): Measurement[] {
  const { services, elbShare, windowSeconds, others, ours, refused } = steady;
  const of = named(steady);
  const isEventful = steady.eventsAfterSeconds !== undefined && services >= LARGEST;
  const most = [
    {
      question: `${of}: routine's share of Elastic Load Balancing's bucket`,
      figure: 100 * elbShare,
      unit: "%",
      goal: { atMost: isEventful ? MOST.shareOfLargestWithEvents : MOST.share },
      how: `calls of the daemon to Elastic Load Balancing a second, of 10, over ${windowSeconds.toFixed(0)} s of virtual time in which nothing happens`,
    },
    ...READ_CLASSES.map((one) => ageOf(steady, one)),
    ...answers(steady),
    {
      question: `${of}: calls of another user of the account that are throttled`,
      figure: (100 * others.throttled) / others.calls,
      unit: "%",
      goal: { atMost: MOST.othersThrottled },
      how: `${others.throttled} of ${others.calls}, 3 reads of Elastic Load Balancing a second; of ${ours.calls} calls of the daemon in all, AWS throttled ${ours.throttled}`,
    },
    refusals(of, refused),
  ];
  return services < LARGEST ? most : [...most, ...ofTheLargest(steady)];
}

function named({ services, eventsAfterSeconds }: Steady): string {
  if (eventsAfterSeconds === undefined) return `${services} services`;
  return `${services} services with events ${eventsAfterSeconds} s late`;
}

function ageOf(steady: Steady, readClass: ReadClass): Measurement {
  const { services, ages, eventsAfterSeconds } = steady;
  const { seconds, promisedSeconds } = ages[readClass];
  // While events flow, routine looks are rare: as rare as is promised.
  const granted = eventsAfterSeconds === undefined ? GRANTED[services]?.ages[readClass] : undefined;
  const promise =
    promisedSeconds === undefined ? "nothing is promised" : `promised: ${promisedSeconds.toFixed(0)} s`;
  const how = `95th percentile over services and time of how long ago AWS was asked for the oldest part, as the account sees it; ${promise}`;
  if (granted !== undefined)
    return {
      question: `${named(steady)}: age of ${readClass}`,
      figure: seconds,
      unit: "s",
      goal: { atMost: granted },
      how,
    };
  return {
    question: `${named(steady)}: age of ${readClass}, over what is promised`,
    figure: promisedSeconds === undefined ? Number.POSITIVE_INFINITY : seconds / promisedSeconds,
    unit: "×",
    goal: { atMost: MOST.overPromised },
    how: `${seconds.toFixed(0)} s: ${how}`,
  };
}

function answers(steady: Steady): Measurement[] {
  const { services, person, drift, eventsAfterSeconds } = steady;
  const of = named(steady);
  const granted =
    eventsAfterSeconds === undefined
      ? GRANTED[services]?.drift
      : eventsAfterSeconds + MOST.driftWithEventsSeconds;
  const by = eventsAfterSeconds === undefined ? "by polling" : "with events";
  const edits = `a health check changed in the spec, at ${person.inSyncSeconds.length} random moments`;
  const all = [
    {
      question: `${of}: a person's change, until the first call`,
      figure: worst(person.firstCallSeconds),
      unit: "s",
      goal: { atMost: MOST.firstCallSeconds },
      how: `${edits}: the longest; median ${told(person.firstCallSeconds)} s`,
    },
    {
      question: `${of}: a person's change, until it is verified`,
      figure: worst(person.inSyncSeconds),
      unit: "s",
      goal: { atMost: MOST.inSyncSeconds },
      how: `${edits}: the longest until Synced is True of the new generation; median ${told(person.inSyncSeconds)} s`,
    },
  ];
  if (granted === undefined) return all;
  return [
    ...all,
    {
      question: `${of}: drift, until it is put right`,
      figure: middle(drift.seconds),
      unit: "s",
      goal: { atMost: granted },
      how: `health checks, rules and attributes changed beside the daemon, median of ${drift.seconds.length}; ${by}; longest ${worst(drift.seconds).toFixed(1)} s`,
    },
  ];
}

function refusals(of: string, refused: ReadonlyMap<string, number>): Measurement {
  const operations = [...refused].map(([operation, count]) => `${operation} ${count}`).join(", ");
  return {
    question: `${of}: calls that the daemon's own rate limiter refused`,
    figure: [...refused.values()].reduce((sum, count) => sum + count, 0),
    unit: "calls",
    goal: { atMost: 0 },
    how: operations === "" ? "in all of the above" : operations,
  };
}

function ofTheLargest({ services, processor, rounds }: Steady): Measurement[] {
  const { perVirtualSecond, shares } = processor;
  const percent = (share: number) => (100 * perVirtualSecond * share).toFixed(2);
  return [
    {
      question: `${services} services: processor time of the daemon, of one core`,
      figure: 100 * perVirtualSecond * (shares.daemon + shares.elsewhere),
      unit: "%",
      goal: { atMost: MOST.processor },
      how: `processor seconds for each second of virtual time, without the simulated account's ${percent(shares.account)} and without what the AWS SDK takes; ${percent(shares.elsewhere)} is nobody's: Node, collecting garbage, the virtual clock`,
    },
    {
      question: `${services} services: calls of the first round after a restart, over those of a round of routine`,
      figure: rounds.restart.calls / rounds.routine.calls,
      unit: "×",
      goal: { atMost: 1 },
      how: `until everything of every service was read once: ${rounds.restart.calls} calls in ${rounds.restart.seconds} s, ${rounds.routine.calls} in ${rounds.routine.seconds} s`,
    },
  ];
}

export function measurementsOfStarts({ alone, ten, many, floorSeconds }: ColdStarts): Measurement[] {
  return [
    {
      question: `Cold start of ${MANY} services, over what AWS's bucket allows`,
      figure: many.seconds / floorSeconds,
      unit: "×",
      goal: { atMost: MOST.coldStart },
      how: `${many.seconds.toFixed(0)} s until all are Ready; ${floorSeconds.toFixed(0)} s until CreateLoadBalancer's bucket has given the last its token, and as long from there as one service alone takes; AWS throttled ${many.throttled} calls`,
    },
    {
      question: "Cold start of 10 services, over one alone",
      figure: ten.seconds / alone.seconds,
      unit: "×",
      goal: { atMost: MOST.tenToOne },
      how: `${ten.seconds.toFixed(1)} s against ${alone.seconds.toFixed(1)} s until all are Ready; AWS throttled ${ten.throttled} calls`,
    },
    refusals(`Cold start of ${MANY} services`, many.refused),
  ];
}

export function measurementsOfStored({
  answeringSeconds,
  emptySeconds,
  rssMiB,
  peakMiB,
}: Stored): Measurement[] {
  return [
    {
      question: `${STORED} stored services: from the start of the process until it answers`,
      figure: median(answeringSeconds),
      unit: "s",
      goal: { atMost: MOST.answeringSeconds },
      how: `a list of one service, median of ${answeringSeconds.length} starts as npm start makes them; with an empty database ${emptySeconds.toFixed(2)} s; no AWS to be reached`,
    },
    {
      question: `${STORED} stored services: memory`,
      figure: rssMiB,
      unit: "MiB",
      goal: { atMost: MOST.rssMiB },
      how: `resident set 20 s later, without the simulated account; most so far ${peakMiB} MiB`,
    },
  ];
}

const HEADS = [
  "Fleet",
  "Routine's share of ELB's bucket",
  "95th percentile of age: health / structure / attributes (promised)",
  "A person's change: first call / in sync, median (longest)",
  "Drift put right, median (longest)",
  "Others throttled",
  "Refused by ourselves / throttled",
];

export function tableOf(all: readonly Steady[]): string {
  const rows = [HEADS, HEADS.map(() => "---"), ...all.map(rowOf)];
  return rows.map((cells) => `| ${cells.join(" | ")} |\n`).join("");
}

function rowOf(steady: Steady): string[] {
  const { elbShare, ages, person, drift, others, ours, refused } = steady;
  const age = ({ seconds, promisedSeconds }: Steady["ages"][ReadClass]) =>
    `${seconds.toFixed(0)} s (${promisedSeconds?.toFixed(0) ?? "–"})`;
  const spread = (values: readonly number[]) => `${told(values)} s (${worst(values).toFixed(1)})`;
  return [
    named(steady),
    `${(100 * elbShare).toFixed(0)} %`,
    READ_CLASSES.map((one) => age(ages[one])).join(" / "),
    `${spread(person.firstCallSeconds)} / ${spread(person.inSyncSeconds)}`,
    spread(drift.seconds),
    `${((100 * others.throttled) / others.calls).toFixed(1)} %`,
    `${[...refused.values()].reduce((sum, count) => sum + count, 0)} / ${ours.throttled}`,
  ];
}

/** What never came to be took for ever. */
function ended(values: readonly number[]): number[] {
  return values.map((value) => (Number.isNaN(value) ? Number.POSITIVE_INFINITY : value));
}

function worst(values: readonly number[]): number {
  return Math.max(...ended(values));
}

function middle(values: readonly number[]): number {
  return median(ended(values));
}

function told(values: readonly number[]): string {
  return middle(values).toFixed(1);
}
