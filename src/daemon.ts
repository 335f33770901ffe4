/** Puts the parts together: one process, one store, one controller, one server, and the account it works on. */
import type { AddressInfo } from "node:net";
import { buildApp } from "./api/build-app.ts";
import { kubernetesVersion } from "./api/discovery/version.ts";
import { bucketsOf } from "./aws/buckets-of.ts";
import { buildAws } from "./aws/build.ts";
import { callTally } from "./aws/call-tally.ts";
import type { Config } from "./config.ts";
import { seedFromFile } from "./daemon/seed-file.ts";
import { assets } from "./dashboard/assets.ts";
import { DOCS, docsPage } from "./dashboard/docs.ts";
import { editPage } from "./dashboard/edit-page.ts";
import { errorPage } from "./dashboard/error-page.ts";
import { fleetPage } from "./dashboard/fleet-page.ts";
import { fleetJson } from "./dashboard/fleet-view.ts";
import { ledgerPage } from "./dashboard/past/ledger-page.ts";
import { ledgerText } from "./dashboard/past/ledger-text.ts";
import { fleetOfThenPage, serviceOfThenPage } from "./dashboard/past/then-page.ts";
import { fleetOfThenText, serviceOfThenText } from "./dashboard/past/then-text.ts";
import { planText } from "./dashboard/plan-text.ts";
import { servicePage } from "./dashboard/service-page.ts";
import { signInPage } from "./dashboard/sign-in-page.ts";
import { fleetText, serviceText } from "./dashboard/text.ts";
import { buildEvents, type Events } from "./events/build.ts";
import { type CallerAccount, isSameAccount } from "./model/account.ts";
import type { TokenEntry } from "./model/actor.ts";
import { SetupError } from "./model/errors.ts";
import { oldestComparedMs } from "./model/fleet/freshness.ts";
import type { ObjectKey } from "./model/object.ts";
import { withoutSecrets } from "./model/secrets.ts";
import { buildObservatory } from "./observer/observatory.ts";
import type { Clock, Log, Store } from "./ports.ts";
import { accountOf, CallerAccounts } from "./reconciler/account-binding.ts";
import { Controller } from "./reconciler/controller.ts";
import { ownerOf } from "./reconciler/core/names.ts";
import { driftWarnings } from "./reconciler/drift-warnings.ts";
import { importRequestOf } from "./reconciler/import/request.ts";
import { importTier } from "./reconciler/import/tier.ts";
import { admit } from "./reconciler/kinds/admission.ts";
import { heldNamesIn } from "./reconciler/kinds/names/held.ts";
import {
  DELETION_FIELDS,
  type WebServiceSpec,
  webServiceSpecSchema,
} from "./reconciler/kinds/web-service.ts";
import { operationsFor, writesField } from "./reconciler/kinds/writing-operations.ts";
import { schemaAsWritten } from "./reconciler/kinds/written-forms.ts";
import { KnownQuotas } from "./reconciler/observe-quotas.ts";
import type { PassDependencies } from "./reconciler/pass.ts";
import { resolveLookups } from "./reconciler/resolve-lookups.ts";
import { preview } from "./reconciler/rounds/preview.ts";
import { acceptedSpec } from "./reconciler/steering/acceptance.ts";
import { correctionRefusals } from "./reconciler/steering/correction.ts";
import { ignoreRefusals, ignoringSpec } from "./reconciler/steering/ignoring.ts";
import { eventLoopTurns } from "./runtime/event-loop-turns.ts";
import { newSecret } from "./runtime/new-secret.ts";
import { newUid } from "./runtime/new-uid.ts";
import { randomSeed, seededRng } from "./runtime/seeded-rng.ts";
import { type SystemClock, systemClock } from "./runtime/system-clock.ts";
import { type Account, type AccountOptions, buildAccount } from "./simulator/account.ts";
import { serveAccount } from "./simulator/wire/server.ts";
import { openStore } from "./store/open.ts";

export interface Daemon {
  readonly url: string;
  /** AWS endpoint of the simulated account; undefined with real AWS. */
  readonly simulatorUrl: string | undefined;
  readonly account: Account | undefined;
  readonly clock: SystemClock;
  readonly store: Store;
  readonly controller: Controller;
  /** Finishes the AWS calls in hand, records them and closes everything. */
  stop(): Promise<void>;
}

/** The clock of the world that the daemon lives in: the simulated account's, or the time of day. */
export function clockFor(config: Config): SystemClock {
  return systemClock({ speed: config.cloud === "simulated" ? config.simulatorSpeed : 1 });
}

/**
 * Starts everything and answers once it serves.
 * @param options how the simulated account differs from the usual one, where there is one; what else the daemon tells
 * @throws SetupError, StoreError one line about what is in the way; nothing is left running then
 */
export async function startDaemon(
  config: Config,
  clock: SystemClock,
  log: Log,
  version: string,
  options: StartOptions = {},
): Promise<Daemon> {
  const closing: (() => Promise<void> | void)[] = [];
  const stop = async () => {
    for (let step = closing.pop(); step !== undefined; step = closing.pop()) await step();
  };
  try {
    return await start({ config, clock, log, version, options }, closing, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

interface StartOptions extends Pick<AccountOptions, "quotas" | "throttle" | "timings"> {
  /** How many lines of the log could not be written. */
  readonly lostLogLines?: () => number;
}

interface StartInput {
  readonly config: Config;
  readonly clock: SystemClock;
  readonly log: Log;
  readonly version: string;
  readonly options: StartOptions;
}

async function start(
  input: StartInput,
  closing: (() => Promise<void> | void)[],
  stop: () => Promise<void>,
): Promise<Daemon> {
  const { config, clock, log, version } = input;
  const rng = seededRng(randomSeed());
  const store = openStore({
    path: config.database,
    clock,
    newUid: () => newUid(rng),
    retention: config.retention,
    resyncMs: config.resyncSeconds * 1000,
  });
  closing.push(() => store.close());
  const simulated = config.cloud === "simulated" ? await startSimulator(input, store) : undefined;
  if (simulated !== undefined) {
    closing.push(simulated.close);
    const { simulatorSeedFile } = config;
    if (simulatorSeedFile !== undefined) await seedFromFile(simulatorSeedFile, simulated.account, clock);
  }
  const aws = buildAws({
    clock,
    rng,
    log,
    autoScalingRate: config.autoScalingCallsPerSecond,
    apiShare: config.apiShare,
    isPaused: () => store.pause() !== undefined,
    ...(simulated === undefined
      ? {}
      : { endpoint: simulated.url, credentials: SIMULATED_CREDENTIALS, timeScale: config.simulatorSpeed }),
  });
  closing.push(() => aws.close());
  const tally = callTally(aws.cloudFor);
  const stopping = new AbortController();
  closing.push(() => stopping.abort());
  // Events bring looks forward, and routine asks whether they flow.
  const flowing = { isFlowing: (_region: string): boolean => false };
  const observatory = buildObservatory({
    isFlowing: (region) => flowing.isFlowing(region),
    cloudFor: tally.cloudFor,
    nowMs: () => clock.nowMs(),
    wishedMs: config.resyncSeconds * 1000,
    apiShare: config.apiShare,
    bucketsOf: (operation) => bucketsOf(operation, config.autoScalingCallsPerSecond),
    signal: stopping.signal,
  });
  const deps: PassDependencies = {
    store,
    cloudFor: tally.cloudFor,
    turnsFor: aws.turnsFor,
    observatory,
    accounts: new CallerAccounts(tally.cloudFor, clock),
    quotas: new KnownQuotas(clock),
    epochsRead: new Map(),
    clock,
    rng,
    log,
    installation: config.installation,
    resyncMs: config.resyncSeconds * 1000,
    managerTags: config.managerTags,
    correctionsPerHour: config.correctionsPerHour,
  };
  const controller = new Controller(deps);
  const events = eventsOf(input, deps, simulated?.account.context.region, (keys) => {
    for (const key of keys) controller.request(key, "suspicion");
  });
  flowing.isFlowing = (region) => events.isFlowing(region);
  const tokens = tokensOf(config, log);
  const realClock = systemClock({ speed: 1 });
  const app = buildApp({
    store,
    clock,
    log,
    ...(tokens === undefined ? {} : { tokens }),
    realClock,
    newSecret,
    takeTurn: eventLoopTurns(),
    version: kubernetesVersion(version, process),
    world: {
      cloud: config.cloud,
      version,
      resyncSeconds: config.resyncSeconds,
      ...(simulated === undefined ? {} : { speed: config.simulatorSpeed }),
    },
    admit: (spec, previous, key, lookups) =>
      admit(spec, previous, {
        ...(key === undefined ? {} : { key, owner: ownerOf(config.installation, key) }),
        ...(previous === undefined ? {} : { stored: store.lookups(previous.metadata) }),
        ...(lookups === undefined ? {} : { resolved: lookups }),
      }),
    heldNamesIn: (spec) => heldNamesIn(spec as WebServiceSpec),
    warnings: (object) => driftWarnings(config.installation, object),
    deletionFields: DELETION_FIELDS,
    resolveLookups: (asked) => resolveLookups(deps, asked, AbortSignal.timeout(PREVIEW_TIMEOUT_MS)),
    plan: (object, resolved, asked) =>
      preview(deps, { object, resolved, asked }, AbortSignal.timeout(PREVIEW_TIMEOUT_MS)),
    parseImport: importRequestOf,
    importTier: (request) => importTier(deps, request, AbortSignal.timeout(PREVIEW_TIMEOUT_MS)),
    acceptedSpec: (steered) => acceptedSpec(deps, steered, AbortSignal.timeout(PREVIEW_TIMEOUT_MS)),
    correctionRefusals: (steered) =>
      correctionRefusals(deps, steered, AbortSignal.timeout(PREVIEW_TIMEOUT_MS)),
    ignoreRefusals,
    ignoringSpec,
    specSchema: schemaAsWritten(webServiceSpecSchema),
    withoutSecrets: (spec) => withoutSecrets(spec) as Record<string, unknown>,
    requestReconcile: (key) => controller.request(key),
    requestReconcileOfAll: () => controller.requestAll(),
    cloudStatus: () => aws.status(),
    bucketUse: () => aws.budget(),
    freshnessOf: (key) => observatory.freshnessOf(key),
    budgets: () => observatory.budgets(),
    queueStatus: () => controller.queue,
    eventFlow: () => events.flow(),
    counters: () => ({
      passes: Object.entries(controller.counts).map(([result, count]) => ({ result, count })),
      calls: tally.counts(),
      lostLogLines: input.options.lostLogLines?.() ?? 0,
    }),
    ready: () => readinessOf(store),
    dashboard: {
      ...{
        fleetPage,
        servicePage,
        editPage,
        fleetText,
        serviceText,
        planText,
        fleetJson,
        errorPage,
        signInPage,
        assets,
      },
      ...{ docs: DOCS, docsPage },
      past: {
        ledger: { html: ledgerPage, text: ledgerText },
        fleet: { html: fleetOfThenPage, text: fleetOfThenText },
        service: { html: serviceOfThenPage, text: serviceOfThenText },
      },
    },
  });
  closing.push(() => app.close());
  const url = await listen(
    () => app.listen({ host: config.listen.host, port: config.listen.port }),
    config.listen,
    "--listen",
  );
  closing.push(watchStore(store, realClock, log));
  controller.start();
  closing.push(() => controller.stop());
  events.start();
  closing.push(() => events.stop());
  const { port } = app.server.address() as AddressInfo;
  log.info(
    { url, port, cloud: config.cloud, simulator: simulated?.url, database: config.database },
    "holdfast is up",
  );
  return { url, simulatorUrl: simulated?.url, account: simulated?.account, clock, store, controller, stop };
}

/** @param simulatedRegion of a queue whose URL does not say its own */
function eventsOf(
  { config: { eventsQueue, attribution } }: StartInput,
  { store, clock, log, cloudFor, observatory }: PassDependencies,
  simulatedRegion: string | undefined,
  suspect: (keys: readonly ObjectKey[]) => void,
): Events {
  const region = eventsQueue?.region ?? simulatedRegion;
  return buildEvents({
    ...{ store, clock, log, cloudFor, suspect, writesField, operationsFor },
    ...(eventsQueue === undefined || region === undefined ? {} : { queue: { ...eventsQueue, region } }),
    isCloudTrailAsked: attribution === "cloudtrail",
    oldestReadMs: (key) => oldestComparedMs(observatory.freshnessOf(key)),
  });
}

/** The tokens of the file as it is now. One that cannot be used is told once, and what it held before counts on. */
function tokensOf({ tokens }: Config, log: Log): (() => readonly TokenEntry[]) | undefined {
  if (tokens === undefined) return undefined;
  let told: string | undefined;
  return () => {
    const entries = tokens.entries();
    if (tokens.fault !== told && tokens.fault !== undefined) {
      log.error({ fault: tokens.fault }, "the token file cannot be used; the tokens that it held before are");
    }
    told = tokens.fault;
    return entries;
  };
}

/** How often, in real time, the database is tried when nothing else writes. */
const CHECK_EVERY_MS = 5_000;

/** Tells the log when the database takes nothing, and when it does again; the answer ends it. */
function watchStore(store: Store, realClock: Clock, log: Log): () => void {
  let told: string | undefined;
  const look = () => {
    const fault = store.check()?.message;
    if (fault !== undefined && fault !== told) log.error({ fault }, "the database takes nothing");
    if (fault === undefined && told !== undefined) log.info({}, "the database takes what is written again");
    told = fault;
    cancel = realClock.schedule(CHECK_EVERY_MS, look);
  };
  let cancel = realClock.schedule(CHECK_EVERY_MS, look);
  return () => cancel();
}

/** Without its memory the daemon can neither take a spec nor act on one. */
function readinessOf(store: Store): { ready: boolean; reasons: string[] } {
  // Over may be what a moment ago was in the way; it is tried only then, because anybody may ask.
  const fault = store.fault() && store.check();
  if (fault === undefined) return { ready: true, reasons: [] };
  return { ready: false, reasons: [`the database takes nothing since ${fault.since}: ${fault.message}`] };
}

/** The longest that a person waits for a plan or an import, in real milliseconds. */
const PREVIEW_TIMEOUT_MS = 60_000;
/** The simulated account lets anybody in; the SDK wants to sign with something. */
const SIMULATED_CREDENTIALS = { accessKeyId: "simulated", secretAccessKey: "simulated" };

async function startSimulator({ config, clock, options }: StartInput, store: Store) {
  const account = buildAccount({ clock, rng: seededRng(config.simulatorSeed ?? randomSeed()), ...options });
  const { host, port } = config.simulatorListen;
  const advance = (ms: number) => clock.advance(ms);
  const server = await listen(
    () => serveAccount(account, { host, port, advance }),
    config.simulatorListen,
    "--simulator-listen",
  );
  forgetApplied(store, { id: account.context.accountId, partition: "aws" });
  return { account, url: server.url, close: () => server.close() };
}

/**
 * A simulated account is a new one at each start: what was applied to an earlier one, or made in it, says nothing
 * about this one. What belongs to another account stays.
 */
function forgetApplied(store: Store, simulated: CallerAccount): void {
  store.transaction(() => {
    for (const { metadata } of store.list({}).items) {
      const own = accountOf(store, metadata);
      if (own !== undefined && !isSameAccount(own, simulated)) continue;
      for (const address of store.applied(metadata).keys()) store.removeApplied(metadata, address);
      for (const made of store.made(metadata)) store.removeMade(metadata, made);
    }
  });
}

async function listen<T>(
  begin: () => Promise<T>,
  { host, port }: { host: string; port: number },
  flag: string,
): Promise<T> {
  try {
    return await begin();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EADDRINUSE") throw new SetupError(`${flag}: ${host}:${port} is in use by another process`);
    if (code === "EACCES")
      throw new SetupError(`${flag}: ${host}:${port} needs privileges that this process lacks`);
    if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND")
      throw new SetupError(`${flag}: ${host} is not an address of this machine`);
    throw error;
  }
}
