/** What others had set referred to something that the spec does not ask for any more. */
import { describe, expect, it } from "vitest";
import { example } from "../../support/example.ts";
import { arnOf, converged, somebody } from "../world.ts";

const ELB = "elasticloadbalancing";
const LISTENER = "loadBalancer.listeners.443";

describe("a listener that is left to a deploy tool", () => {
  it("is made anew as the spec has it, when the target group that it forwarded to is no longer asked for", async () => {
    const blue = example().with({
      drift: { policy: "Correct", rules: [{ resource: LISTENER, field: "defaultAction", policy: "Ignore" }] },
    });
    const both = blue
      .withTargetGroup("green", { protocol: "HTTP", port: 8080 })
      .withGroup("web", { targetGroups: ["web", "green"] })
      .withListener(443, {
        defaultAction: {
          forward: {
            targetGroups: [
              { targetGroup: "web", weight: 1 },
              { targetGroup: "green", weight: 0 },
            ],
          },
        },
      });
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
