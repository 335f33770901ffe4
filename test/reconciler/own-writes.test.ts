/** Our own writes: one without an answer is ours all the same, and one without an effect is nobody else's doing. */
import { describe, expect, it } from "vitest";
import type { Fault } from "../../src/simulator/faults/interceptors.ts";
import { example } from "../support/example.ts";
import type { Installation } from "../support/installation.ts";
import { addFault, arnOf, converged, driftEvents, somebody, untilRepaired } from "./world.ts";

const ELB = "elasticloadbalancing";
const MODIFY = `${ELB}:ModifyTargetGroup`;
const HOUR_MS = 3_600_000;
const NEW_PATH = example().withTargetGroup("web", { healthCheck: { path: "/healthz" } });

const writes = (installation: Installation, operation: string) =>
  installation.mutations().filter((name) => name === operation).length;

const movePath = (installation: Installation) =>
  somebody(installation, MODIFY, {
    TargetGroupArn: arnOf(installation, "targetGroups.web"),
    HealthCheckPath: "/moved",
  });

const messages = (installation: Installation) =>
  installation.store.events({ limit: 500 }).items.map(({ reason, message }) => `${reason}: ${message}`);

describe("a correction whose answer is lost is ours", () => {
  const lost: Fault = { kind: "lost", afterMs: 50 };
  const empty: Fault = { kind: "damaged", body: "empty" };

  it.each([
    ["lost", lost],
    ["empty", empty],
    ["a failure of AWS's", { kind: "error", code: "InternalFailure", message: "x", status: 500 } as Fault],
  ])("when the answer is %s", async (_what, fault) => {
    const installation = await converged();
    await movePath(installation);
    addFault(installation, MODIFY, fault, { times: 1 }, "after");
    await untilRepaired(installation);
    expect(writes(installation, MODIFY)).toBe(1);
    expect(driftEvents(installation)).toMatchObject([
      { state: "Corrected", correction: { operation: MODIFY } },
    ]);
    const said = messages(installation).join("\n");
    expect(said).not.toContain("not by a call of ours");
    expect(said).toContain(`${MODIFY} was sent, and AWS did not answer it`);
  });

  it("when the daemon dies before the answer", async () => {
    const installation = await converged();
    await movePath(installation);
    addFault(installation, MODIFY, { kind: "lost", afterMs: 20_000 }, { times: 1 }, "after");
    await installation.until(() => installation.mutations().includes(MODIFY));
    installation.crash();
    await untilRepaired(installation);
    expect(driftEvents(installation)).toMatchObject([{ state: "Corrected" }]);
  });

  it("and what AWS refuses is not: then whoever puts it back has done so", async () => {
    const installation = await converged();
    const refusal: Fault = { kind: "error", code: "AccessDenied", message: "no", status: 403 };
    await movePath(installation);
    addFault(installation, MODIFY, refusal, { times: 100 });
    await installation.until(() => installation.condition("Stalled")?.status === "True");
    expect(driftEvents(installation)[0]).not.toHaveProperty("correction");
    const { account, clock } = installation;
    account.faults.clear();
    await clock.resolve(
      account.call(ELB, "ModifyTargetGroup", {
        TargetGroupArn: arnOf(installation, "targetGroups.web"),
        HealthCheckPath: "/health",
      }),
    );
    await untilRepaired(installation);
    expect(driftEvents(installation)).toMatchObject([{ state: "Reverted" }]);
  });

  it("and counts: a field that somebody else writes is contested, although no answer ever comes", async () => {
    const installation = await converged();
    const isContested = () => installation.condition("Stalled")?.reason === "Contested";
    let flips = 0;
    for (let second = 0; second < 600 && !isContested(); second += 5) {
      const { TargetGroups } = await somebody(installation, `${ELB}:DescribeTargetGroups`, {});
      if (TargetGroups[0].HealthCheckPath === "/health") {
        flips += 1;
        installation.account.faults.clear();
        await movePath(installation);
        addFault(installation, MODIFY, lost, { times: 1_000 }, "after");
      }
      await installation.clock.advance(5_000);
    }
    expect(isContested()).toBe(true);
    expect(flips).toBeLessThan(12);
    const before = writes(installation, MODIFY);
    await installation.clock.advance(120_000);
    expect(writes(installation, MODIFY)).toBe(before);
  });
});

describe("a correction names the calls for its field alone", () => {
  it("where one action puts several fields right", async () => {
    const installation = await converged();
    const LoadBalancerArn = arnOf(installation, "loadBalancer");
    await somebody(installation, `${ELB}:ModifyLoadBalancerAttributes`, {
      LoadBalancerArn,
      Attributes: [{ Key: "idle_timeout.timeout_seconds", Value: "300" }],
    });
    await somebody(installation, `${ELB}:SetSecurityGroups`, {
      LoadBalancerArn,
      SecurityGroups: ["sg-12345678"],
    });
    await untilRepaired(installation);
    const corrections = driftEvents(installation).map(({ field, correction }) => [
      field,
      correction?.operation,
    ]);
    expect(Object.fromEntries(corrections)).toEqual({
      "attributes.idle_timeout.timeout_seconds": `${ELB}:ModifyLoadBalancerAttributes`,
      securityGroups: `${ELB}:SetSecurityGroups`,
    });
    const ids = new Set(driftEvents(installation).map(({ correction }) => correction?.requestId));
    expect(ids.size).toBe(2);
  });
});

describe("a write that AWS takes and does not make", () => {
  const nothing: Fault = { kind: "ineffective" };

  it("is told with its request, tried a few times with growing waits, and no drift", async () => {
    const installation = await converged();
    addFault(installation, MODIFY, nothing, { times: 1_000 });
    installation.post(NEW_PATH.spec());
    await installation.until(() => installation.condition("Stalled")?.reason === "Ineffective");
    await installation.clock.advance(3 * HOUR_MS);
    expect(writes(installation, MODIFY)).toBe(4);
    expect(driftEvents(installation)).toEqual([]);
    const last = installation.store.calls({ limit: 1 })[0];
    const stalled = installation.condition("Stalled");
    expect(stalled).toMatchObject({ status: "True", reason: "Ineffective" });
    expect(stalled?.message).toContain(`request ${last?.requestId}`);
    expect(installation.condition("Synced")).toMatchObject({ status: "False", reason: "Ineffective" });
    expect(installation.condition("Drifted")).toMatchObject({ status: "False", reason: "Ineffective" });
    expect(messages(installation).join("\n")).toContain("Ineffective: AWS answered 2 times");
    const times = installation.store
      .calls({ limit: 100 })
      .filter(({ operation }) => operation === MODIFY)
      .map(({ time }) => Date.parse(time))
      .reverse();
    const waits = times.slice(1).map((time, index) => time - times[index]!);
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
  });

  it("is tried once more with each change of the spec, and is well when AWS makes it", async () => {
    const installation = await converged();
    addFault(installation, MODIFY, nothing, { times: 5 });
    installation.post(NEW_PATH.spec());
    await installation.clock.advance(3 * HOUR_MS);
    expect(writes(installation, MODIFY)).toBe(4);
    for (const value of ["a", "b"]) {
      installation.post(NEW_PATH.with({ tags: { Environment: value } }).spec());
      await installation.clock.advance(HOUR_MS);
    }
    expect(writes(installation, MODIFY)).toBe(6);
    expect(installation.condition("Ready")?.status).toBe("True");
    expect(driftEvents(installation)).toEqual([]);
  });

  it("is a single attribute of many, the others stay right", async () => {
    const installation = await converged();
    const operation = `${ELB}:ModifyLoadBalancerAttributes`;
    const members = ["Attributes/routing.http2.enabled"];
    addFault(installation, operation, { kind: "ineffective", members }, { times: 1_000 });
    const attributes = { "idle_timeout.timeout_seconds": 90, "routing.http2.enabled": false };
    installation.post(example().withLoadBalancer({ attributes }).spec());
    await installation.clock.advance(3 * HOUR_MS);
    expect(writes(installation, operation)).toBe(4);
    expect(installation.condition("Stalled")?.message).toContain(
      "attributes.routing.http2.enabled of loadBalancer",
    );
    expect(driftEvents(installation)).toEqual([]);
  });

  it("is a setting that is lost when the resource is made", async () => {
    const installation = await converged(example().spec());
    for (const operation of ["CreateAutoScalingGroup", "UpdateAutoScalingGroup"]) {
      const fault: Fault = { kind: "ineffective", members: ["CapacityRebalance"] };
      addFault(installation, `autoscaling:${operation}`, fault, { times: 1_000 });
    }
    const { launchTemplate } = example().spec().autoScalingGroups!.web!;
    const more = { launchTemplate, targetGroups: ["web"], capacityRebalance: true, minSize: 1, maxSize: 1 };
    installation.post(example().withGroup("more", more).spec());
    await installation.clock.advance(3 * HOUR_MS);
    expect(writes(installation, "autoscaling:UpdateAutoScalingGroup")).toBe(3);
    expect(installation.condition("Stalled")?.reason).toBe("Ineffective");
    expect(driftEvents(installation)).toEqual([]);
  });

  it("keeps what somebody has moved before open, as drift", async () => {
    const installation = await converged();
    await movePath(installation);
    addFault(installation, MODIFY, nothing, { times: 1_000 });
    await installation.clock.advance(3 * HOUR_MS);
    expect(writes(installation, MODIFY)).toBe(4);
    expect(driftEvents(installation)).toMatchObject([{ state: "Open", after: "/moved" }]);
    expect(installation.condition("Stalled")?.reason).toBe("Ineffective");
  });

  it("is an order of rules", async () => {
    const two = example().withRules("a", "b");
    const installation = await converged(two.spec());
    const operation = `${ELB}:SetRulePriorities`;
    addFault(installation, operation, nothing, { times: 1_000 });
    installation.post(two.withRule("a", { priority: 50 }).spec());
    await installation.clock.advance(3 * HOUR_MS);
    expect(writes(installation, operation)).toBe(4);
    expect(installation.condition("Stalled")?.reason).toBe("Ineffective");
    expect(driftEvents(installation)).toEqual([]);
  });
});
