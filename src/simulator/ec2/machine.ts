/** One virtual machine: its states, its status checks, and the application that runs on it. */
import type { RunInstancesCommandInput } from "@aws-sdk/client-ec2";
import type { AccountContext } from "../account/context.ts";
import { draw, type Timings } from "../account/timings.ts";
import type { Instance, Tag } from "../services.ts";

/** How an application misbehaves. */
export type ApplicationFault =
  | { kind: "status"; statusCode: number }
  /** Nothing listens: the connection is refused. */
  | { kind: "refuse" }
  /** It accepts and never answers. */
  | { kind: "timeout" };

/** What a launch asked for, of which the account does nothing but tell. */
export type LaunchOptions = Pick<
  RunInstancesCommandInput,
  | "CapacityReservationSpecification"
  | "ClientToken"
  | "CpuOptions"
  | "EbsOptimized"
  | "EnclaveOptions"
  | "HibernationOptions"
  | "InstanceMarketOptions"
  | "LicenseSpecifications"
  | "MaintenanceOptions"
  | "MetadataOptions"
  | "Monitoring"
  | "NetworkPerformanceOptions"
  | "Placement"
  | "PrivateDnsNameOptions"
>;

export interface MachineFacts {
  readonly instanceId: string;
  readonly reservationId: string;
  /** Among those of the same launch, from 0. */
  readonly launchIndex: number;
  readonly availabilityZone: string;
  readonly subnetId: string;
  readonly vpcId: string;
  readonly instanceType: string;
  readonly imageId: string;
  readonly architecture: "x86_64" | "arm64";
  readonly rootDeviceName: string;
  readonly privateIp: string;
  /** While it runs. */
  readonly hasPublicIp: boolean;
  readonly keyName: string | undefined;
  readonly profileArn: string | undefined;
  readonly userData: string | undefined;
  readonly options: LaunchOptions;
  securityGroupIds: readonly string[];
  protectedFromTermination: boolean;
  protectedFromStop: boolean;
  shutdownBehavior: "stop" | "terminate";
  sourceDestCheck: boolean;
  /** Of a burstable type. */
  cpuCredits: "standard" | "unlimited" | undefined;
  /** What the application in the image answers. */
  readonly imageStatusCode: number;
}

interface StateReason {
  readonly code: string;
  readonly message: string;
}

const BY_USER: StateReason = {
  code: "Client.UserInitiatedShutdown",
  message: "User initiated shutdown",
};
/** Codes of https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_StateReason.html */
const SPOT_TERMINATION: StateReason = {
  code: "Server.SpotInstanceTermination",
  message: "Spot instance termination",
};
const SPOT_SHUTDOWN: StateReason = { code: "Server.SpotInstanceShutdown", message: "Spot instance shutdown" };

type Answer = { reachable: false; timedOut: boolean } | { reachable: true; statusCode: number };

/** @internal The lifecycle: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-lifecycle.html */
export class Machine {
  readonly facts: MachineFacts;
  readonly #context: AccountContext;
  readonly #timings: Timings;
  readonly #hooks: MachineHooks;
  #state: Instance["state"] = "pending";
  #launchedAtMs: number;
  #stateReason: StateReason | undefined;
  #isBooted = false;
  #isHibernated = false;
  #hasPassedChecks = false;
  #fault: ApplicationFault | undefined;
  /** The fault itself, and what the status check has found out so far. */
  #impairment = { system: false, instance: false };
  #reported = { system: false, instance: false };
  #isZoneUp: boolean;
  #cancels: (() => void)[] = [];
  #cancelReport: () => void = () => undefined;

  constructor(
    context: AccountContext,
    timings: Timings,
    facts: MachineFacts,
    isZoneUp: boolean,
    hooks: MachineHooks,
  ) {
    this.#context = context;
    this.#timings = timings;
    this.facts = facts;
    this.#isZoneUp = isZoneUp;
    this.#hooks = hooks;
    this.#launchedAtMs = context.clock.nowMs();
    this.#start();
  }

  view(tags: readonly Tag[]): Instance {
    const { facts } = this;
    return {
      instanceId: facts.instanceId,
      availabilityZone: facts.availabilityZone,
      subnetId: facts.subnetId,
      vpcId: facts.vpcId,
      instanceType: facts.instanceType,
      imageId: facts.imageId,
      market: facts.options.InstanceMarketOptions?.MarketType === "spot" ? "spot" : "on-demand",
      launchedAtMs: this.#launchedAtMs,
      state: this.#state,
      systemStatus: this.#statusOf("system"),
      instanceStatus: this.#statusOf("instance"),
      tags,
    };
  }

  get state(): Instance["state"] {
    return this.#state;
  }

  get launchedAtMs(): number {
    return this.#launchedAtMs;
  }

  get stateReason(): StateReason | undefined {
    return this.#stateReason;
  }

  get applicationFault(): ApplicationFault | undefined {
    return this.#fault;
  }

  get isBooted(): boolean {
    return this.#isBooted;
  }

  /** What a request meets now. */
  respond(): Answer {
    const isHung = this.#impairment.system || this.#impairment.instance || !this.#isZoneUp;
    if (this.#state !== "running" || isHung) return { reachable: false, timedOut: true };
    if (!this.#isBooted) return { reachable: false, timedOut: false };
    switch (this.#fault?.kind) {
      case undefined:
        return { reachable: true, statusCode: this.facts.imageStatusCode };
      case "status":
        return { reachable: true, statusCode: this.#fault.statusCode };
      case "refuse":
        return { reachable: false, timedOut: false };
      case "timeout":
        return { reachable: false, timedOut: true };
    }
  }

  /** From `stopped`. */
  start(): void {
    this.#launchedAtMs = this.#context.clock.nowMs();
    this.#stateReason = undefined;
    this.#become("pending");
    this.#start();
  }

  /** From `pending` or `running`; what cannot hibernate is stopped. ec2/hibernation */
  stop(hibernate = false, reason?: StateReason): void {
    const isBooted = this.#isBooted;
    const isHibernating = hibernate && this.facts.options.HibernationOptions?.Configured === true;
    const how = isHibernating ? "Hibernate" : "Shutdown";
    this.#halt(
      "stopping",
      reason ?? { code: `Client.UserInitiated${how}`, message: `User initiated ${how.toLowerCase()}` },
    );
    this.#isHibernated = isHibernating && isBooted;
    this.#after(this.#timings.instanceStopping, () => this.#become("stopped"));
  }

  /** From any state; a second time nothing happens. */
  terminate(reason: StateReason = BY_USER): void {
    if (this.#state === "shutting-down" || this.#state === "terminated") return;
    this.#halt("shutting-down", reason);
    this.#after(this.#timings.instanceShuttingDown, () => {
      this.#become("terminated");
      this.#after(this.#timings.terminatedVisible, () => this.#hooks.vanished());
    });
  }

  /** EC2 takes a Spot Instance back, in the way that its launch asked for. ec2/spot-interruption */
  interrupt(): void {
    const spot = this.facts.options.InstanceMarketOptions?.SpotOptions;
    const behavior = spot?.InstanceInterruptionBehavior ?? "terminate";
    if (behavior === "terminate") this.terminate(SPOT_TERMINATION);
    else if (this.#state === "running") this.stop(behavior === "hibernate", SPOT_SHUTDOWN);
  }

  /** The application is away until it has booted again; state and status checks do not move. */
  reboot(): void {
    if (this.#state !== "running") return;
    this.#isBooted = false;
    this.#hooks.applicationChanged();
    this.#boot();
  }

  breakApplication(fault: ApplicationFault | undefined): void {
    this.#fault = fault;
    this.#hooks.applicationChanged();
  }

  /** The machine stops answering at once; its status check says so a minute or two later. */
  impair(impairment: { system: boolean; instance: boolean }): void {
    this.#impairment = impairment;
    this.#hooks.applicationChanged();
    this.#reportSoon();
  }

  zoneChanged(isZoneUp: boolean): void {
    this.#isZoneUp = isZoneUp;
    this.#hooks.applicationChanged();
    this.#reportSoon();
  }

  #statusOf(check: "system" | "instance"): Instance["systemStatus"] {
    if (this.#state !== "running") return "not-applicable";
    if (this.#reported[check]) return "impaired";
    return this.#hasPassedChecks ? "ok" : "initializing";
  }

  #start(): void {
    this.#after(this.#timings.instancePending, () => {
      // What hibernated goes on where it was.
      this.#isBooted = this.#isHibernated;
      this.#isHibernated = false;
      this.#become("running");
      // Whoever heard of it may have stopped it at once.
      if (this.#state !== "running") return;
      if (!this.#isBooted) this.#boot();
      this.#after(this.#timings.statusChecks, () => {
        this.#hasPassedChecks = true;
        this.#hooks.changed();
      });
      if (this.#impairment.system || this.#impairment.instance || !this.#isZoneUp) this.#reportSoon();
    });
  }

  #boot(): void {
    this.#after(this.#timings.applicationBoot, () => {
      this.#isBooted = true;
      this.#hooks.applicationChanged();
    });
  }

  #reportSoon(): void {
    this.#cancelReport();
    this.#cancelReport = this.#context.clock.schedule(
      draw(this.#timings.statusImpaired, this.#context.rng),
      () => {
        const system = this.#impairment.system || !this.#isZoneUp;
        this.#reported = { system, instance: this.#impairment.instance || system };
        this.#hooks.changed();
      },
    );
  }

  #halt(state: "stopping" | "shutting-down", reason: StateReason): void {
    for (const cancel of this.#cancels) cancel();
    this.#cancels = [];
    this.#cancelReport();
    this.#isBooted = false;
    this.#hasPassedChecks = false;
    this.#reported = { system: false, instance: false };
    this.#stateReason = reason;
    this.#become(state);
  }

  #become(state: Instance["state"]): void {
    this.#state = state;
    this.#hooks.changed();
    this.#hooks.applicationChanged();
  }

  #after(range: readonly [number, number], run: () => void): void {
    this.#cancels.push(this.#context.clock.schedule(draw(range, this.#context.rng), run));
  }
}

interface MachineHooks {
  changed(): void;
  applicationChanged(): void;
  /** It is no longer shown. */
  vanished(): void;
}
