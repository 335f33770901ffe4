/** What is left to others is still made, taken over and removed by us; and what they referred to may be gone. */
import { describe, expect, it } from "vitest";
import { example } from "../../support/example.ts";
import { WEB_API } from "../../support/installation.ts";
import { arnOf, census, converged, somebody } from "../world.ts";
import { withGreen } from "./blue-and-green.ts";

const ELB = "elasticloadbalancing";
const LISTENER = "loadBalancer.listeners.443";

describe("a service of which everything is left to others", () => {
  it("is made, taken over, extended and removed like any other", async () => {
    const left = example().with({
      drift: { policy: "Correct", rules: [{ resource: "*", policy: "Ignore" }] },
    });
    const installation = await converged(left.spec());
    const origins = () => [...new Set(installation.store.made(WEB_API).map(({ origin }) => origin))];
    installation.post(left.with({ management: "Observe" }).spec());
    await installation.until(() => origins().join() === "observed");
    await installation.clock.advance(120_000);
    installation.post(left.with({ management: "Manage" }).spec());
    await installation.untilReady();
    expect(origins()).toEqual(["adopted"]);
    installation.post(left.withTargetGroup("extra", { protocol: "HTTP", port: 8081 }).spec());
    await installation.untilReady();
    expect(arnOf(installation, "targetGroups.extra")).toContain("targetgroup/");
    installation.remove();
    await installation.until(() => installation.store.get(WEB_API) === undefined);
    expect(await census(installation)).toEqual({});
  });
});

describe("a listener that is left to a deploy tool", () => {
  it("is made anew as the spec has it, when the target group that it forwarded to is no longer asked for", async () => {
    const blue = example().with({
      drift: { policy: "Correct", rules: [{ resource: LISTENER, field: "defaultAction", policy: "Ignore" }] },
    });
    const both = withGreen(blue);
    const installation = await converged(both.spec());
    const LoadBalancerArn = arnOf(installation, "loadBalancer");
    const ListenerArn = arnOf(installation, LISTENER);
    await somebody(installation, `${ELB}:ModifyListener`, {
      ListenerArn,
      DefaultActions: [{ Type: "forward", TargetGroupArn: arnOf(installation, "targetGroups.green") }],
    });
    await installation.clock.advance(300_000);
    await somebody(installation, `${ELB}:DeleteListener`, { ListenerArn });
    installation.post(blue.spec());
    await installation.untilReady();
    const { Listeners } = await somebody(installation, `${ELB}:DescribeListeners`, { LoadBalancerArn });
    const made = Listeners.find(({ Port }) => Port === 443);
    expect(JSON.stringify(made?.DefaultActions)).toContain(arnOf(installation, "targetGroups.web"));
    const { TargetGroups } = await somebody(installation, `${ELB}:DescribeTargetGroups`, {});
    expect(TargetGroups).toHaveLength(1);
  });
});
