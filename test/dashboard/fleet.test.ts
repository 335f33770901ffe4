import { describe, expect, it } from "vitest";
import { errorPage } from "../../src/dashboard/error-page.ts";
import { fleetPage } from "../../src/dashboard/fleet-page.ts";
import { fleetJson } from "../../src/dashboard/fleet-view.ts";
import { fleetText } from "../../src/dashboard/text.ts";
import { LIMITS } from "../../src/model/limits.ts";
import type { ServiceSummary } from "../../src/model/status-page.ts";
import { condition, drift, event, fleetModel, summary } from "./fixtures.ts";
import { elementsOf } from "./markup.ts";

describe("the fleet", () => {
  const stalled = [
    condition("Ready", "False", "NotOurs", "Taken."),
    condition("Stalled", "True", "NotOurs", "Taken."),
  ];
  const many = (count: number) => Array.from({ length: count }, (_, index) => summary(`s${1_000 + index}`));
  const rowsOf = (page: string) =>
    elementsOf(page)
      .map(({ attributes }) => attributes.id ?? "")
      .filter((id) => id.startsWith("service-"));

  it("shows the services that need attention although their names come last, and counts all of them", () => {
    const services = [...many(LIMITS.servicesPerPage + 100), summary("zz", { conditions: stalled })];
    const page = fleetPage(fleetModel({ services }));
    expect(rowsOf(page)).toHaveLength(LIMITS.servicesPerPage);
    expect(rowsOf(page)[0]).toBe("service-default/zz");
    expect(page).toContain(`1 of ${services.length} services not ready.`);
    expect(fleetText(fleetModel({ services }))).toContain("default/zz");
    expect(fleetJson(fleetModel({ services }))).toMatchObject({
      services: expect.objectContaining({ length: LIMITS.servicesPerPage, 0: { ...services.at(-1) } }),
      matchingServices: services.length,
      totalServices: services.length,
    });
  });

  it("finds by each word of what it says of a service, also what it has no room for", () => {
    const services = [
      ...many(LIMITS.servicesPerPage + 100),
      summary("zz", { labels: { team: "store" }, region: "eu-west-1" }),
      summary("taken", { conditions: stalled }),
    ];
    const found = (text: string, needsAttention = false) =>
      rowsOf(fleetPage(fleetModel({ services: [...services], filter: { text, needsAttention } })));
    expect(found("s1199")).toEqual(["service-default/s1199"]);
    expect(found("team=store EU-WEST")).toEqual(["service-default/zz"]);
    expect(found("notours")).toEqual(["service-default/taken"]);
    expect(found("", true)).toEqual(["service-default/taken"]);
    expect(found("zz", true)).toEqual([]);
    services.push(summary("loud", { ringingAlarms: ["alarms.high-5xx"] }));
    expect(found("high-5xx")).toEqual(["service-default/loud"]);
    const page = fleetPage(fleetModel({ services, filter: { text: '"nothing"', needsAttention: true } }));
    expect(page).toContain("No service matches.");
    const fields = elementsOf(page).filter(({ name }) => name === "input");
    expect(fields.map(({ attributes }) => attributes.value)).toEqual(["&quot;nothing&quot;", "yes"]);
    expect(fields[1]?.attributes).toHaveProperty("checked");
  });

  it("of a namespace says which one it is, and searches within it", () => {
    const page = fleetPage(fleetModel({ services: [], namespace: "team-a" }));
    expect(page).toContain("No services in team-a.");
    const form = elementsOf(page).find(({ name }) => name === "form");
    expect(form?.attributes.action).toBe("/status/team-a");
  });

  it("leads from drift and events to the service, as long as there is one", () => {
    const linksOf = (services: ServiceSummary[]) =>
      elementsOf(
        fleetPage(
          fleetModel({ services, drift: [drift("d", { service: "web-api" })], events: [event("e")] }),
        ),
      ).filter(({ attributes }) => attributes.href === "/status/default/web-api").length;
    expect(linksOf([])).toBe(0);
    expect(linksOf([summary("web-api")])).toBe(3);
  });
});

it("an error is a page that says what is wrong and leads back", () => {
  const view = {
    ...fleetModel(),
    code: 404,
    reason: "NotFound",
    message: "<b>x</b> does not exist",
    path: "/status/x/y",
  };
  const page = errorPage(view);
  expect(page).toContain("Not found.");
  expect(page).toContain("&lt;b&gt;x&lt;/b&gt; does not exist.");
  expect(page).not.toContain("live.js");
  expect(elementsOf(page).filter(({ attributes }) => attributes.href === "/status").length).toBeGreaterThan(
    0,
  );
});
