/** What has brought others down, each by its mechanism: none of it may happen here. */
import { describe, expect, it } from "vitest";
import { accept } from "../../src/api/steering/accept.ts";
import { ANNOTATION_PAUSED } from "../../src/model/object.ts";
import type { Call, Fault } from "../../src/simulator/faults/interceptors.ts";
import { attendedExample } from "../support/example.ts";
import { exampleSpec, WEB_API } from "../support/installation.ts";
import {
  addFault,
  arnOf,
  census,
  converged,
  driftEvents,
  nameOf,
  port,
  somebody,
  specWith,
} from "./world.ts";

const ELB = "elasticloadbalancing";
const DESTROYS = /^(Delete|Terminate|Remove|Deregister)/;
const THROTTLED: Fault = { kind: "error", code: "Throttling", message: "Rate exceeded" };
const LOST: Fault = { kind: "lost", afterMs: 500 };
const MINUTES = 60_000;

describe("incidents of others, by their mechanism", () => {
  it("an empty set is not 'everything': each call that destroys names one thing that was ours (Diskerase)", async () => {
    const destroyed: Call[] = [];
    const installation = await converged(undefined, {
      interceptor: {
        before: (call) => {
          if (DESTROYS.test(call.operation)) destroyed.push(call);
          return undefined;
        },
      },
    });
    const { TargetGroups } = await somebody(installation, `${ELB}:CreateTargetGroup`, {
      ...{ Name: "web-api-other", Protocol: "HTTP", Port: 80, VpcId: "vpc-12345678" },
    });
    const ours = installation.get().status!.resources.flatMap(({ name, arn = name }) => [name, arn]);
    installation.remove();
    await installation.until(() => installation.store.get(WEB_API) === undefined);
    expect(destroyed.length).toBeGreaterThan(3);
    for (const { operation, input } of destroyed) {
      const named = Object.values(input)
        .flat()
        .filter((value) => typeof value === "string");
      expect(named.length, operation).toBeGreaterThan(0);
      expect(
        named.every((name) => name !== "" && !name.includes("*")),
        operation,
      ).toBe(true);
      expect(
        ours.some((name) => named.some((one) => name === one || name.endsWith(`:${one}`))),
        `${operation} ${named.join()}`,
      ).toBe(true);
    }
    const left = await somebody(installation, `${ELB}:DescribeTargetGroups`, {});
    expect(left.TargetGroups.map(({ TargetGroupArn }) => TargetGroupArn)).toEqual([
      TargetGroups[0].TargetGroupArn,
    ]);
  });

  it("a plan that a newer spec has overtaken begins nothing more, and what is in use by then is not tidied away (DynamoDB)", async () => {
    const installation = await converged();
    const former = arnOf(installation, "targetGroups.web");
    addFault(installation, `${ELB}:CreateTargetGroup`, { kind: "slow", ms: 20_000 }, { times: 1 });
    const { generation } = installation.post(specWith(port)).metadata;
    await installation.clock.advance(10_000);
    const editedAtMs = installation.clock.nowMs();
    installation.post(specWith(() => undefined));
    await installation.untilReady();
    await installation.clock.advance(10 * MINUTES);
    const overtaken = installation.store
      .calls({ limit: 500 })
      .filter((call) => call.generation === generation);
    expect(overtaken.map(({ operation }) => operation)).toContain(`${ELB}:CreateTargetGroup`);
    expect(overtaken.filter(({ time }) => Date.parse(time) > editedAtMs)).toEqual([]);
    expect(arnOf(installation, "targetGroups.web")).toBe(former);
    const { TargetGroups } = await somebody(installation, `${ELB}:DescribeTargetGroups`, {});
    expect(TargetGroups.map(({ TargetGroupArn }) => TargetGroupArn)).toEqual([former]);
  });

  for (const [what, fault] of [
    ["fails", LOST],
    ["is throttled", THROTTLED],
    ["is cut off", { kind: "damaged", body: "truncated" }],
  ] as const)
    it(`a list that ${what} says neither that something is missing nor that something is surplus (Argo CD 18780)`, async () => {
      const installation = await converged();
      const before = await census(installation);
      const made = installation.mutations().length;
      for (const operation of ["DescribeTargetGroups", "DescribeRules", "DescribeListeners"])
        addFault(installation, `${ELB}:${operation}`, fault);
      await installation.clock.advance(20 * MINUTES);
      expect(installation.condition("Synced")).toMatchObject({ status: "Unknown", reason: "CannotRead" });
      installation.account.faults.clear();
      await installation.clock.advance(20 * MINUTES);
      expect(installation.mutations().length).toBe(made);
      expect(await census(installation)).toEqual(before);
    });

  it("a restart whose first look is not complete deletes nothing", async () => {
    const installation = await converged();
    const former = arnOf(installation, "targetGroups.web");
    installation.post(specWith(port));
    // Everything but the deletion is done.
    addFault(installation, `${ELB}:DeleteTargetGroup`, THROTTLED);
    await installation.until(() => installation.mutations().includes(`${ELB}:DeleteTargetGroup`));
    installation.account.faults.clear();
    addFault(installation, "cloudwatch:DescribeAlarms", LOST);
    const asked = installation.mutations().length;
    await installation.restart();
    await installation.clock.advance(30 * MINUTES);
    expect(installation.mutations().length).toBe(asked);
    installation.account.faults.clear();
    await installation.untilReady();
    const { TargetGroups } = await somebody(installation, `${ELB}:DescribeTargetGroups`, {});
    expect(TargetGroups.map(({ TargetGroupArn }) => TargetGroupArn)).not.toContain(former);
  });

  it("a small edit that removes much is shown with all of it first, and does not run to its end (Argo CD 9227, 29600)", async () => {
    const more = specWith((spec) => {
      const listener = spec.loadBalancer.listeners.find(({ rules }) => rules !== undefined);
      for (let n = 0; n < 12; n += 1)
        listener?.rules?.push({
          ...{ name: `r${n}`, priority: 1_000 + n, action: { fixedResponse: { statusCode: "404" } } },
          conditions: [{ pathPattern: [`/r${n}`] }],
        });
    });
    const installation = await converged(more);
    const { rows } = await installation.plan(exampleSpec());
    expect(rows.filter(({ verb }) => verb === "delete")).toHaveLength(12);
    installation.post(exampleSpec());
    await installation.until(() => installation.condition("Stalled")?.reason === "DeletionsFrozen");
    const { resources } = installation.get().status!;
    expect(resources.filter(({ kind, state }) => kind === "rule" && state === "Surplus")).toHaveLength(2);
  });

  it("protection does not vanish with the manifest that carried it (Terraform 17599)", async () => {
    const installation = await converged(
      specWith((spec) => {
        spec.loadBalancer.attributes["deletion_protection.enabled"] = true;
      }),
    );
    const before = await census(installation);
    installation.remove();
    await installation.clock.advance(2 * 60 * MINUTES);
    expect(installation.condition("Stalled")?.reason).toBe("DeletionProtected");
    expect(await census(installation)).toEqual(before);
  });

  it("a blank is no order to destroy: what would follow from it is told, waits without an end, and can be taken back (GCVE)", async () => {
    const tier = attendedExample().withLoadBalancer({ scheme: "internal" });
    const installation = await converged(tier.spec());
    const before = await census(installation);
    const made = installation.mutations().length;
    // Without a scheme it means AWS's default, which is another load balancer.
    installation.post(tier.withLoadBalancer({ scheme: undefined }).spec());
    await installation.until(() => installation.condition("Stalled")?.reason === "ApprovalRequired");
    await installation.clock.advance(2 * 60 * MINUTES);
    const told = installation.store.events({ limit: 100 }).items;
    expect(told).toContainEqual(expect.objectContaining({ type: "Warning", reason: "ApprovalRequired" }));
    expect(await census(installation)).toEqual(before);
    installation.post(tier.spec());
    await installation.untilReady();
    expect(installation.mutations().length).toBe(made);
  });

  it("a deletion that is held by a pause can still be made to keep everything (GCVE)", async () => {
    const installation = await converged();
    const before = await census(installation);
    installation.annotate({ [ANNOTATION_PAUSED]: "true" });
    installation.remove();
    await installation.clock.advance(60 * MINUTES);
    expect(await census(installation)).toEqual(before);
    installation.post({ ...exampleSpec(), deletionPolicy: "Retain" });
    installation.annotate({});
    await installation.until(() => installation.store.get(WEB_API) === undefined);
    // Our tags are taken off, and nothing else.
    expect(Object.keys(await census(installation))).toEqual(Object.keys(before));
    expect(
      installation.mutations().filter((call) => /:(Delete(?!Tags)|Terminate|Update)/.test(call)),
    ).toEqual([]);
  });

  it("without the daemon AWS serves on, and what is done by hand meanwhile is kept by whoever accepts it (Meta)", async () => {
    const installation = await converged();
    installation.store.putPause({ since: new Date(installation.clock.nowMs()).toISOString() });
    installation.crash();
    const before = installation.mutations().length;
    await somebody(installation, "autoscaling:UpdateAutoScalingGroup", {
      AutoScalingGroupName: nameOf(installation, "autoScalingGroups.web"),
      MaxSize: 17,
    });
    installation.controller.request(WEB_API);
    await installation.until(() => driftEvents(installation).length > 0);
    await installation.waiting(accept(installation.steering(), WEB_API, { reason: "by hand, in the night" }));
    installation.store.putPause(undefined);
    await installation.untilReady();
    expect(installation.mutations().length).toBe(before);
    const { AutoScalingGroups } = await somebody(installation, "autoscaling:DescribeAutoScalingGroups", {});
    expect(AutoScalingGroups[0].MaxSize).toBe(17);
  });

  it("a detail that cannot be read is never in sync (CloudFormation 801, driftctl 1344)", async () => {
    const installation = await converged();
    addFault(installation, `${ELB}:DescribeTargetGroupAttributes`, THROTTLED);
    await installation.clock.advance(5 * MINUTES);
    for (const type of ["Synced", "Drifted"] as const)
      expect(installation.condition(type)).toMatchObject({ status: "Unknown", reason: "CannotRead" });
    expect(installation.condition("Ready")?.status).not.toBe("True");
  });

  it("what was in sync hours ago is not said to be so now (ACK 3041)", async () => {
    const installation = await converged();
    const seenAt = () => Date.parse(installation.get().status?.observedAt ?? "");
    const first = seenAt();
    await installation.clock.advance(5 * MINUTES);
    expect(seenAt()).toBeGreaterThan(first);
    for (const service of ["elasticloadbalancing", "autoscaling", "ec2", "cloudwatch"])
      addFault(installation, `${service}:*` as never, LOST);
    await installation.clock.advance(10 * MINUTES);
    expect(installation.condition("Synced")?.status).toBe("Unknown");
    expect(installation.condition("Ready")?.status).not.toBe("True");
  });

  it("what AWS does not find is missing, not well (VPC Lattice 957)", async () => {
    const installation = await converged();
    await somebody(installation, "cloudwatch:DeleteAlarms", {
      AlarmNames: [nameOf(installation, "alarms.high-5xx")],
    });
    await installation.until(() => installation.condition("Synced")?.status !== "True", 3 * MINUTES);
    const row = () => installation.get().status?.resources.find(({ key }) => key === "alarms.high-5xx");
    expect(row()?.state).not.toBe("InSync");
    await installation.untilReady();
    expect(row()?.state).toBe("InSync");
  });
});
