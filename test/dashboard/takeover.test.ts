/** What the pages say of a service that takes over what runs, and of what is left to others. */
import { describe, expect, it } from "vitest";
import { servicePage } from "../../src/dashboard/service-page.ts";
import { serviceText } from "../../src/dashboard/text.ts";
import { drifting, service, serviceModel } from "./fixtures.ts";
import { elementsOf } from "./markup.ts";

describe("the page of a service shows", () => {
  it("a plan that takes over as one that has something to do, in the same words everywhere", () => {
    const [first] = drifting().service.status!.plan!.rows;
    const plan = {
      digest: "5b4a9f8e7d6c00112233",
      summary: { create: 0, update: 0, delete: 0, blocked: 2 },
      rows: [
        { ...first!, verb: "adopt" as const, reason: "it runs where the spec wants it" },
        {
          ...first!,
          verb: "adopt" as const,
          blockedBy: ["somebody else manages loadBalancer", "loadBalancer"],
        },
        { ...first!, verb: "stop" as const, differences: [], calls: [], blockedBy: ["ManagedElsewhere"] },
      ],
    };
    const held = service({}, { plan });
    const observed = { ...held, spec: { ...(held.spec as object), management: "Observe" } };
    const model = serviceModel({ service: observed as unknown as typeof held });
    const count = "2 to adopt, 1 blocked, 1 obstacle";
    const page = servicePage(model);
    expect(page).toContain("Plan, if it were managed");
    expect(page).toContain(count);
    const said = elementsOf(page).find(({ attributes }) => attributes.id === "plan")?.text;
    expect(said).not.toContain("othing to do");
    expect(said).toContain("Waits: somebody else manages loadBalancer, loadBalancer.");
    const text = serviceText(model, { width: 250 });
    expect(text).toContain(`PLAN, IF IT WERE MANAGED: 5b4a9f8e7d6c (${count})`);
    expect(text).toContain("it runs where the spec wants it. healthCheck.path");
    expect(text).toContain("Waits: somebody else manages loadBalancer, loadBalancer.");
  });

  it("where requests go in AWS, beside where the spec says, when that is left to others", () => {
    const left = {
      member: "defaultAction",
      reason: "left to others: spec.drift.rules[0]",
      value: { type: "forward", targetGroups: [{ arn: "arn:of:green" }] },
    };
    const { coverage } = service().status!;
    const topologyOf = (address: string) => {
      const row = { ...coverage!.resources[0]!, address, leftToOthers: [left] };
      const model = serviceModel({ service: service({}, { coverage: { ...coverage!, resources: [row] } }) });
      return elementsOf(servicePage(model)).find(({ attributes }) => attributes.id === "topology")?.text;
    };
    const says = /Left to others: defaultAction is .*arn:of:green.* in AWS/;
    expect(topologyOf("loadBalancer.listeners.443")).toMatch(says);
    expect(topologyOf("targetGroups.web")).not.toMatch(says);
  });

  it("no more of what is waited for beside the address than there is room for", () => {
    const waiting = ["adopt a waits: approval", "adopt b waits: approval", "adopt c waits: approval"];
    const hero = (waitingFor: string[]) =>
      servicePage(serviceModel({ service: service({}, { waitingFor }) }));
    expect(hero(waiting)).toContain("3 steps waiting");
    expect(hero(waiting.slice(1))).toContain("adopt b waits: approval; adopt c waits: approval");
  });
});
