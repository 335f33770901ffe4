/** What `Healthy` says of who serves now: of what takes the requests, and of requests that reach nobody. */
import { describe, expect, it } from "vitest";
import { attendedExample, forwardTo } from "../../support/example.ts";
import { approve, untilWaiting } from "../approval/world.ts";
import { converged, watching } from "../world.ts";

const EXAMPLE = attendedExample();
const INTERNAL = EXAMPLE.withLoadBalancer({ scheme: "internal" });

describe("Healthy", () => {
  it("speaks of the load balancer that takes the requests while another one is made, and names both", async () => {
    const installation = await converged(EXAMPLE.spec());
    installation.post(INTERNAL.spec());
    await untilWaiting(installation);
    approve(installation);
    const said = new Set<string>();
    await watching(installation, () => {
      const { status, message = "" } = installation.condition("Healthy") ?? {};
      said.add(`${status}${message.includes("takes over") ? ", until another one takes over" : ""}`);
    });
    expect([...said].sort()).toEqual(["True", "True, until another one takes over"]);
  });

  it("is False while requests go to a target group without targets that no group fills, and says 503", async () => {
    const installation = await converged(EXAMPLE.spec());
    installation.post(
      EXAMPLE.withTargetGroup("api", { port: 9000, protocol: "HTTP", healthCheck: { path: "/" } })
        .withRule("api", { action: forwardTo("api") })
        .spec(),
    );
    await installation.clock.advance(600_000);
    expect(installation.condition("Healthy")).toMatchObject({ status: "False", reason: "NoTargets" });
    expect(installation.condition("Healthy")?.message).toMatch(
      /^Requests go to targetGroups.api \(from \S*rules.api\),/,
    );
    const weighted = {
      forward: {
        targetGroups: [
          { targetGroup: "web", weight: 1 },
          { targetGroup: "api", weight: 0 },
        ],
      },
    };
    installation.post(
      EXAMPLE.withTargetGroup("api", { port: 9000, protocol: "HTTP", healthCheck: { path: "/" } })
        .withRule("api", { action: weighted as never })
        .spec(),
    );
    await installation.untilReady();
    expect(installation.condition("Healthy")?.status).toBe("True");
  });
});
