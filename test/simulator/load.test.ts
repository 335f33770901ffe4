import { describe, expect, it } from "vitest";
import { trafficOf } from "../../src/simulator/load.ts";
import { inService, MINUTE, type WebLab, webLab } from "./autoscaling/support.ts";

function traffic(lab: WebLab) {
  const balancer = lab.account.parts.elb.loadBalancers()[0]!;
  return trafficOf(lab.account.parts, balancer).targetGroups[0]!;
}

describe("traffic", () => {
  it("is spread over the healthy targets", async () => {
    const lab = await webLab();
    lab.account.parts.load.set(lab.loadBalancer, { requestsPerSecond: 30, errorRate: 0 });
    expect(traffic(lab).targets.map((target) => target.http2xx)).toEqual([15, 15]);
  });

  it("gets 5XX from a broken application until its target is unhealthy", async () => {
    const lab = await webLab({ HealthCheckGracePeriod: 3_600 });
    lab.account.parts.load.set("web", { requestsPerSecond: 30, errorRate: 0 });
    const [id = ""] = await inService(lab);
    lab.account.control.breakApplication(id, { kind: "status", statusCode: 500 });
    expect(traffic(lab).targets.find((target) => target.instanceId === id)).toMatchObject({
      http5xx: 15,
      http2xx: 0,
    });
    await lab.clock.advance(2 * MINUTE);
    expect(traffic(lab)).toMatchObject({ healthy: 1, unhealthy: 1, targets: [{ http2xx: 30, http5xx: 0 }] });
  });

  it("goes to all targets when none is healthy", async () => {
    const lab = await webLab({ HealthCheckGracePeriod: 3_600 });
    lab.account.parts.load.set("web", { requestsPerSecond: 30, errorRate: 0 });
    for (const id of await inService(lab)) lab.account.control.breakApplication(id, { kind: "refuse" });
    await lab.clock.advance(2 * MINUTE);
    expect(traffic(lab)).toMatchObject({ healthy: 0, targets: [{ elb5xx: 15 }, { elb5xx: 15 }] });
  });

  it("is refused by the load balancer when there is no target", async () => {
    const lab = await webLab({ MinSize: 0 });
    lab.account.parts.load.set("web", { requestsPerSecond: 30, errorRate: 0 });
    expect(traffic(lab)).toMatchObject({ elb5xx: 30, targets: [] });
  });

  it("is set by ARN, name or metric dimension of a load balancer that exists, in sensible numbers", async () => {
    const lab = await webLab();
    const { load, elb } = lab.account.parts;
    const one = { requestsPerSecond: 1, errorRate: 0 };
    for (const name of [lab.loadBalancer, "web", elb.loadBalancers()[0]!.dimension]) load.set(name, one);
    expect(load.get(lab.loadBalancer)).toEqual(one);
    expect(() => load.set("none", one)).toThrow("Load balancer 'none' not found");
    expect(() => load.set("web", { ...one, requestsPerSecond: -1 })).toThrow("requestsPerSecond");
    expect(() => load.set("web", { ...one, errorRate: 2 })).toThrow("errorRate");
    expect(load.get(lab.loadBalancer)).toEqual(one);
  });
});
