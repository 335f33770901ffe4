import { describe, expect, it } from "vitest";
import { buildLab, buildWeb, type Lab } from "../support.ts";

const set = (lab: Lab, LoadBalancerArn: string, input: object): Promise<string> =>
  lab.refusal("elasticloadbalancing:ModifyCapacityReservation", { LoadBalancerArn, ...input });

const units = (CapacityUnits: number): object => ({ MinimumLoadBalancerCapacity: { CapacityUnits } });

const shown = (lab: Lab, LoadBalancerArn: string): Promise<object> =>
  lab.call("elasticloadbalancing:DescribeCapacityReservation", { LoadBalancerArn });

const PROVISIONED_MS = 300_000;

describe("capacity that is reserved for a load balancer", () => {
  it("is none at first, pending for some minutes when it is asked for, and then there in each zone", async () => {
    const lab = buildLab();
    const { loadBalancer } = await buildWeb(lab);
    expect(await shown(lab, loadBalancer)).toEqual({
      DecreaseRequestsRemaining: 2,
      CapacityReservationState: [],
    });
    expect(await set(lab, loadBalancer, units(300))).toBe("no error");
    expect(await shown(lab, loadBalancer)).toMatchObject({
      MinimumLoadBalancerCapacity: { CapacityUnits: 300 },
      CapacityReservationState: Array(3).fill({ State: { Code: "pending" }, EffectiveCapacityUnits: 0 }),
    });
    expect(await set(lab, loadBalancer, units(400))).toBe("CapacityReservationPending");
    await lab.clock.advance(PROVISIONED_MS);
    expect(await shown(lab, loadBalancer)).toMatchObject({
      CapacityReservationState: Array(3).fill({
        State: { Code: "provisioned" },
        EffectiveCapacityUnits: 100,
      }),
    });
  });

  it("is decreased twice a day, increased as often as one likes, and given back", async () => {
    const lab = buildLab();
    const { loadBalancer } = await buildWeb(lab);
    const next = async (input: object): Promise<string> => {
      const said = await set(lab, loadBalancer, input);
      await lab.clock.advance(PROVISIONED_MS);
      return said;
    };
    const said: string[] = [];
    for (const count of [400, 500, 400, 300, 200]) said.push(await next(units(count)));
    expect(said.slice(0, 4)).toEqual(Array(4).fill("no error"));
    expect(said[4]).toBe("CapacityDecreaseRequestLimitExceeded");
    await lab.clock.advance(86_400_000);
    expect(await next(units(200))).toBe("no error");
    expect(await next({ ResetCapacityReservation: true })).toBe("no error");
    expect(await shown(lab, loadBalancer)).toEqual({
      DecreaseRequestsRemaining: 1,
      CapacityReservationState: [],
    });
  });

  it.each([
    [{}, "ValidationError"],
    [{ ResetCapacityReservation: true, ...units(100) }, "ValidationError"],
    [units(0), "ValidationError"],
  ])("is not changed by %j: %s", async (input, code) => {
    const lab = buildLab();
    const { loadBalancer } = await buildWeb(lab);
    expect(await set(lab, loadBalancer, input)).toBe(code);
    expect(await set(lab, `${loadBalancer}0`, units(100))).toBe("LoadBalancerNotFound");
  });
});
