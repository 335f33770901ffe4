/** What an hour of samples says about the daemon: a table, and the reasons to fail. */

/** One look at the daemon from outside. */
export interface Sample {
  readonly minute: number;
  /** Of the whole machine, with whatever else runs on it: beyond its cores, the delay says little of the daemon. */
  readonly machineLoad: number;
  /** Resident set: least and most of the minute. The least is what is left after garbage is collected. */
  readonly leastRssMib: number;
  readonly mostRssMib: number;
  readonly heapUsedMib: number;
  readonly fds: number;
  readonly walMib: number;
  /** Event-loop delay since the sample before, 99th percentile. */
  readonly delayP99Ms: number;
  readonly crashedPasses: number;
  readonly passes: number;
  readonly awsCalls: number;
}

/** Caches and bounded histories fill in this time; what grows later grows without end. */
const WARM_UP_MINUTES = 10;

const MOST = { rssMib: 400, rssMibPerTenMinutes: 1, moreFds: 20, walMib: 64, delayP99Ms: 200 } as const;

/** One line for each bound that does not hold. Empty: all is well. */
export function faultsOf(samples: readonly Sample[]): string[] {
  const [first] = samples;
  if (first === undefined) return ["there are no samples"];
  const most = (value: (sample: Sample) => number) => Math.max(...samples.map(value));
  const faults: string[] = [];
  const atMost = (what: string, value: number, bound: number, unit: string) => {
    if (value > bound) faults.push(`${what}: ${value.toFixed(1)} ${unit}, allowed are ${bound}`);
  };
  const slope = rssSlope(samples);
  if (slope !== undefined)
    atMost("growth of the resident set", slope, MOST.rssMibPerTenMinutes, "MiB in ten minutes");
  atMost(
    "resident set",
    most((sample) => sample.mostRssMib),
    MOST.rssMib,
    "MiB",
  );
  const moreFds = most((sample) => sample.fds) - first.fds;
  atMost("file descriptors more than at first", moreFds, MOST.moreFds, "");
  atMost(
    "write-ahead log",
    most((sample) => sample.walMib),
    MOST.walMib,
    "MiB",
  );
  atMost(
    "event-loop delay (p99)",
    most((sample) => sample.delayP99Ms),
    MOST.delayP99Ms,
    "ms",
  );
  atMost(
    "crashed passes",
    most((sample) => sample.crashedPasses),
    0,
    "",
  );
  return faults;
}

/** MiB in ten minutes, least squares, after the warm-up; `undefined` when too little of the run is left. */
export function rssSlope(samples: readonly Sample[]): number | undefined {
  const late = samples.filter((sample) => sample.minute >= WARM_UP_MINUTES);
  if (late.length < 5) return undefined;
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const x = mean(late.map((sample) => sample.minute));
  const y = mean(late.map((sample) => sample.leastRssMib));
  const covariance = mean(late.map((sample) => (sample.minute - x) * (sample.leastRssMib - y)));
  const variance = mean(late.map((sample) => (sample.minute - x) ** 2));
  return (covariance / variance) * 10;
}

const COLUMNS: readonly (readonly [title: string, of: (sample: Sample) => string])[] = [
  ["minute", (sample) => sample.minute.toFixed(0)],
  ["RSS least", (sample) => sample.leastRssMib.toFixed(1)],
  ["RSS most", (sample) => sample.mostRssMib.toFixed(1)],
  ["heap MiB", (sample) => sample.heapUsedMib.toFixed(1)],
  ["fds", (sample) => String(sample.fds)],
  ["WAL MiB", (sample) => sample.walMib.toFixed(1)],
  ["delay p99 ms", (sample) => sample.delayP99Ms.toFixed(1)],
  ["load", (sample) => sample.machineLoad.toFixed(1)],
  ["passes", (sample) => String(sample.passes)],
  ["crashed", (sample) => String(sample.crashedPasses)],
  ["AWS calls", (sample) => String(sample.awsCalls)],
];

export function headerLine(): string {
  return COLUMNS.map(([title]) => title).join("  ");
}

export function sampleLine(sample: Sample): string {
  return COLUMNS.map(([title, of]) => of(sample).padStart(title.length)).join("  ");
}
