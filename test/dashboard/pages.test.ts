import { describe, expect, it } from "vitest";
import { fleetPage } from "../../src/dashboard/fleet-page.ts";
import { servicePage } from "../../src/dashboard/service-page.ts";
import { signInPage } from "../../src/dashboard/sign-in-page.ts";
import { fleetText, serviceText } from "../../src/dashboard/text.ts";
import { LIMITS } from "../../src/model/limits.ts";
import type { Reason } from "../../src/model/reasons.ts";
import { secretDigest } from "../../src/model/secrets.ts";
import type { WebServiceStatus } from "../../src/model/status.ts";
import type { ServiceModel } from "../../src/model/status-page.ts";
import {
  ago,
  condition,
  degraded,
  deleting,
  drift,
  drifting,
  event,
  fleetModel,
  instance,
  service,
  serviceModel,
  summary,
  unknown,
  unseen,
} from "./fixtures.ts";
import { elementsOf, textOf } from "./markup.ts";

const SERVICES: Record<string, ServiceModel> = {
  healthy: serviceModel(),
  degraded: degraded(),
  drifting: drifting(),
  deleting: deleting(),
  unseen: unseen(),
  unknown: unknown(),
  "looking things up": lookingUp(),
};
const PAGES: Record<string, string> = {
  fleet: fleetPage(fleetModel()),
  "fleet of nothing": fleetPage(fleetModel({ services: [], clouds: [], drift: [], events: [] })),
  ...Object.fromEntries(Object.entries(SERVICES).map(([name, model]) => [name, servicePage(model)])),
};

/** A service that looks things up: one of them is as it was, of the other there is something newer. */
function lookingUp(): ServiceModel {
  const model = serviceModel();
  const { service } = model;
  const row = { path: "spec.vpcId", kind: "vpc", asked: { name: "main" }, value: "vpc-12345678" } as const;
  const image = {
    path: "spec.autoScalingGroups.web.launchTemplate.imageId",
    kind: "image",
    asked: { ssmParameter: "/team/image" },
    value: "ami-12345678",
    detail: "web-1, made 2025-06-01",
    state: "UpdateAvailable",
    newer: "ami-87654321",
    message: "web-2, made 2026-02-01",
  } as const;
  const times = { resolvedAt: ago(90_000), checkedAt: ago(600) };
  const lookups = [
    { ...row, state: "Current" as const, ...times },
    { ...image, ...times },
  ];
  return { ...model, service: { ...service, status: { ...service.status!, lookups } } };
}

const SIGN_IN = { version: "0.1.0", next: "/status" };

const HOSTILE = `</code><script>alert("x")</script><img src=x onerror='y'>`;

/** Every text that a user or AWS decides, replaced by a hostile one. */
function hostile(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(hostile);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      if (typeof member !== "string") return [name, hostile(member)];
      const decided =
        /time|stamp|now|since|observedAt|nextPassAt|status|state|result|serving|verb|outcome|circuit|cloud|^type$|apiVersion/i;
      return [name, decided.test(name) ? member : `${member}${HOSTILE}`];
    }),
  );
}

describe.each(Object.entries(PAGES))("page: %s", (_name, page) => {
  const elements = elementsOf(page);

  it("is well formed, and no id stands twice", () => {
    const ids = elements.map((element) => element.attributes.id).filter((id) => id !== undefined);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  it("holds under a strict Content-Security-Policy: nothing inline, nothing from elsewhere", () => {
    for (const { name, attributes, text } of elements) {
      expect(Object.keys(attributes).filter((each) => each === "style" || each.startsWith("on"))).toEqual([]);
      if (name === "script") expect([attributes.src, text]).toEqual(["/status/assets/live.js", ""]);
      expect(name).not.toBe("style");
      for (const address of [attributes.src, attributes.href]) expect(address ?? "/").toMatch(/^[/#]/);
    }
  });

  it("can be walked by ear and keyboard: landmarks, one h1, named sections, headed tables, links that lead somewhere", () => {
    const names = elements.map((element) => element.name);
    for (const once of ["main", "footer", "h1"]) {
      expect(names.filter((name) => name === once)).toHaveLength(1);
    }
    expect(elements.find((element) => element.name === "html")?.attributes.lang).toBe("en");
    const ids = new Set(elements.map((element) => element.attributes.id));
    for (const { name, attributes } of elements) {
      if (name === "section")
        expect(attributes["aria-label"] ?? ids.has(attributes["aria-labelledby"])).toBeTruthy();
      if (name === "img") expect(attributes.alt).toBeDefined();
      if (name === "nav") expect(attributes["aria-label"]).toBeTruthy();
      if (name === "th") expect(attributes.scope).toBe("col");
      if (attributes.href?.startsWith("#")) expect(ids).toContain(attributes.href.slice(1));
    }
    expect(names.filter((name) => name === "caption").length).toBe(
      names.filter((name) => name === "table").length,
    );
  });

  it("says every tone in a word as well", () => {
    for (const { attributes, text } of elements) {
      if (/^(pill|word) /.test(attributes.class ?? "")) expect(text.replace(/^.\s*/, "").trim()).not.toBe("");
    }
  });

  it("gives every time to machines too", () => {
    for (const { name, attributes } of elements) {
      if (name === "time") expect(Date.parse(attributes.datetime ?? "")).not.toBeNaN();
    }
  });
});

describe("what a service page shows", () => {
  it("the three health checks, the verdict, and the seven steps with the one it is in", () => {
    const page = servicePage(degraded());
    expect(page).toContain("1 · Load balancer");
    expect(page).toContain("grace period is 300 s");
    const steps = elementsOf(page).filter((element) => element.attributes.class?.startsWith("step "));
    expect(steps).toHaveLength(7);
    expect(
      steps.filter((step) => step.attributes["aria-current"] === "step").map((step) => step.text),
    ).toEqual([
      "↻now≈ 5 minGrace period endsNew instances are spared for 300 s; for this instance not before 12:07:10Z.",
    ]);
  });

  it("drift three ways, and how long the repair took", () => {
    const text = elementsOf(servicePage(serviceModel())).find(
      (element) => element.attributes.id === "drift",
    )?.text;
    expect(text).toContain("Spec wants/healthBefore/healthAWS had/healthz");
    expect(text).toContain("closed after 60 s by elasticloadbalancing:ModifyTargetGroup, request req-1.");
    expect(elementsOf(PAGES.drifting!).find((element) => element.attributes.id === "drift")?.text).toContain(
      "not put right.",
    );
  });

  it("the plan only while it is held back, and what is not ours only when there is something", () => {
    expect(PAGES.drifting).toContain("Plan, held back");
    expect(PAGES.healthy).not.toContain("Plan, held back");
    expect(PAGES.healthy).toContain("Not ours");
    expect(servicePage(serviceModel({ service: service({}, { unowned: [] }) }))).not.toContain("Not ours");
  });

  it("a plan that waits for approval as such, with the annotation that gives it", () => {
    const approval = {
      annotation: "holdfast.dev/approved-plan",
      digest: "p0123456789abcde",
      effects: [{ key: "alarms.high-5xx", id: "", effect: "defaultsChanged" }],
    };
    const plan = { ...drifting().service.status!.plan!, approval, digest: approval.digest };
    const model = serviceModel({ service: service({}, { plan }) });
    const page = servicePage(model);
    expect(page).toContain("Plan, waiting for approval");
    expect(page).toContain("<code>holdfast.dev/approved-plan: p0123456789abcde</code>");
    const commands = elementsOf(page)
      .filter((element) => "data-copy-text" in element.attributes)
      .map((element) => element.text.replaceAll("&quot;", '"'));
    expect(commands.some((text) => text.includes('"holdfast.dev/approved-plan":"p0123456789abcde"'))).toBe(
      true,
    );
    expect(serviceText(model, { width: 250 })).toContain(
      "PLAN, WAITING FOR APPROVAL: holdfast.dev/approved-plan=p0123456789abcde",
    );
  });

  it("the patch by which an advice of the scorecard is taken", () => {
    const patch = '{"spec":{"autoScalingGroups":{"web":{"healthCheckType":"ELB"}}}}';
    const scorecard = [
      { id: "x", title: "A check", result: "fail" as const, evidence: "EC2", remedy: "Set it.", patch },
    ];
    const model = serviceModel({ service: service({}, { scorecard }) });
    const command = `kubectl patch webservice web-api -n default --type merge -p '${patch}'`;
    expect(servicePage(model).replaceAll("&quot;", '"').replaceAll("&#39;", "'")).toContain(command);
    expect(serviceText(model, { width: 250 })).toContain(command);
  });

  it("commands that pause, or that let it write again", () => {
    const patch = (page: string) =>
      elementsOf(page)
        .filter((element) => "data-copy-text" in element.attributes)
        .map((element) => element.text.replaceAll("&quot;", '"').replaceAll("&#39;", "'"))
        .find((text) => text.includes("paused"));
    expect(patch(PAGES.healthy!)).toBe(
      `curl -s -X PATCH -H 'Content-Type: application/merge-patch+json' -d '{"metadata":{"annotations":{"holdfast.dev/paused":"true"}}}' 'http://127.0.0.1:8080/apis/holdfast.dev/v1/namespaces/default/webservices/web-api'`,
    );
    expect(patch(PAGES.drifting!)).toContain('"holdfast.dev/paused":null');
  });

  it("no secret, in no form", () => {
    const plan = drifting().service.status!.plan!;
    plan.rows[0]!.differences.push({
      field: "launchTemplate.userData",
      desired: "hunter2",
      observed: "sha256:00112233",
    });
    const leaking = serviceModel({
      service: service({}, { plan }),
      drift: [drift("d", { field: "userData", desired: "hunter2", before: "hunter2", after: "hunter2" })],
    });
    for (const form of [servicePage(leaking), serviceText(leaking)]) {
      expect(form).not.toContain("hunter2");
      expect(form).toContain(secretDigest("hunter2"));
    }
    expect(servicePage(leaking)).toContain("userData: sha256:");
    expect(servicePage(leaking)).toContain("sha256:00112233");
  });
});

describe("a reason", () => {
  const row = (page: string, id: string) =>
    elementsOf(page).find((element) => element.attributes.id === id)?.text ?? "";
  const stalled = (reason: string) =>
    service(
      {},
      {
        conditions: [
          condition("Ready", "False", reason as Reason, "The name is taken."),
          condition("Stalled", "True", reason as Reason, "The name is taken."),
        ],
      },
    );

  it("is explained once, with what a person does about it, and leads to its place in the documentation", () => {
    const page = servicePage(serviceModel({ service: stalled("NotOurs") }));
    expect(row(page, "condition-Ready")).toContain(
      "carries our owner tag. It is left alone." + "The first: remove it, or take it over. The second: take",
    );
    expect(row(page, "condition-Stalled")).not.toContain("remove it");
    expect(page).toContain('<code title="A resource without our owner tag has a name that is needed;');
    const addresses = elementsOf(page).map(({ attributes }) => attributes.href);
    expect(addresses).toContain("/status/docs/operations.md#reason-notours");
    expect(addresses).toContain("/status/docs/operations.md#taking-over-what-runs");
  });

  it("that asks nothing of anybody has no remedy", () => {
    const page = servicePage(serviceModel({ service: stalled("Removing") }));
    expect(row(page, "condition-Ready")).toContain("Resources that the spec does not ask for are going.");
    expect(row(page, "conditions")).not.toContain("Wait");
    expect(row(PAGES.healthy!, "conditions")).not.toContain("Nothing.");
    expect(row(PAGES.healthy!, "condition-Synced")).not.toContain("AWS holds what the spec asks for.");
  });

  it("of a condition that is well has its remedy all the same", () => {
    const conditions = [condition("Healthy", "True", "ServingFromOneZone", "3 instances serve.")];
    const page = servicePage(serviceModel({ service: service({}, { conditions }) }));
    expect(row(page, "condition-Healthy")).toContain(
      "Look why the other zones have none: status.activities.",
    );
  });

  it("of events is explained in a legend, each once", () => {
    const events = ["DriftDetected", "DriftDetected", "CallFailed", "Gone"].map((reason, index) =>
      event(`e${index}`, { reason }),
    );
    const legend = row(servicePage(serviceModel({ events })), "events-reasons");
    expect(legend.match(/Somebody moved a field or removed a resource\./g)).toHaveLength(1);
    expect(legend).toContain("tells it by itself where it is let. See the drift ledger.");
    expect(legend).toContain("alreadyExists that lasts");
    expect(legend).not.toContain("Gone");
  });

  it("stands before the message in the fleet, where the filter finds it", () => {
    const { conditions } = stalled("NotOurs").status!;
    const page = fleetPage(fleetModel({ services: [summary("s", { conditions })] }));
    expect(row(page, "service-default/s")).toContain("NotOurs: The name is taken.");
  });

  it("of a plan that stops is no resource that is waited for", () => {
    const plan = drifting().service.status!.plan!;
    plan.rows.push({
      verb: "stop",
      key: "loadBalancer",
      kind: "",
      name: "",
      reason: "The load balancer is protected.",
      calls: [],
      differences: [],
      blockedBy: ["DeletionProtected"],
    });
    const text = row(servicePage(serviceModel({ service: service({}, { plan }) })), "plan");
    expect(text).toContain("DeletionProtectedA load balancer that should go has deletion protection.");
    expect(text).not.toContain("Waits for DeletionProtected");
  });

  it.each(["OfAnOlderVersion", "constructor"])("%s, which the table does not have, stands alone", (word) => {
    const plan = drifting().service.status!.plan!;
    plan.rows.push({ ...plan.rows[0]!, verb: "stop", blockedBy: [word] });
    const object = { ...stalled(word), status: { ...stalled(word).status!, plan } };
    const model = serviceModel({ service: object, events: [event("e", { reason: word })] });
    const page = servicePage(model);
    expect(row(page, "condition-Ready")).toContain(`${word}The name is taken.`);
    expect(page).not.toContain("events-reasons");
    const fleet = fleetModel({ services: [summary("s", { conditions: object.status.conditions })] });
    expect(row(fleetPage(fleet), "service-default/s")).toContain(word);
    expect(serviceText(model)).toContain(word);
  });
});

describe("a part of a page", () => {
  const pageOf = (over: Partial<WebServiceStatus>) =>
    servicePage(serviceModel({ service: service({}, over) }));

  it("that is empty says whether there is nothing, or nothing was seen", () => {
    expect(textOf(PAGES.unseen!, "alarms")).toContain("Not looked at yet.");
    expect(textOf(pageOf({ alarms: [] }), "alarms")).toContain(
      "The spec has 1 alarm, and AWS does not have it.",
    );
    const unread = [{ kind: "alarm", reason: "cloudwatch:DescribeAlarms answered Throttling (throttled)" }];
    expect(textOf(pageOf({ alarms: [], unread }), "alarms")).toContain(
      "Could not be read: cloudwatch:DescribeAlarms answered Throttling (throttled).",
    );
    const groups = [{ kind: "autoScalingGroup", reason: "denied" }];
    expect(textOf(pageOf({ instances: [], unread: groups }), "instances")).toContain("? serving");
  });

  it("tells a booting instance from a dead one", () => {
    const rows = [
      instance("i-boots", "us-east-1a", { serving: "no", phase: "starting" }),
      instance("i-dead", "us-east-1b", { serving: "no", phase: "failing" }),
    ];
    const page = pageOf({ instances: rows });
    expect(textOf(page, "instance-i-boots")).toContain("starting");
    expect(textOf(page, "instance-i-dead")).toContain("not serving");
    const starting = { serving: 0, starting: 1, apart: 0, unknown: 0, total: 2 };
    expect(fleetPage(fleetModel({ services: [summary("s", { instances: starting })] }))).toContain(
      '<span class="pip info"></span><span class="pip bad"></span>',
    );
  });

  it("shows a zone that is declared and has no instance, and one in which nobody serves", () => {
    const rows = [
      instance("i-1", "us-east-1a"),
      instance("i-2", "us-east-1b", { serving: "no", phase: "failing" }),
    ];
    const zones = [
      { name: "us-east-1a", instances: 1, serving: 1, unknown: 0 },
      { name: "us-east-1b", instances: 1, serving: 0, unknown: 0 },
      { name: "us-east-1c", instances: 0, serving: 0, unknown: 0 },
    ];
    const page = pageOf({ instances: rows, zones });
    expect(textOf(page, "topology")).toMatch(
      /us-east-1a✓1\/1 serving.*us-east-1b✕0\/1 serving.*us-east-1c–no instance/,
    );
  });

  it("of what was last seen before says since when, and is not green", () => {
    const { targetHealth: _targets, ...row } = instance("i-1", "us-east-1a");
    const dark = { ...row, serving: "unknown", lastSeenAt: ago(90) } as const;
    const shown = textOf(pageOf({ instances: [dark] }), "instance-i-1");
    expect(shown).toContain("not read");
    expect(shown).toContain("InService when last seen at 12:03:00");
  });

  it("is marked as stale where it is", () => {
    expect(pageOf({ observedAt: ago(200) })).toContain('<main id="main" tabindex="-1" class="stale"');
    expect(PAGES.healthy).toContain('class="fresh"');
    const old = fleetPage(fleetModel({ services: [summary("s", { observedAt: ago(200) })] }));
    expect(old).toMatch(/<tr id="service-default\/s" class="stale"/);
    expect(textOf(old, "service-default/s")).toContain("Stale");
  });

  it("names the alarms that ring, and in the text as well", () => {
    const model = fleetModel({ services: [summary("s", { ringingAlarms: ["alarms.high-5xx"] })] });
    expect(textOf(fleetPage(model), "service-default/s")).toContain("In ALARM: alarms.high-5xx");
    expect(fleetText(model)).toMatch(/default\/s\s+Ready, in alarm .*in ALARM: alarms\.high-5xx/);
  });
});

describe("hostile names", () => {
  it("stay text, on every page", () => {
    for (const model of Object.values(SERVICES)) {
      const page = servicePage(hostile(model) as ServiceModel);
      expect(() => elementsOf(page)).not.toThrow();
      expect(elementsOf(page).filter((element) => element.name === "script")).toHaveLength(1);
    }
    const page = fleetPage(hostile(fleetModel()) as ReturnType<typeof fleetModel>);
    expect(elementsOf(page).filter((element) => element.name === "script")).toHaveLength(1);
  });

  it("cannot leave the quotes of a command, nor the path of a link", () => {
    const page = servicePage(serviceModel({ service: service({ name: "a' ; rm -rf / #" }) }));
    expect(page).toContain("/webservices/a%27%20%3B%20rm%20-rf%20%2F%20%23");
    expect(page).not.toContain("webservices/a&#39;");
  });

  it("cannot command a terminal", () => {
    const model = serviceModel({
      service: service(
        {},
        { conditions: [condition("Ready", "False", "OutOfSync", "a\u001b[2Jb\nc\u009bd")] },
      ),
    });
    expect(serviceText(model)).toContain("a [2Jb c d");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(serviceText(model)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });
});

describe("long lists", () => {
  const many = <T>(make: (index: number) => T) =>
    Array.from({ length: 1_000 }, (_each, index) => make(index));

  it("are cut, and say by how much", () => {
    const model = serviceModel({
      drift: many((index) => drift(`d${index}`)),
      events: many((index) => event(`e${index}`)),
      service: service({}, { instances: many((index) => instance(`i-${index}`, "us-east-1a")) }),
    });
    const page = servicePage(model);
    expect(page.match(/id="drift-default\//g)).toHaveLength(LIMITS.rowsPerSection);
    expect(page.match(/id="event-default\//g)).toHaveLength(LIMITS.rowsPerSection);
    expect(page.match(/id="instance-i-/g)).toHaveLength(LIMITS.rowsPerSection);
    expect(page).toContain("and 900 more: /apis/holdfast.dev/v1/namespaces/default/driftevents");
    expect(page).toContain("1000 of 1000 serving");
  });

  it("of services are cut after those that need attention", () => {
    const model = fleetModel({
      services: [...many((index) => summary(`s${index}`)), summary("worst", { conditions: [] })],
    });
    const page = fleetPage(model);
    expect(page.match(/id="service-default\//g)).toHaveLength(LIMITS.servicesPerPage);
    expect(page).toContain('id="service-default/worst"');
    expect(page).toContain("and 901 more");
    expect(fleetText(model)).toContain("and 901 more");
  });
});

describe("the clock", () => {
  it("is said to be the simulated account's, and how fast it goes", () => {
    expect(PAGES.fleet).toContain("Simulated account · 60× real time");
    expect(PAGES.fleet).toContain("on the clock of the simulated account");
    const aws = fleetPage(fleetModel({ cloud: "aws" }));
    expect(aws).toContain('<span class="badge">AWS</span>');
    expect(aws).not.toContain("simulated account");
  });

  it("leaves the page as it is while nothing moves", () => {
    expect(servicePage(degraded())).toBe(PAGES.degraded);
  });
});

describe("who is signed in", () => {
  it("stands in the bar, with the way out; nobody does where no token is demanded", () => {
    const page = fleetPage(fleetModel({ actor: { name: "grafana", mayWrite: false } }));
    expect(page).toContain("<span>grafana · read only</span>");
    expect(page).toContain('<form class="actor" method="post" action="/sign-out">');
    expect(fleetPage(fleetModel({ actor: { name: "alice", mayWrite: true } }))).toContain(
      "<span>alice</span>",
    );
    expect(PAGES.fleet).not.toContain("/sign-out");
  });

  it("has given a token in a form that says what was wrong, and escapes where it leads", () => {
    expect(signInPage(SIGN_IN)).not.toContain('role="alert"');
    const page = signInPage({ ...SIGN_IN, next: HOSTILE, problem: "No." });
    expect(page).toContain('<p class="problem" role="alert" id="problem">No.</p>');
    expect(page).not.toContain("<script>");
    expect(page).toContain('<input type="hidden" name="next" value="&lt;/code&gt;');
  });

  it("is told apart from other pages: none lets a browser hide the origin of our own forms", () => {
    for (const page of [PAGES.fleet!, signInPage(SIGN_IN)]) expect(page).not.toContain("no-referrer");
  });
});

describe("the rollouts of a service", () => {
  const told = {
    rollouts: [
      {
        autoScalingGroup: "autoScalingGroups.web",
        state: "RolledBack" as const,
        from: { id: "lt-1", version: "1", imageId: "ami-1" },
        to: { id: "lt-1", version: "2", imageId: "ami-2" },
        begunAt: "2026-03-01T11:00:00.000Z",
        reason: "Instance refresh made no progress.",
        evidence: [{ why: "unhealthy in targetGroups.web", instances: ["i-1", "i-2"] }],
      },
    ],
    behind: [
      {
        autoScalingGroup: "autoScalingGroups.web",
        version: "2",
        count: 3,
        inWarmPool: 1,
        instances: [{ instanceId: "i-3", version: "1", lifecycleState: "Standby" }],
      },
    ],
  };
  const model = serviceModel();
  const withRollouts = { ...model, service: service({}, told) };

  it("say what failed, why, and who is behind, on the page and in the text", () => {
    const page = servicePage(withRollouts);
    expect(page).toContain('id="rollouts"');
    expect(page).toContain("i-1, i-2: unhealthy in targetGroups.web");
    const who = "3 instances have another version than 2, 1 of them in the warm pool";
    expect(page).toContain(`${who}: i-3 (1, Standby) and 2 more`);
    const text = serviceText(withRollouts, { width: 250 });
    expect(text).toContain("Rolled back");
    expect(text).toContain("Instance refresh made no progress. i-1, i-2: unhealthy in targetGroups.web");
    expect(text).toContain("version 2 (ami-2)");
    expect(text).toContain(who);
  });

  it("are no section where there is none", () => {
    expect(servicePage(model)).not.toContain('id="rollouts"');
  });
});

describe("the lookups of a service", () => {
  it("stand on its page with what they stand for, and what they would stand for now", () => {
    const page = servicePage(lookingUp());
    for (const text of ["Update available", "ami-12345678", "now ami-87654321", "web-2, made 2026-02-01"]) {
      expect(page).toContain(text);
    }
    expect(serviceText(lookingUp(), { width: 200 })).toMatch(/LOOKUPS.*vpc-12345678.*now ami-87654321/s);
  });

  it("have no section where nothing is looked up", () => {
    expect(servicePage(serviceModel())).not.toContain('id="lookups"');
  });
});
