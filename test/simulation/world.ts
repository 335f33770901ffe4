/** One seed makes a world: clock, account, database, daemon, users, faults and saboteur, in one thread. */
import { conditionOf } from "../../src/model/conditions.ts";
import { CloudError } from "../../src/model/errors.ts";
import type { DriftEvent } from "../../src/model/ledger/drift.ts";
import type { WebService } from "../../src/model/object.ts";
import type { Clock, Cloud } from "../../src/ports.ts";
import { seededRng } from "../../src/runtime/seeded-rng.ts";
import { type Account, buildAccount } from "../../src/simulator/account.ts";
import { simulatedCloud } from "../../src/simulator/cloud.ts";
import { type Call, type Interceptor, interceptors } from "../../src/simulator/faults/interceptors.ts";
import { VirtualClock } from "../support/virtual-clock.ts";
import { CARRIED, makeTier } from "./actors/earlier-team.ts";
import { EventBus, FORGERIES } from "./actors/event-bus.ts";
import { Outsiders } from "./actors/outsiders.ts";
import { Steerers } from "./actors/steerers.ts";
import { Users } from "./actors/users.ts";
import { isRead } from "./call-faults.ts";
import { Disk } from "./disk.ts";
import { Trouble } from "./faulty-account.ts";
import { readAccount } from "./judges/account-view.ts";
import { Attributions } from "./judges/attributions.ts";
import { Claims, MISLED_MS } from "./judges/claims.ts";
import { Consent } from "./judges/consent.ts";
import { Databases } from "./judges/databases.ts";
import { Evidence } from "./judges/evidence.ts";
import { Freshness } from "./judges/freshness.ts";
import { Guards } from "./judges/guards.ts";
import { Hearing } from "./judges/hearing.ts";
import { knownIn, labelled } from "./judges/labels.ts";
import { Reads } from "./judges/reads.ts";
import { ownerOf, type Wanted } from "./judges/remains.ts";
import { Takeover } from "./judges/takeover.ts";
import { Watch } from "./judges/watch.ts";
import { Life, type LifeHooks } from "./life.ts";
import { addressesIn, type Spec } from "./specs.ts";
import { type History, SERVICES, type ServiceName, type Step } from "./steps.ts";

export const START_MS = Date.parse("2026-01-01T00:00:00.000Z");
const RESYNC_MS = 300_000;
const SAMPLE_MS = 15_000;
/** The longest that a step waits for a call of the daemon. */
const UNTIL_MS = 2 * 3_600_000;
/** Whoever changes a spec does not wait for a resync. */
const PROMPT_MS = 60_000;
/** Where nothing goes wrong meanwhile, what has to be called for it has begun by then. */
const BEGUN_MS = 15_000;
/** Of Elastic Load Balancing, for a service of the size of these; and what AWS allows an account. */
const CALLS_OF_A_LOOK = 15;
const ELB_PER_SECOND = 10;
/** For so long after something was in the way a pass may still be at what it began before. */
const RECOVERY_MS = 300_000;
/** A fresh write of the user may overtake a call that is on its way. */
const OVERTAKING_MS = 3_000;

type Status = NonNullable<WebService["status"]>;

/** What others of the account do all day. */
const THEIR_OPERATIONS = [
  "elasticloadbalancing:DescribeTargetHealth",
  "elasticloadbalancing:DescribeLoadBalancers",
  "autoscaling:DescribeAutoScalingGroups",
  "cloudwatch:DescribeAlarms",
];

/** Whether an operation is about a tier, and not about the events that tell of it. */
function isOfTier(operation: string): boolean {
  return !/^(sqs|events|cloudtrail):/.test(operation);
}

/** What is about events is none of the tiers' business. */
function ofTiers(judges: Interceptor): Interceptor {
  const isTheirs = ({ service, operation }: Call) => isOfTier(`${service}:${operation}`);
  return {
    before: (call) => (isTheirs(call) ? judges.before?.(call) : undefined),
    after: (call, output) => (isTheirs(call) ? judges.after?.(call, output) : undefined),
  };
}

/** Whether the daemon has read AWS since the last write of its user. */
function isLookedAt(stored: WebService | undefined): boolean {
  return (
    stored?.status?.observedGeneration === stored?.metadata.generation &&
    conditionOf(stored?.status?.conditions, "Synced")?.status !== "Unknown"
  );
}

export class World {
  readonly clock = new VirtualClock(START_MS);
  readonly account: Account;
  readonly watch: Watch;
  readonly trouble: Trouble;
  readonly disk: Disk;
  readonly trace: string[] = [];
  readonly objections: string[] = [];
  /** Faults and crashes that met something: each may cost a call. */
  hits = 0;
  /** Says at which times the daemon wrote an event. */
  events = 0;
  /** Drift event → what it last said. */
  readonly #told = new Map<string, string>();
  life: Life | undefined;
  /** Where the daemon's credentials lead. */
  #cloud: Cloud;
  #elsewhere: Account | undefined;
  readonly #seed: number;
  readonly users: Users;
  readonly steerers: Steerers;
  readonly outsiders: Outsiders;
  readonly claims: Claims;
  readonly takeover: Takeover;
  readonly consent: Consent;
  readonly guards: Guards;
  readonly reads = new Reads(() => this.clock.nowMs());
  readonly freshness: Freshness;
  readonly evidence: Evidence;
  readonly bus: EventBus;
  readonly attributions = new Attributions((text) => this.object(text));
  readonly hearing: Hearing;
  readonly databases = new Databases((text) => this.object(text));
  readonly #statuses = new Map<string, { conditions: string; atMs: number; count: number }>();
  readonly #isWhole: boolean;
  readonly #correctionsPerHour: number | undefined;
  readonly #apiShare: number | undefined;
  readonly #mayDrift: boolean;
  /** Nobody but the users does anything. */
  readonly isCalm: boolean;
  readonly #isNetworked: boolean;
  #lives = 0;
  #skewMs = 0;
  /** What users have written and the daemon has not answered to. */
  /** Whoever moves something moves it once, and the daemon remembers what it has sent. */
  readonly #nobodyPutsBack: boolean;
  readonly #wishes = new Map<string, { generation: number; atMs: number; hits: number }>();
  /** The generation of each service that calls have been sent for, or that nothing is to be called for. */
  readonly #begun = new Map<string, number>();
  /** Services whose pass has begun to write. */
  readonly #writing = new Set<string>();
  #hitAtMs = Number.NEGATIVE_INFINITY;
  /** Commit → for how long the disk is full from then on. */
  readonly #diskFullAt = new Map<number, number>();
  #isOver = false;

  constructor({ seed, steps, isWhole = false }: History) {
    this.#seed = seed;
    this.#isWhole = isWhole;
    this.#correctionsPerHour = steps.find((step) => step.do === "correct at most")?.perHour;
    this.#apiShare = steps.find((step) => step.do === "api share")?.share;
    const isScarce = steps.some((step) => step.do === "api share" || step.do === "events");
    const others = steps.find((step) => step.do === "other users");
    const isSkewed = steps.some((step) => step.do === "clock jump");
    // A clock that leaps makes a write of a moment ago an old one, while AWS still shows what was before it.
    const leaps = steps.some((step) => step.do === "clock jump" && step.seconds > 0);
    const lags = steps.some((step) => step.do === "lag");
    this.#mayDrift = (leaps && lags) || steps.some((step) => step.do === "older database");
    const deeds = steps.filter(({ do: what }) => what === "sabotage" || what === "neighbour");
    const forgets = steps.some(({ do: what }) => /database|backup|clock jump/.test(what));
    const putsBack = steps.some((step) => step.do === "sabotage" && /in the place of/.test(step.what));
    this.#nobodyPutsBack = deeds.length < 2 && !forgets && !putsBack;
    this.isCalm = !steps.some((step) =>
      ["sabotage", "zone outage", "neighbour", "older database", "delete"].includes(step.do),
    );
    const needsVersions =
      steps.some((step) => step.do === "fault" && ["stale", "older"].includes(step.fault)) ||
      steps.some((step) => step.do === "lag");
    this.#isNetworked = steps.some((step) => step.do === "older database" || step.do === "backup");
    this.trouble = new Trouble(
      {
        nowMs: () => this.clock.nowMs(),
        crash: (downMs) => this.#crash(downMs),
        trace: (text) => this.say(text),
        hit: (of) => {
          this.hits += 1;
          this.#hitAtMs = this.clock.nowMs();
          this.freshness.disturb(of);
          this.hearing.disturb();
        },
      },
      needsVersions,
    );
    this.watch = new Watch({
      nowMs: () => this.clock.nowMs(),
      isDaemons: (call) => this.trouble.isDaemons(call),
      isWanted: (owner, address) => this.#isWanted(owner, address),
      certificatesAt: (owner, address) => this.users.certificatesAt(owner, address, OVERTAKING_MS),
      object: (text) => this.object(text),
      isPaused: () => this.users.isPaused(OVERTAKING_MS),
      isMisled: (service) => this.#isMisled(service),
      isProtected: (owner) => this.users.isProtected(SERVICES.find((name) => ownerOf(name) === owner)),
      isWrittenDown: (operation) =>
        this.users.hasLostObjects ||
        this.disk.store
          .calls({ limit: 40 })
          .some((row) => row.operation === operation && row.outcome === "pending"),
      account: () => this.account,
      isCalm: this.isCalm,
    });
    this.takeover = new Takeover({
      isDaemons: (call) => this.trouble.isDaemons(call),
      stored: (name) => this.users.stored(name),
      serviceOf: (operation) =>
        this.disk.store
          .calls({ limit: 40 })
          .find((row) => row.operation === operation && row.outcome === "pending")?.service.name,
      isJustEdited: () => this.clock.nowMs() - this.users.editedAtMs < OVERTAKING_MS,
      isMisled: (service) => this.#isMisled(service),
      isTroubled: () => this.#isTroubled(),
      isDisowned: (name) => this.users.desks.get(name as ServiceName)?.isDisowned === true,
      object: (text) => this.object(text),
    });
    this.consent = new Consent({
      isDaemons: (call) => this.trouble.isDaemons(call),
      stored: (name) => this.users.stored(name),
      ours: () => this.watch.ours,
      account: () => this.account,
      isJustEdited: () => this.clock.nowMs() - this.users.editedAtMs < OVERTAKING_MS,
      hasLostObjects: () => this.users.hasLostObjects,
      isMisled: (service) => this.#isMisled(service),
      object: (text) => this.object(text),
    });
    this.guards = new Guards(
      {
        nowMs: () => this.clock.nowMs(),
        isDaemons: (call) => this.trouble.isDaemons(call),
        services: () => SERVICES.flatMap((name) => this.users.stored(name) ?? []),
        hasLostObjects: () => this.users.hasLostObjects,
        object: (text) => this.object(text),
      },
      this.#correctionsPerHour,
    );
    this.freshness = new Freshness(
      {
        nowMs: () => this.clock.nowMs(),
        // Times of a clock that is wrong mean nothing here.
        standing: () =>
          this.life === undefined || isSkewed || this.users.hasLostObjects
            ? []
            : this.#standing().map(({ name }) => name),
        promisedOf: (name) => this.life?.observatory.freshnessOf({ namespace: "default", name }),
        account: () => this.takeover.shown(readAccount(this.account)),
        object: (text) => this.object(text),
      },
      this.reads,
      { wishedMs: RESYNC_MS, isScarce, waitMs: () => this.#waitMs() },
    );
    this.evidence = new Evidence(
      {
        nowMs: () => this.clock.nowMs(),
        isDaemons: (call) => this.trouble.isDaemons(call),
        isTroubled: () => this.clock.nowMs() - this.#hitAtMs < RECOVERY_MS,
        waitMs: () => this.#waitMs(),
        object: (text) => this.object(text),
      },
      this.reads,
    );
    const judges = [this.guards, this.consent, this.watch, this.takeover, this.evidence, this.reads];
    this.account = buildAccount({
      clock: this.clock,
      rng: seededRng(seed),
      throttle: others !== undefined,
      ...(others === undefined ? {} : { others: { ...others, operations: THEIR_OPERATIONS } }),
      interceptor: interceptors([ofTiers(interceptors(judges)), this.trouble]),
    });
    this.bus = new EventBus(this.account, this.clock);
    this.hearing = new Hearing({
      nowMs: () => this.clock.nowMs(),
      delivery: () => this.bus.delivery,
      isFlowing: () => this.life?.events?.isFlowing("us-east-1"),
      turned: () => this.freshness.disturb(),
      object: (text) => this.object(text),
    });
    this.#cloud = simulatedCloud(this.account);
    this.disk = new Disk(this.#daemonsClock(), seed + 1, this.#isNetworked);
    this.users = new Users({
      clock: this.clock,
      disk: this.disk,
      life: () => this.life,
      say: (text) => this.say(text),
      object: (text) => this.object(text),
      wrote: ({ metadata: { name, generation }, status }) => {
        // What is done about a wish is not begun anew when it is said once more.
        const isWaiting = this.#wishes.get(name)?.generation === generation;
        this.#wishes.set(name, { generation, atMs: this.clock.nowMs(), hits: this.hits });
        // Only routine is overtaken.
        const isAsked = this.evidence.isAsked(name) || isWaiting;
        this.evidence.asks(name);
        const isAtRest = conditionOf(status?.conditions, "Synced")?.status === "True";
        if (isAtRest && !isAsked && !this.#writing.has(name)) this.#expect(name, generation);
      },
      approved: (service, digest) => this.consent.approved(service, digest),
      confirmed: (service) => this.databases.confirmed(service),
      imported: (service, spec) => {
        const view = readAccount(this.account);
        this.takeover.imported(service, spec, view);
        for (const known of knownIn(labelled(view, { name: service, spec }), service))
          this.watch.ours.add(known);
      },
    });
    this.steerers = new Steerers({
      clock: this.clock,
      disk: this.disk,
      life: () => this.life,
      writer: () => this.users.writer(),
      say: (text) => this.say(text),
      object: (text) => this.object(text),
      revised: (service, stored) => this.users.revised(service, stored),
      lifted: () => this.guards.lifted(),
    });
    this.claims = new Claims({
      clock: this.clock,
      account: this.account,
      watch: this.watch,
      stored: (name) => this.users.stored(name),
      misledAtMs: () => this.trouble.misledAtMs,
      oldestMs: (name) => this.freshness.oldestMs(name),
      object: (text) => this.object(text),
      shown: (view) => this.takeover.shown(view),
      carried: (service) => this.#carriedBy(service),
      isCalm: this.isCalm,
    });
    this.outsiders = new Outsiders({
      clock: this.clock,
      account: this.account,
      watch: this.watch,
      say: (text) => this.say(text),
      moved: () => this.claims.disturb(),
      did: (deed) => this.attributions.did(deed, this.bus.delivery?.how === "in time"),
      shown: (view) => this.takeover.shown(view),
      standing: () => this.#standing(),
    });
    this.#live();
    this.#sample();
  }

  #isMisled(service: string): boolean {
    return this.trouble.isLagging(service) || this.#isTroubled();
  }

  #isTroubled(): boolean {
    return this.clock.nowMs() - this.trouble.misledAtMs < MISLED_MS;
  }

  say(text: string): void {
    this.trace.push(`${((this.clock.nowMs() - START_MS) / 1000).toFixed(3).padStart(10)} ${text}`);
  }

  object(text: string): void {
    if (this.objections.includes(text)) return;
    this.objections.push(text);
    this.say(`OBJECTION ${text}`);
  }

  #daemonsClock(): Clock {
    return {
      nowMs: () => this.clock.nowMs() + this.#skewMs,
      schedule: (delayMs, run) => this.clock.schedule(delayMs, run),
    };
  }

  #live(): void {
    this.#lives += 1;
    this.#hitAtMs = this.clock.nowMs();
    this.freshness.disturb();
    this.hearing.disturb();
    this.evidence.forgetWrites();
    this.say(`the daemon starts (life ${this.#lives})`);
    this.life = new Life({
      disk: this.disk,
      clock: this.#daemonsClock(),
      cloud: this.#cloud,
      seed: this.#seed + 7 * this.#lives,
      resyncMs: RESYNC_MS,
      hooks: this.#hooks(),
      isWhole: this.#isWhole,
      correctionsPerHour: this.#correctionsPerHour,
      apiShare: this.#apiShare,
      queue: this.bus.queue,
    });
  }

  #hooks(): LifeHooks {
    return {
      sending: (operation, input) => {
        if (isOfTier(operation)) {
          if (!isRead(operation)) this.say(`call ${operation}`);
          this.watch.sending(operation, input);
          this.reads.sending(input);
        }
        this.trouble.sending(operation, input);
      },
      answered: (operation, input, error) => {
        // A limit that others have used up is in the way, too.
        if (error instanceof CloudError && error.category === "throttled") this.#hit();
        if (error instanceof Error) this.say(`answer ${operation}: ${error.message}`);
        if (!isOfTier(operation)) return;
        this.reads.answered(input, error);
        this.evidence.answered(operation);
        if (error instanceof Error) this.watch.failed(operation, input);
      },
      beforeCommit: () => {
        const fullMs = this.#diskFullAt.get(this.trouble.commits);
        if (fullMs !== undefined) this.#fillDisk(fullMs);
        this.trouble.committing("beforeCommit");
      },
      afterCommit: () => this.trouble.committing("afterCommit"),
      status: (service, status) => this.#onStatus(service, status),
      event: (text) => {
        // Who did it may be known long after it.
        if (!text.includes(" DriftAttributed: ")) this.events += 1;
        this.watch.hear("an event", text);
        this.say(`event ${text}`);
      },
      drift: (event) => {
        if (this.#isNews(event)) this.events += 1;
        this.watch.hear("the drift ledger", JSON.stringify(event));
        this.attributions.hear(event);
        const { service, state, resource, field } = event;
        if (state === "Open" && !this.#mayDrift && !this.outsiders.isTheirs(event))
          this.object(`drift without a saboteur: ${service} ${resource} ${field}`);
        // One answer of long ago may be from before it was moved, and it is believed: AWS's own are late by seconds.
        if (state === "Reverted" && this.#nobodyPutsBack && !this.#isTroubled())
          this.object(`the ledger denies our own hand: ${service} ${resource} ${field}`);
        this.evidence.hearDrift(event);
        this.outsiders.hear(event);
        this.takeover.hearDrift(event);
        this.say(`event ${service} drift ${state} ${resource} ${field}`);
      },
      released: (service) => this.#wishes.delete(service),
      intends: (intent) => {
        this.evidence.intends(intent.operation, intent.service.name);
        this.#begun.set(intent.service.name, intent.generation);
        this.#writing.add(intent.service.name);
        // What is only observed is in sync by what it is: our tags, which are taken off, are no part of that.
        if (!this.takeover.isObserved(intent.service.name)) this.claims.writes(intent.service.name);
        this.users.judge(intent);
        this.databases.intends(intent);
        if (!this.#isMisled(intent.service.name)) this.steerers.judge(intent);
      },
      log: (text) => {
        this.watch.hear("the log", text);
        if (text.startsWith("error")) this.#onError(text);
      },
      region: (region) => {
        if (region !== "us-east-1") this.object(`the daemon looks at ${region}`);
      },
      suspects: (services) => {
        for (const service of services) this.evidence.asks(service);
      },
    };
  }

  /** A pass that crashes is a bug, unless the disk refused. */
  #onError(text: string): void {
    if (/disk is full/.test(text)) return;
    this.object(`a pass crashed: ${text.slice(0, 600)}`);
  }

  /** That something is still so is written down from time to time, and who did it afterwards: nothing has happened then. */
  #isNews({
    lastSeenTime: _seen,
    attribution: _attribution,
    metadata: { resourceVersion: _version, ...metadata },
    ...told
  }: DriftEvent): boolean {
    const place = `${metadata.namespace}/${metadata.name}`;
    const text = JSON.stringify({ ...told, metadata });
    const isNews = this.#told.get(place) !== text;
    this.#told.set(place, text);
    return isNews;
  }

  #onStatus(service: string, status: Status): void {
    const conditions = status.conditions
      .map((item) => `${item.type}=${item.status}/${item.reason}`)
      .join(" ");
    const before = this.#statuses.get(service);
    this.#statuses.set(service, { conditions, atMs: this.clock.nowMs(), count: (before?.count ?? 0) + 1 });
    this.watch.hear("a status", JSON.stringify(status));
    this.evidence.hearStatus(service, status, () => this.freshness.oldestMs(service));
    this.#begun.set(service, status.observedGeneration);
    this.#writing.delete(service);
    this.claims.hear(service, status);
    this.takeover.hear(service, status);
    this.consent.hear(service, status);
    this.guards.hear(service, status);
    this.steerers.lift(service, conditionOf(status.conditions, "Stalled")?.reason);
    this.users.consent(service as ServiceName, status.plan?.approval?.digest);
    this.users.confirmEpoch(service as ServiceName, status.foreignEpoch);
    if (status.observedGeneration >= (this.#wishes.get(service)?.generation ?? 0))
      this.#wishes.delete(service);
    if (before?.conditions === conditions) return;
    this.say(`status ${service}: ${conditions}`);
  }

  /** What a person has written is begun before routine goes on. */
  #expect(service: string, generation: number): void {
    const { hits } = this;
    const life = this.life;
    this.clock.schedule(BEGUN_MS, () => {
      if (this.#isOver || hits !== this.hits || life !== this.life) return;
      const isOvertaken = this.users.stored(service)?.metadata.generation !== generation;
      if (!isOvertaken && (this.#begun.get(service) ?? 0) < generation)
        this.object(`what the user of ${service} wrote was not begun within ${BEGUN_MS / 1000} s`);
    });
  }

  /** Restarted, the daemon asks for everything at once; without rate limits nothing waits. */
  #waitMs(): number {
    if (!this.#isWhole || this.#apiShare === undefined) return 0;
    return (this.users.desks.size * CALLS_OF_A_LOOK * 1_000) / (this.#apiShare * ELB_PER_SECOND);
  }

  #hit(): void {
    this.hits += 1;
    this.#hitAtMs = this.clock.nowMs();
    this.freshness.disturb();
    this.hearing.disturb();
  }

  #fillDisk(ms: number): void {
    this.say("the disk is full");
    this.#hit();
    this.disk.isFull = true;
    this.clock.schedule(ms, () => {
      this.disk.isFull = false;
    });
  }

  #crash(downMs: number): void {
    this.life?.die();
    this.life = undefined;
    this.clock.schedule(downMs, () => {
      if (this.life === undefined) this.#live();
    });
  }

  /** The daemon is started anew, with credentials of that account. */
  #moveTo(account: Account): void {
    this.#cloud = simulatedCloud(account);
    this.#crash(1_000);
  }

  #isWanted(owner: string, address: string): boolean {
    const service = SERVICES.find((name) => ownerOf(name) === owner);
    if (service === undefined || this.clock.nowMs() - this.users.editedAtMs < OVERTAKING_MS) return false;
    const stored = this.users.stored(service);
    if (stored === undefined || stored.metadata.deletionTimestamp !== undefined) return false;
    return addressesIn(stored.spec as Spec).has(address);
  }

  #sample(): void {
    this.clock.schedule(SAMPLE_MS, () => {
      if (this.#isOver) return;
      this.watch.serving.sample();
      // What is promised changes with what is heard.
      this.hearing.check();
      this.freshness.check();
      for (const [service, { atMs, hits }] of this.#wishes) {
        const isInTheWay = hits !== this.hits || this.life === undefined;
        if (isInTheWay) this.#wishes.delete(service);
        else if (this.clock.nowMs() - atMs > PROMPT_MS)
          this.object(`what the user of ${service} wrote was not looked at within ${PROMPT_MS / 1000} s`);
      }
      this.#sample();
    });
  }

  /** Services that are as their users want them, by their own status. */
  #standing(): Wanted[] {
    return this.wanted().filter(({ name }) => {
      const stored = this.users.stored(name);
      return (
        conditionOf(stored?.status?.conditions, "Synced")?.status === "True" &&
        stored?.status?.observedGeneration === stored?.metadata.generation
      );
    });
  }

  // Steps.

  async take(step: Step): Promise<void> {
    if (step.do !== "wait" && step.do !== "settle") {
      // To be asked for a pass moves nothing.
      if (step.do !== "poke") this.claims.disturb();
      if (step.do !== "resume" && step.do !== "poke") this.steerers.disturb();
      this.say(`step ${JSON.stringify(step)}`);
    }
    switch (step.do) {
      case "wait":
        await this.clock.advance(step.seconds * 1000);
        return;
      case "until":
        await this.trouble.untilSent(step.sends, (isSent) => this.clock.runUntil(isSent, UNTIL_MS));
        return;
      case "settle":
        await this.#settleUnasked(step.minutes);
        return;
      case "found":
        await makeTier(this.account, this.clock, step.tier);
        return;
      case "adopt":
      case "release":
        this.takeover.turned(step.service, step.do === "adopt" ? "Manage" : "Observe");
        this.outsiders.forgive(step.service);
        await this.users.take(step);
        return;
      case "steer":
        this.takeover.edited(step.service);
        this.outsiders.forgive(step.service);
        await this.steerers.take(step);
        return;
      case "edit":
      case "undo":
        this.takeover.edited(step.service);
        this.outsiders.forgive(step.service);
        await this.users.take(step);
        return;
      case "import":
      case "disown":
      case "create":
      case "pause":
      case "resume":
      case "delete":
      case "poke":
      case "approve":
      case "unprotect":
      case "force":
        this.outsiders.forgive(step.service);
        await this.users.take(step);
        return;
      case "sabotage":
      case "neighbour":
        await this.outsiders.take(step);
        this.takeover.moved(readAccount(this.account));
        return;
      case "another account":
        this.#elsewhere = buildAccount({
          clock: this.clock,
          rng: seededRng(this.#seed + 3),
          throttle: false,
          accountId: "210987654321",
        });
        this.#moveTo(this.#elsewhere);
        this.clock.schedule(step.seconds * 1000, () => this.#moveTo(this.account));
        return;
      case "fault":
        this.trouble.arm(step.fault, step);
        return;
      case "lag":
        if ("call" in step) this.trouble.lagFrom(step.call, step.seconds * 1000);
        else this.trouble.lag(step.service, step.seconds * 1000);
        return;
      case "quota":
        this.account.quotas[step.of] = step.most;
        return;
      case "short pages":
        this.trouble.pageItems = step.items;
        return;
      case "outage":
        this.trouble.outage(step.service, step.seconds * 1000);
        this.#hit();
        return;
      case "credentials":
        this.trouble.withoutCredentials(step.seconds * 1000);
        return;
      case "correct at most":
      case "api share":
        return;
      case "other users":
        return;
      case "events":
        if (await this.bus.deliver(step.come)) this.#crash(0);
        return;
      case "forge":
        this.attributions.forged({
          operation: FORGERIES[step.what],
          atMs: this.clock.nowMs(),
          concerns: ({ service }) => service === step.service,
        });
        await this.bus.forge(step.service, step.what);
        return;
      case "zone outage":
        this.account.control.failZone(step.zone);
        this.clock.schedule(step.seconds * 1000, () => this.account.control.restoreZone(step.zone));
        return;
      case "crash":
        this.trouble.trap(step.point, {
          at: step.call ?? step.commit,
          skip: step.skip,
          downMs: step.downSeconds * 1000,
        });
        return;
      case "disk full":
        if (step.commit === undefined) this.#fillDisk(step.seconds * 1000);
        else this.#diskFullAt.set(step.commit, step.seconds * 1000);
        return;
      case "clock jump":
        this.#hit();
        this.#skewMs += step.seconds * 1000;
        return;
      default:
        this.#handleDisk(step);
    }
  }

  #handleDisk(step: Extract<Step, { do: "kill" | "lose database" | "backup" | "older database" }>): void {
    if (step.do === "kill") {
      this.#hit();
      this.#crash(step.downSeconds * 1000);
    }
    if (step.do === "backup") {
      this.disk.backUp();
      this.databases.backedUp(readAccount(this.account));
    }
    if (step.do !== "lose database" && step.do !== "older database") return;
    this.#hit();
    this.users.hasLostObjects = true;
    this.outsiders.forgive();
    this.#crash(1_000);
    if (step.do === "lose database") {
      this.disk.lose();
      this.databases.lost();
    } else if (this.disk.restore()) this.databases.putBack(readAccount(this.account));
  }

  // The end.

  /** Every cause of trouble ends, and the users see to it that the daemon knows what they want. */
  async heal(): Promise<void> {
    this.say("the trouble ends");
    this.trouble.disarm();
    this.disk.isFull = false;
    this.#diskFullAt.clear();
    for (const { zone } of this.account.control.zones()) this.account.control.restoreZone(zone);
    if (this.#elsewhere !== undefined) this.#moveTo(this.account);
    const strays = this.#elsewhere?.calls.mutating() ?? 0;
    if (strays > 0) this.object(`${strays} calls change an account that none of the services lives in`);
    await this.users.insist();
  }

  /** Nobody asks the daemon for anything: it must come to it by itself, in an hour at the latest. */
  async #settleUnasked(minutes: number): Promise<void> {
    const isSettled = await this.settle(minutes * 60_000);
    if (!isSettled && minutes >= 60) this.object(`not settled after ${minutes} min: ${this.conditions()}`);
  }

  /** Until the daemon says of every service what its user wants to hear, twice. @returns whether it did */
  async settle(limitMs: number): Promise<boolean> {
    const since = new Map([...this.#statuses].map(([name, status]) => [name, status.count]));
    const asked = new Set<string>();
    const isDone = () =>
      [...this.users.desks].every(([service, desk]) => {
        if (desk.want === "nothing") return true;
        const stored = this.users.stored(service);
        if (desk.want === "deletion") return stored === undefined;
        const count = (this.#statuses.get(service)?.count ?? 0) - (since.get(service) ?? 0);
        if (this.takeover.isObserved(service) && !this.takeover.isUntouched(service))
          return count >= 1 && this.takeover.isReleased(service) && isLookedAt(stored);
        const isReady =
          conditionOf(stored?.status?.conditions, "Ready")?.status === "True" &&
          conditionOf(stored?.status?.conditions, "Drifted")?.status === "False" &&
          stored?.status?.observedGeneration === stored?.metadata.generation;
        if (count >= 1 && isReady && !asked.has(service)) {
          asked.add(service);
          since.set(service, (since.get(service) ?? 0) + count);
          this.evidence.asks(service);
          this.life?.controller.request({ namespace: "default", name: service });
          return false;
        }
        return count >= 1 && isReady && asked.has(service);
      });
    try {
      await this.clock.runUntil(() => this.objections.length > 0 || isDone(), limitMs);
      return true;
    } catch {
      return false;
    }
  }

  /** What the users want in the end, as it is stored. */
  wanted(): Wanted[] {
    return [...this.users.desks]
      .filter(([, desk]) => desk.want === "service")
      .map(([name]) => ({
        name,
        spec: this.users.stored(name)?.spec ?? {},
        carried: this.#carriedBy(name),
      }));
  }

  #carriedBy(service: string): readonly string[] {
    return this.takeover.isTaken(service) ? CARRIED : [];
  }

  conditions(): string {
    return [...this.#statuses].map(([name, status]) => `${name}: ${status.conditions}`).join("; ");
  }

  /** Whether the daemon has released what was to be deleted with everything left in place. */
  retained(): ServiceName[] {
    return [...this.users.desks]
      .filter(([, desk]) => desk.want === "deletion" && desk.spec.deletionPolicy === "Retain")
      .map(([name]) => name);
  }

  end(): void {
    this.#isOver = true;
    this.life?.die();
    this.disk.destroy();
  }
}
