import { describe, expect, it } from "vitest";
import { attentionOf } from "../../src/dashboard/fleet-headline.ts";
import { fleetPage } from "../../src/dashboard/fleet-page.ts";
import { fleetJson } from "../../src/dashboard/fleet-view.ts";
import { staleFromMs, stalenessOf, worstClass } from "../../src/dashboard/freshness.ts";
import { serviceHeadline } from "../../src/dashboard/service-headline.ts";
import { servicePage } from "../../src/dashboard/service-page.ts";
import { fleetText, serviceText } from "../../src/dashboard/text.ts";
import { budgetText } from "../../src/dashboard/words.ts";
import { ago, comparedAgo, fleetModel, NOW, service, serviceModel, strained, summary } from "./fixtures.ts";
import { textOf } from "./markup.ts";

const NEAR = { now: NOW, resyncSeconds: 60 };
const FRESH = comparedAgo({ health: 12, structure: 40, attributes: 200 });

describe("the freshness of a service", () => {
  it("stands on its page class by class, with what is promised", () => {
    const page = servicePage(serviceModel({ freshness: FRESH }));
    expect(textOf(page, "freshness-health")).toMatch(/health.*12 s ago.*every 60 s.*As promised/);
    expect(textOf(page, "freshness-structure")).toMatch(/structure.*40 s ago.*every 75 s.*As promised/);
    expect(textOf(page, "freshness-attributes")).toMatch(/attributes.*3 min ago.*every 300 s.*As promised/);
    const text = serviceText(serviceModel({ freshness: FRESH }));
    expect(text).toContain("health compared 12 s ago, promised every 60 s");
    expect(text).toContain("attributes compared 3 min ago, promised every 300 s");
  });

  it("says of a class that was not compared since the start: not yet, and no time", () => {
    const freshness = comparedAgo({ health: 12 });
    const page = servicePage(serviceModel({ freshness }));
    expect(textOf(page, "freshness-structure")).toMatch(/not yet.*every 75 s.*Not yet/);
    expect(textOf(page, "freshness-structure")).not.toContain("ago");
    expect(serviceText(serviceModel({ freshness }))).toContain(
      "structure not compared yet, promised every 75 s",
    );
  });

  it("is left out where nothing of it is known", () => {
    expect(servicePage(serviceModel())).not.toContain('id="freshness"');
    expect(serviceText(serviceModel())).not.toContain("FRESHNESS");
  });

  it("stands in the row of the fleet as the class that is furthest through its time", () => {
    const row = (freshness: typeof FRESH) =>
      textOf(fleetPage(fleetModel({ services: [summary("s", { freshness })] })), "service-default/s");
    expect(row(FRESH)).toContain("structure 40 s agopromised every 75 s");
    expect(row(comparedAgo({ health: 55, structure: 40, attributes: 200 }))).toContain("health 55 s ago");
    expect(row(comparedAgo({ health: 12, structure: 40 }))).toContain("attributes not yet");
    expect(fleetText(fleetModel({ services: [summary("s", { freshness: FRESH })] }))).toContain(
      "structure 40 s ago",
    );
    expect(worstClass(FRESH).readClass).toBe("structure");
  });
});

describe("a service that is older than promised", () => {
  const old = comparedAgo({ health: 12, structure: 113, attributes: 200 });

  it("is stale from one and a half times the promise on, by its class and both ages", () => {
    const of = (structure: number) =>
      stalenessOf({ freshness: comparedAgo({ health: 12, structure, attributes: 200 }) }, NEAR);
    expect(of(112)).toBeUndefined();
    expect(of(113)).toBe("Structure was last compared 113 s ago, and every 75 s is promised.");
    expect(stalenessOf({ freshness: comparedAgo({ health: 12, structure: 1, attributes: 451 }) }, NEAR)).toBe(
      "Attributes were last compared 8 min ago, and every 300 s is promised.",
    );
    expect(staleFromMs({ freshness: old }, 60)).toBe(Date.parse(NOW) - 500);
  });

  it("is neither ready nor green in the headline, the fleet and the text", () => {
    const model = serviceModel({ freshness: old });
    expect(serviceHeadline(model).tone).toBe("unknown");
    expect(serviceHeadline(model).title).toBe("Stale: ready when last seen at 12:02:37.");
    expect(servicePage(model)).toContain('<main id="main" tabindex="-1" class="stale"');
    expect(textOf(servicePage(model), "freshness-structure")).toContain("Stale");
    const one = summary("s", { freshness: old });
    expect(attentionOf(one, NEAR)).toEqual({ need: "stale", tone: "unknown", word: "Stale" });
    expect(textOf(fleetPage(fleetModel({ services: [one] })), "service-default/s")).toContain(
      "Structure was last compared 113 s ago, and every 75 s is promised.",
    );
    expect(fleetText(fleetModel({ services: [one] }))).toContain("every 75 s is promised");
  });

  it("is judged by its promise alone once all was compared, however long the last whole pass is ago", () => {
    const times = { observedAt: ago(900), nextPassAt: ago(800) };
    expect(stalenessOf({ ...times, freshness: FRESH }, NEAR)).toBeUndefined();
    expect(stalenessOf({ ...times, freshness: comparedAgo({ health: 12 }) }, NEAR)).toContain(
      "The queue is behind",
    );
    expect(stalenessOf({ ...times, freshness: comparedAgo({}) }, NEAR)).toContain("The queue is behind");
    expect(stalenessOf({ freshness: comparedAgo({}) }, NEAR)).toBeUndefined();
  });

  it("is not told as read at a time at which a class was not", () => {
    const fact = (freshness: typeof FRESH, observedAt?: string) =>
      servicePage(
        serviceModel({ freshness, service: service({}, observedAt === undefined ? {} : { observedAt }) }),
      ).match(/Oldest read of AWS<\/dt><dd>(.*?)<\/dd>/)?.[1];
    expect(fact(FRESH)).toContain("3 min ago");
    expect(fact(comparedAgo({ health: 12 }), ago(400))).toContain("7 min ago");
  });
});

describe("the budget of a Region", () => {
  it("says what is promised, and what the wish would cost where it is not granted", () => {
    expect(budgetText(strained())).toBe(
      "Every 60 s would take 112 % of Elastic Load Balancing's bucket, and routine may take 50 %: health is compared every 60 s, structure every 75 s, attributes every 300 s.",
    );
    const { limit: _limit, ...roomy } = strained();
    expect(budgetText(roomy)).toMatch(/^Of each of AWS's buckets routine may take 50 %: health is compared/);
    const bucket = (name: string) => budgetText(strained({ limit: { bucket: name, wishedShare: 2 } }));
    expect(bucket("elb:non-mutating")).toContain("Elastic Load Balancing's bucket non-mutating");
    expect(bucket("made-up")).toContain("200 % of the bucket made-up");
  });

  it("stands on the page, in the text and in the JSON, with the oldest service of each class", () => {
    const model = fleetModel({ budgets: [strained()] });
    const row = textOf(fleetPage(model), "budget-us-east-1");
    expect(row).toContain("Every 60 s would take 112 % of Elastic Load Balancing");
    expect(row).toMatch(/every 60 s.*As promised.*oldest 48 s ago: default\/web-api/);
    expect(row).toMatch(/every 75 s.*Stale.*oldest 3 min ago: default\/checkout/);
    expect(row).toMatch(/every 300 s.*none compared yet/);
    const text = fleetText(model, { width: 200 });
    expect(text).toContain("us-east-1: Every 60 s would take 112 %");
    expect(text).toMatch(/us-east-1 +structure +3 min ago +promised every 75 s +default\/checkout/);
    expect(text).toMatch(/us-east-1 +attributes +not yet +promised every 300 s/);
    expect(fleetJson(model)).toMatchObject({ budgets: [strained()] });
    expect(fleetPage(fleetModel())).not.toContain('id="budgets"');
  });
});
