/**
 * Every setting: name, unit, default, meaning. A setting is a flag (`--token-file x` or `--token-file=x`) or an
 * environment variable (`HOLDFAST_TOKEN_FILE`); the flag wins. `--help` and docs/configuration.md are made from this table.
 */
import { SHORTEST_TOKEN, TokenFile, TokenFileFault } from "./config/token-file.ts";
import {
  type Address,
  address,
  dnsLabel,
  managerTags,
  NotAllowed,
  nonEmpty,
  numberWithin,
  oneOf,
  type QueueUrl,
  queueUrl,
  wholeNumberWithin,
} from "./config/values.ts";
import { SetupError } from "./model/errors.ts";
import { DEFAULT_RETENTION, type Retention } from "./model/ledger/retention.ts";
import type { ManagerTag } from "./model/managed-by.ts";
import { nearest } from "./model/text/nearest.ts";

type LogLevelName = "trace" | "debug" | "info" | "warn" | "error" | "fatal" | "silent";

export interface Config {
  /** Print `helpText()` and end; nothing else was looked at. */
  readonly help: boolean;
  readonly cloud: "simulated" | "aws";
  readonly installation: string;
  readonly listen: Address;
  readonly tokens: TokenFile | undefined;
  readonly database: string;
  readonly resyncSeconds: number;
  readonly autoScalingCallsPerSecond: number;
  readonly apiShare: number;
  readonly correctionsPerHour: number;
  readonly managerTags: readonly ManagerTag[];
  /** Absent: no events are listened to. */
  readonly eventsQueue: QueueUrl | undefined;
  readonly attribution: "off" | "cloudtrail";
  readonly simulatorListen: Address;
  readonly simulatorSpeed: number;
  /** Absent: a new one at each start. */
  readonly simulatorSeed: number | undefined;
  /** Absent: the account begins empty. */
  readonly simulatorSeedFile: string | undefined;
  readonly retention: Retention;
  readonly logLevel: LogLevelName;
}

interface Setting<T> {
  /** Without the leading hyphens. */
  readonly flag: string;
  /** What stands for the value in the help. */
  readonly value: string;
  /** Absent: not set. */
  readonly byDefault?: string;
  readonly meaning: string;
  /** @throws NotAllowed when it is impossible */
  readonly parse: (text: string) => T;
}

const LOG_LEVELS: readonly LogLevelName[] = ["trace", "debug", "info", "warn", "error", "fatal", "silent"];

const SETTINGS = {
  cloud: setting({
    flag: "cloud",
    value: "simulated|aws",
    byDefault: "simulated",
    meaning:
      "The AWS account to work on: the built-in simulated one, or AWS, with the SDK's own chains for credentials and Region, and AWS_ENDPOINT_URL.",
    parse: oneOf(["simulated", "aws"]),
  }),
  installation: setting({
    flag: "installation",
    value: "name",
    byDefault: "holdfast",
    meaning:
      "Part of every owner tag: tells two daemons in one account apart. Never change it while resources exist.",
    parse: dnsLabel,
  }),
  listen: setting({
    flag: "listen",
    value: "host:port",
    byDefault: "127.0.0.1:8080",
    meaning: "API, dashboard, probes and metrics. Beyond loopback a token file is demanded.",
    parse: address,
  }),
  tokenFile: setting({
    flag: "token-file",
    value: "path",
    meaning: `When set, every route but /livez, /readyz and /sign-in demands Authorization: Bearer, or a session, with a token of the file. A line is \`name token\`, \`name token read\`, or a token alone (\`admin\`); at least ${SHORTEST_TOKEN} characters. Read again when it changes.`,
    parse: nonEmpty,
  }),
  database: setting({
    flag: "database",
    value: "path",
    byDefault: "data/holdfast.db",
    meaning: "SQLite file; :memory: forgets everything at the end.",
    parse: nonEmpty,
  }),
  driftRetentionDays: setting({
    flag: "drift-retention-days",
    value: "days",
    byDefault: String(DEFAULT_RETENTION.driftDays),
    meaning: "How long a drift event is kept after it was closed; what is open is kept.",
    parse: wholeNumberWithin(1, 3_650),
  }),
  driftEvents: setting({
    flag: "drift-events",
    value: "number",
    byDefault: String(DEFAULT_RETENTION.driftEvents),
    meaning: "Drift events that are kept at most; closed ones go first, the oldest before the others.",
    parse: wholeNumberWithin(100, 1_000_000),
  }),
  statusHistoryDays: setting({
    flag: "status-history-days",
    value: "days",
    byDefault: String(DEFAULT_RETENTION.statusHistoryDays),
    meaning: "How far `/status?at=` reaches back.",
    parse: wholeNumberWithin(1, 3_650),
  }),
  statusHistory: setting({
    flag: "status-history",
    value: "number",
    byDefault: String(DEFAULT_RETENTION.statusHistory),
    meaning:
      "States that are kept at most of all services together, beside the present ones; the oldest go first.",
    parse: wholeNumberWithin(100, 10_000_000),
  }),
  resyncSeconds: setting({
    flag: "resync-seconds",
    value: "seconds",
    byDefault: "60",
    meaning:
      "How often every object is to be compared with AWS: a wish, granted where the share of the account's budget that routine may take allows it. Where not, `/status` says what is promised instead, and what the wish would cost.",
    parse: numberWithin(1, 86_400),
  }),
  autoScalingCallsPerSecond: setting({
    flag: "auto-scaling-calls-per-second",
    value: "calls/s",
    byDefault: "10",
    meaning:
      "The most that Auto Scaling is asked, in each Region; AWS does not document its limit. After a throttled call the daemon slows down by itself.",
    parse: numberWithin(0.1, 1_000),
  }),
  apiShare: setting({
    flag: "api-share",
    value: "part",
    byDefault: "0.5",
    meaning: "The most of each of AWS's rate limits that routine looks take, in each Region.",
    parse: numberWithin(0.05, 1),
  }),
  correctionsPerHour: setting({
    flag: "corrections-per-hour",
    value: "calls",
    byDefault: "500",
    meaning:
      "The most AWS calls within an hour that put drift right, over all services; further corrections wait, and edits go on.",
    parse: numberWithin(1, 100_000),
  }),
  managerTags: setting({
    flag: "manager-tags",
    value: "manager=tag[=value],…",
    meaning:
      "Tags by which other programs say that they manage a resource, for example `terraform=ManagedBy=terraform`: what carries one is not adopted. CloudFormation's, Kubernetes', Elastic Beanstalk's, ECS's and EKS's are known.",
    parse: managerTags,
  }),
  eventsQueue: setting({
    flag: "events-queue",
    value: "URL",
    meaning:
      "SQS queue that AWS's events come to: what they name is looked at at once, and drift is told with who did it. See docs/events.md.",
    parse: queueUrl,
  }),
  attribution: setting({
    flag: "attribution",
    value: "off|cloudtrail",
    byDefault: "off",
    meaning:
      "Whether CloudTrail is asked (`LookupEvents`) who did it, for drift of which no event has told it. See docs/events.md.",
    parse: oneOf(["off", "cloudtrail"]),
  }),
  simulatorListen: setting({
    flag: "simulator-listen",
    value: "host:port",
    byDefault: "127.0.0.1:4566",
    meaning: "The simulated account's AWS endpoint, for any AWS client.",
    parse: address,
  }),
  simulatorSpeed: setting({
    flag: "simulator-speed",
    value: "factor",
    byDefault: "1",
    meaning:
      "Simulated seconds for each real second. Every duration that the daemon shows is a simulated one.",
    parse: numberWithin(0.01, 1_000),
  }),
  simulatorSeed: setting({
    flag: "simulator-seed",
    value: "number",
    meaning: "Makes the simulated account draw the same chances again; without it, new ones at each start.",
    parse: wholeNumberWithin(0, 2 ** 32 - 1),
  }),
  simulatorSeedFile: setting({
    flag: "simulator-seed-file",
    value: "path",
    meaning:
      "AWS calls in YAML, made in the simulated account at the start, before the daemon takes part: tiers that somebody else has made. See docs/simulator.md.",
    parse: nonEmpty,
  }),
  logLevel: setting({
    flag: "log-level",
    value: LOG_LEVELS.join("|"),
    byDefault: "info",
    meaning: "How much is written to standard output, as JSON lines.",
    parse: oneOf(LOG_LEVELS),
  }),
} as const;

type SettingName = keyof typeof SETTINGS;
type Table = typeof SETTINGS;
const NAMES = Object.keys(SETTINGS) as SettingName[];

/** A value as it was given, and where, for the error line. */
interface Given {
  readonly text: string;
  readonly source: string;
}
type GivenByName = Partial<Record<SettingName, Given>>;

/**
 * The settings from the command line (without node and script) and the environment.
 * @throws SetupError one line about the first thing that is wrong
 */
export function parseConfig(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Config {
  if (argv.includes("--help") || argv.includes("-h")) return configOf({}, true);
  const given = { ...fromEnvironment(env), ...fromFlags(argv) };
  return configOf(given, false);
}

function configOf(given: GivenByName, help: boolean): Config {
  const config = {
    help,
    cloud: required("cloud", given),
    installation: required("installation", given),
    listen: required("listen", given),
    tokens: given.tokenFile === undefined ? undefined : tokensOf(given.tokenFile),
    database: required("database", given),
    resyncSeconds: required("resyncSeconds", given),
    autoScalingCallsPerSecond: required("autoScalingCallsPerSecond", given),
    apiShare: required("apiShare", given),
    correctionsPerHour: required("correctionsPerHour", given),
    managerTags: optional("managerTags", given) ?? [],
    eventsQueue: optional("eventsQueue", given),
    attribution: required("attribution", given),
    simulatorListen: required("simulatorListen", given),
    simulatorSpeed: required("simulatorSpeed", given),
    simulatorSeed: optional("simulatorSeed", given),
    simulatorSeedFile: optional("simulatorSeedFile", given),
    retention: {
      driftDays: required("driftRetentionDays", given),
      driftEvents: required("driftEvents", given),
      statusHistoryDays: required("statusHistoryDays", given),
      statusHistory: required("statusHistory", given),
    },
    logLevel: required("logLevel", given),
  };
  assertFitting(config, given);
  return config;
}

/** Settings that are possible one by one and not together. */
function assertFitting(config: Config, given: GivenByName): void {
  if (config.tokens === undefined && !isLoopback(config.listen.host)) {
    throw new SetupError(
      `${given.listen?.source}: ${given.listen?.text} can be reached from outside this machine; set --token-file, or listen on 127.0.0.1`,
    );
  }
  if (config.cloud === "simulated") return;
  if (config.eventsQueue !== undefined && config.eventsQueue.region === undefined) {
    throw new SetupError(
      `${given.eventsQueue?.source}: ${config.eventsQueue.url} does not say its Region; AWS's URLs do`,
    );
  }
  for (const name of NAMES) {
    if (!SETTINGS[name].flag.startsWith("simulator-")) continue;
    const source = given[name]?.source;
    if (source !== undefined)
      throw new SetupError(`${source}: belongs to the simulated account, and --cloud is aws`);
  }
}

/** What `--help` prints. */
export function helpText(): string {
  const rows = NAMES.map((name) => SETTINGS[name]).map(({ flag, value, byDefault, meaning }) =>
    [
      `  --${flag} <${value}>`,
      `      ${meaning}`,
      `      ${variableOf(flag)}; ${byDefault === undefined ? "not set" : `${byDefault}`} by default`,
    ].join("\n"),
  );
  return ["Usage: npm start -- [settings]", "", ...rows, "", "  --help", "      This text.", ""].join("\n");
}

/** The settings as a table in Markdown, for the docs. */
export function configurationTable(): string {
  const rows = NAMES.map((name) => SETTINGS[name]).map(({ flag, value, byDefault, meaning }) => {
    const shownValue = value.replaceAll("|", "\\|");
    const shownDefault = byDefault === undefined ? "none" : `\`${byDefault}\``;
    return `| \`${variableOf(flag)}\` | \`--${flag}\` | \`${shownValue}\` | ${shownDefault} | ${meaning} |`;
  });
  return [
    "| Environment | Flag | Value | Default | Meaning |",
    "| --- | --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}

function fromFlags(argv: readonly string[]): GivenByName {
  const given: GivenByName = {};
  for (let index = 0; index < argv.length; index += 1) {
    const argument = argv[index]!;
    if (!argument.startsWith("--")) throw new SetupError(`${argument}: settings are given as --name value`);
    const [flag = "", ...rest] = argument.slice(2).split("=");
    const name = nameOfFlag(flag);
    if (given[name] !== undefined) throw new SetupError(`--${flag}: given twice`);
    const text = argument.includes("=") ? rest.join("=") : argv[++index];
    if (text === undefined || text === "" || (text.startsWith("--") && !argument.includes("="))) {
      throw new SetupError(`--${flag}: needs a value, --${flag} <${SETTINGS[name].value}>`);
    }
    given[name] = { text, source: `--${flag}` };
  }
  return given;
}

function nameOfFlag(flag: string): SettingName {
  const name = NAMES.find((candidate) => SETTINGS[candidate].flag === flag);
  if (name === undefined)
    throw unknownSetting(
      `--${flag}`,
      NAMES.map((known) => `--${SETTINGS[known].flag}`),
    );
  return name;
}

/** An empty variable counts as not set: that is how many tools pass on what they were not given. */
function fromEnvironment(env: Readonly<Record<string, string | undefined>>): GivenByName {
  const given: GivenByName = {};
  for (const [variable, text] of Object.entries(env)) {
    if (!variable.startsWith("HOLDFAST_")) continue;
    const name = NAMES.find((candidate) => variableOf(SETTINGS[candidate].flag) === variable);
    if (name === undefined) {
      throw unknownSetting(
        variable,
        NAMES.map((known) => variableOf(SETTINGS[known].flag)),
      );
    }
    if (text !== undefined && text !== "") given[name] = { text, source: variable };
  }
  return given;
}

function variableOf(flag: string): string {
  return `HOLDFAST_${flag.replaceAll("-", "_").toUpperCase()}`;
}

function required<N extends SettingName>(name: N, given: GivenByName): ReturnType<Table[N]["parse"]> {
  const { flag, byDefault } = SETTINGS[name] as Setting<unknown>;
  return parsed(name, given[name] ?? { text: byDefault ?? "", source: `--${flag}` });
}

function optional<N extends SettingName>(
  name: N,
  given: GivenByName,
): ReturnType<Table[N]["parse"]> | undefined {
  const value = given[name];
  return value === undefined ? undefined : parsed(name, value);
}

function parsed<N extends SettingName>(name: N, given: Given): ReturnType<Table[N]["parse"]> {
  try {
    return SETTINGS[name].parse(given.text) as ReturnType<Table[N]["parse"]>;
  } catch (error) {
    if (!(error instanceof NotAllowed)) throw error;
    throw new SetupError(`${given.source}: ${JSON.stringify(given.text)} is not possible; ${error.message}`);
  }
}

/** @throws SetupError when it cannot be read, holds what is no token, or anybody may replace it */
function tokensOf(given: Given): TokenFile {
  try {
    return new TokenFile(given.text);
  } catch (error) {
    if (!(error instanceof TokenFileFault)) throw error;
    throw new SetupError(`${given.source}: ${given.text} ${error.message}`);
  }
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}

function setting<T>(row: Setting<T>): Setting<T> {
  return row;
}

function unknownSetting(given: string, known: readonly string[]): SetupError {
  const meant = nearestOf(given, known);
  const advice = meant === undefined ? "--help lists them all" : `did you mean ${meant}?`;
  return new SetupError(`${given}: there is no such setting; ${advice}`);
}

/** The candidate that `text` is the end of, or else the one that few changes of a letter make of it. */
function nearestOf(text: string, candidates: readonly string[]): string | undefined {
  const end = text.replace(/^(--|HOLDFAST)/, "");
  const longer = candidates.find((candidate) => candidate.endsWith(end));
  if (longer !== undefined) return longer;
  return nearest(text, candidates);
}
