/**
 * One registered target and its health checks.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
 *
 * Checks fall on a grid of the group's interval. While the state is steady and nothing about the application has
 * changed, a check could only say again what the last one said, so no timer runs: the grid is taken up again at
 * the next change. What an observer sees is the same, at no cost for a target that stays as it is.
 */
import { draw } from "../account/timings.ts";
import type { TargetHealth } from "../services.ts";
import type { ElbState, TargetGroup } from "./state.ts";

/** Why a target gets no health checks; `undefined` when it gets them. */
export type Obstacle = TargetHealth | undefined;

type Outcome = { passed: true } | { passed: false; reason: string; description: string };

export class Target {
  readonly group: TargetGroup;
  readonly id: string;
  readonly port: number;
  readonly #state: ElbState;
  #health: TargetHealth = IN_REGISTRATION;
  #isChecked = false;
  #cancel: (() => void) | undefined;
  /** When the last check began: the grid. */
  #checkedAtMs = 0;
  #passes = 0;
  #failures = 0;
  #drained: (() => void)[] = [];
  #isDraining = false;

  constructor(state: ElbState, group: TargetGroup, id: string, port: number) {
    this.#state = state;
    this.group = group;
    this.id = id;
    this.port = port;
  }

  get health(): TargetHealth {
    return this.#health;
  }

  get isDraining(): boolean {
    return this.#isDraining;
  }

  get checkPort(): string {
    const { port } = this.group.healthCheck;
    return port === "traffic-port" ? String(this.port) : port;
  }

  /** Starts or stops the checks as circumstances allow. */
  circumstances(obstacle: Obstacle): void {
    if (this.#isDraining) return;
    if (obstacle !== undefined) {
      this.#stop();
      this.#isChecked = false;
      this.#health = obstacle;
      return;
    }
    if (this.#isChecked) return;
    this.#isChecked = true;
    this.#passes = 0;
    this.#failures = 0;
    this.#health = IN_REGISTRATION;
    const { context, timings } = this.#state;
    this.#schedule(draw(timings.targetRegistration, context.rng), () => {
      this.#health = IN_INITIAL_CHECKS;
      this.#check();
    });
  }

  /** The next check may tell something new. */
  somethingChanged(): void {
    if (this.#isDraining || !this.#isChecked || this.#cancel !== undefined) return;
    this.#scheduleNext();
  }

  /** elb/draining. `gone` runs when the target has left, never before this returns. */
  drain(gone: () => void, drained: () => void): void {
    this.#drained.push(drained);
    if (this.#isDraining) return;
    // elb/nothing-to-drain
    const hasTraffic = this.#health.state === "healthy" || this.#health.state === "unhealthy";
    const seconds = hasTraffic
      ? Number(this.group.attributes.get("deregistration_delay.timeout_seconds"))
      : 0;
    this.#isDraining = true;
    this.#health = DRAINING;
    this.#schedule(seconds * 1000, () => {
      gone();
      this.end();
    });
  }

  /** It is no longer registered; those who wait for the end of its draining are told. */
  end(): void {
    this.#stop();
    const waiting = this.#drained;
    this.#drained = [];
    for (const drained of waiting) drained();
  }

  /** Registered again while draining: it begins anew. */
  revive(): void {
    this.#stop();
    this.#isDraining = false;
    this.#isChecked = false;
    this.#drained = [];
  }

  #check(): void {
    const { context } = this.#state;
    this.#checkedAtMs = context.clock.nowMs();
    const { timeoutSeconds } = this.group.healthCheck;
    const outcome = this.#ask();
    // A check that meets silence has failed when its time is over, not before.
    const isLate = !outcome.passed && outcome.reason === "Target.Timeout";
    this.#schedule(isLate ? timeoutSeconds * 1000 : 0, () => {
      this.#record(outcome);
      if (!this.#isSteady(outcome)) this.#scheduleNext();
    });
  }

  #ask(): Outcome {
    const { protocolVersion, healthCheck } = this.group;
    const answer = this.#state.parts.ec2.respond(this.id, Number(this.checkPort), healthCheck.path);
    if (!answer.reachable) {
      return answer.timedOut
        ? { passed: false, reason: "Target.Timeout", description: "Request timed out" }
        : { passed: false, reason: "Target.FailedHealthChecks", description: "Health checks failed" };
    }
    // An application that answers 200 speaks gRPC well enough: its status is what the matcher asks for.
    const isGrpc = protocolVersion === "GRPC";
    if (
      isGrpc ? answer.statusCode === 200 : isMatch(healthCheck.matcher.HttpCode ?? "200", answer.statusCode)
    ) {
      return { passed: true };
    }
    return {
      passed: false,
      reason: "Target.ResponseCodeMismatch",
      description: `Health checks failed with these codes: [${answer.statusCode}]`,
    };
  }

  #record(outcome: Outcome): void {
    this.#passes = outcome.passed ? this.#passes + 1 : 0;
    this.#failures = outcome.passed ? 0 : this.#failures + 1;
    const { healthyThreshold, unhealthyThreshold } = this.group.healthCheck;
    if (outcome.passed) {
      // elb/one-check-when-new
      const needed = this.#health.state === "initial" ? 1 : healthyThreshold;
      if (this.#passes >= needed) this.#health = { state: "healthy" };
      return;
    }
    if (this.#failures < unhealthyThreshold && this.#health.state !== "unhealthy") return;
    this.#health = { state: "unhealthy", reason: outcome.reason, description: outcome.description };
  }

  /** Whether another check with the same outcome would leave everything as it is. */
  #isSteady(outcome: Outcome): boolean {
    return outcome.passed ? this.#health.state === "healthy" : this.#health.state === "unhealthy";
  }

  #scheduleNext(): void {
    const intervalMs = this.group.healthCheck.intervalSeconds * 1000;
    const sinceMs = this.#state.context.clock.nowMs() - this.#checkedAtMs;
    this.#schedule(intervalMs - (sinceMs % intervalMs), () => this.#check());
  }

  #schedule(delayMs: number, run: () => void): void {
    this.#stop();
    this.#cancel = this.#state.context.clock.schedule(delayMs, () => {
      this.#cancel = undefined;
      run();
    });
  }

  #stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}

const IN_REGISTRATION: TargetHealth = {
  state: "initial",
  reason: "Elb.RegistrationInProgress",
  description: "Target registration is in progress",
};

const IN_INITIAL_CHECKS: TargetHealth = {
  state: "initial",
  reason: "Elb.InitialHealthChecking",
  description: "Initial health checks in progress",
};

const DRAINING: TargetHealth = {
  state: "draining",
  reason: "Target.DeregistrationInProgress",
  description: "Target deregistration is in progress",
};

/** A matcher is a list of codes and ranges: `200`, `200,202`, `200-299`. */
function isMatch(matcher: string, code: number): boolean {
  return matcher.split(",").some((part) => {
    const [least, most = least] = part.split("-").map(Number);
    return least !== undefined && most !== undefined && code >= least && code <= most;
  });
}
