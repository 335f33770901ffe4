import { describe, expect, it } from "vitest";
import { ledgerPage } from "../../src/dashboard/past/ledger-page.ts";
import { ledgerText } from "../../src/dashboard/past/ledger-text.ts";
import { fleetOfThenPage, serviceOfThenPage } from "../../src/dashboard/past/then-page.ts";
import { fleetOfThenText, serviceOfThenText } from "../../src/dashboard/past/then-text.ts";
import type { StateOfThen } from "../../src/model/ledger/history.ts";
import type { FleetOfThen, LedgerModel, ServiceOfThen } from "../../src/model/ledger/past.ts";
import { ago, condition, drift, fleetModel, open } from "./fixtures.ts";
import { elementsOf } from "./markup.ts";

const { services: _services, clouds: _clouds, queue: _queue, events: _events, ...CONTEXT } = fleetModel();

function ledger(change: Partial<LedgerModel> = {}): LedgerModel {
  const fought = open("fought", {
    attempts: 2,
    contest: { corrections: 5, since: ago(900), values: ["/x", "/y"], times: [ago(300)], waitSeconds: 600 },
    decision: { verb: "ignore", actor: "ann", reason: "a trial", time: ago(10) },
  });
  return { ...CONTEXT, filter: {}, drift: [fought, drift("closed")], ...change };
}

function state(change: Partial<StateOfThen> = {}): StateOfThen {
  return {
    ...{ namespace: "default", name: "web-api", uid: "u", creationTimestamp: ago(90_000) },
    ...{ since: ago(4_000), generation: 3, observedGeneration: 3 },
    conditions: [condition("Ready", "True", "Ready", "In sync with the spec, and serving.")],
    alarms: [{ key: "alarms.a", name: "a", state: "ALARM", reason: "Threshold crossed" }],
    ...change,
  };
}

const AS_OF = ago(3_600);

function fleet(change: Partial<FleetOfThen> = {}): FleetOfThen {
  return {
    ...{ ...CONTEXT, asOf: AS_OF, drift: [drift("then")] },
    ...{ services: [state()], totalServices: 1, notRecorded: [] },
    ...change,
  };
}

function service(change: Partial<ServiceOfThen> = {}): ServiceOfThen {
  return { ...CONTEXT, asOf: AS_OF, drift: [], service: state(), isGone: false, ...change };
}

describe("the page of the drift ledger", () => {
  it("has the pattern of what keeps coming back, the attempts, and what was decided", () => {
    for (const shown of [ledgerPage(ledger()), ledgerText(ledger())]) {
      expect(shown).toMatch(/5 (times|corrections)/);
      expect(shown).toMatch(/ignore/);
    }
    const page = ledgerPage(ledger());
    expect(page).toContain("put right 5 times since");
    expect(page).toContain("<code>/x</code>, <code>/y</code>");
    expect(page).toContain("in 2 attempts");
    expect(page).toContain("ignore, by ann (a trial)");
    expect(page).toContain("request <code>req-1</code>");
  });

  it("keeps what was looked for in its form, its pages and its exports", () => {
    const filter = { namespace: "default", resourceKind: "alarm", state: "Open" as const, since: AS_OF };
    const elements = elementsOf(ledgerPage(ledger({ filter, continue: "next" })));
    const values = elements
      .filter(({ name }) => name === "input")
      .map(({ attributes }) => [attributes.name, attributes.value]);
    expect(values).toEqual(
      expect.arrayContaining([
        ["namespace", "default"],
        ["kind", "alarm"],
        ["since", AS_OF],
      ]),
    );
    const hrefs = elements.map(({ attributes }) => attributes.href ?? "");
    expect(hrefs.find((href) => href.includes("continue=next"))).toContain("kind=alarm");
    const csv = hrefs.find((href) => href.includes("format=csv"));
    expect(csv).toContain("/namespaces/default/driftevents?");
    expect(csv).toContain(encodeURIComponent("resourceKind=alarm,state=Open"));
  });

  it("labels each field of its form", () => {
    const page = ledgerPage(ledger());
    const labels = page.match(/<label>[A-Z][^<]+<(input|select) /g) ?? [];
    const fields = elementsOf(page).filter(({ name }) => name === "input" || name === "select");
    expect(labels).toHaveLength(fields.length);
  });

  it("says what may be forgotten, and shows no secret", () => {
    const event = open("secret", {
      field: "launchTemplate.userData",
      desired: "hush",
      before: "hush",
      after: "x",
    });
    const model = ledger({ drift: [event], keptSince: AS_OF });
    for (const shown of [ledgerPage(model), ledgerText(model)]) {
      expect(shown.replaceAll(/\s+/g, " ")).toContain(`before ${AS_OF} may be forgotten`);
      expect(shown).not.toContain("hush");
    }
  });
});

describe("a page of the past", () => {
  const pages = { fleet: fleetOfThenPage(fleet()), service: serviceOfThenPage(service()) };

  it.each(Object.entries(pages))("of a %s says of when it is, and that it is not now", (_, page) => {
    expect(page).toContain(`As of <time datetime="${AS_OF}">`);
    expect(page).toContain("not how it is now");
    expect(page).not.toContain("live.js");
    expect(page).toContain('class="stale"');
    expect(elementsOf(page).filter(({ name }) => name === "h1")).toHaveLength(1);
  });

  it("of a fleet leads to the services as they were", () => {
    expect(pages.fleet).toContain(`/status/default/web-api?at=${encodeURIComponent(AS_OF)}`);
  });

  it("says of what nothing was recorded", () => {
    const model = fleet({ notRecorded: [{ namespace: "default", name: "quiet" }], driftKeptSince: ago(60) });
    for (const shown of [fleetOfThenPage(model), fleetOfThenText(model)]) {
      expect(shown).toContain("default/quiet");
      expect(shown).toContain("ledger is complete since");
    }
  });

  it("does not call ready what had not been looked at", () => {
    const { observedGeneration: _, ...unseen } = state({ conditions: [], alarms: [] });
    for (const shown of [
      serviceOfThenPage(service({ service: unseen })),
      serviceOfThenText(service({ service: unseen })),
    ]) {
      expect(shown).toContain("it had not been looked at yet");
    }
    expect(fleetOfThenText(fleet({ services: [unseen] }))).toContain("not looked at yet");
  });

  it("says that a service is gone, and leads to no page of now", () => {
    const gone = serviceOfThenPage(service({ isGone: true }));
    expect(gone).toContain("not there any more");
    expect(elementsOf(gone).some(({ attributes }) => attributes.href === "/status/default/web-api")).toBe(
      false,
    );
  });

  it("is the same for terminals", () => {
    const text = serviceOfThenText(service());
    expect(text).toContain(`AS OF ${AS_OF}`);
    expect(text).toContain("Generation 3.");
    expect(text).toContain("alarms.a");
    expect(text).toContain("Threshold crossed");
  });
});
