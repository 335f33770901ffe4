import { describe, expect, it } from "vitest";
import { InvalidSpecError } from "../../../src/model/errors.ts";
import { admit } from "../../../src/reconciler/kinds/admission.ts";
import { rulesByPath } from "../../../src/reconciler/kinds/validation.ts";
import { webServiceSpecSchema } from "../../../src/reconciler/kinds/web-service.ts";
import { type Draft, specWith } from "../world.ts";

function faultsOf(spec: unknown): { path: string; message: string; reason: string }[] {
  try {
    admit(spec);
  } catch (error) {
    if (error instanceof InvalidSpecError) return [...error.faults];
    throw error;
  }
  return [];
}

const tg = (spec: Draft) => spec.targetGroups.web;
const asg = (spec: Draft) => spec.autoScalingGroups.web;
const https = (spec: Draft) => spec.loadBalancer.listeners[1]!;
const rule = (spec: Draft) => https(spec).rules![0]!;
const alarm = (spec: Draft) => spec.alarms["high-5xx"]!;
const ASG = "spec.autoScalingGroups.web";
const HTTPS = "spec.loadBalancer.listeners[1]";
const RULE = `${HTTPS}.rules[0]`;

/** One fault of each part; test/contract/admission.test.ts has them all. */
const SOME: readonly [path: string, change: (spec: Draft) => void][] = [
  ["spec.targetGroups.web.port", (spec) => Object.assign(tg(spec), { port: 70_000 })],
  [`${RULE}.priority`, (spec) => Object.assign(rule(spec), { priority: 0 })],
  [
    "spec.targetGroups.web.healthCheck.timeoutSeconds",
    (spec) => Object.assign(tg(spec).healthCheck, { timeoutSeconds: 30 }),
  ],
  [`${ASG}.minSize`, (spec) => Object.assign(asg(spec), { minSize: 20 })],
  ["spec.alarms.high-5xx.period", (spec) => Object.assign(alarm(spec), { period: 45 })],
];

interface Node {
  readonly properties?: Record<string, Node>;
  readonly items?: Node;
  readonly patternProperties?: Record<string, Node>;
  readonly anyOf?: Node[];
}

/** The schema of `spec.targetGroups.<name>.attributes["stickiness.type"]`. */
function schemaAt(path: string): Node | undefined {
  const [, ...steps] = [...path.matchAll(/\["([^"]+)"\]|\[\]|[^.[\]]+/g)].map(
    ([step, quoted]) => quoted ?? step,
  );
  const root: object = webServiceSpecSchema;
  return steps.reduce<Node | undefined>((node, step) => {
    const forms = [node, ...(node?.anyOf ?? [])];
    if (step === "[]") return node?.items;
    if (step === "<name>") return Object.values(node?.patternProperties ?? {})[0];
    return forms.map((form) => form?.properties?.[step]).find((found) => found !== undefined);
  }, root as Node);
}

describe("the rules between fields", () => {
  it("each speak of a field that there is", () => {
    const unknown = rulesByPath().filter(({ path }) => schemaAt(path) === undefined);
    expect(unknown.map(({ path }) => path)).toEqual([]);
  });
});

describe("admission", () => {
  it("tells each break of each rule, in the order of the spec: where, what was given, what is allowed", () => {
    const faults = faultsOf(
      specWith((spec) => {
        alarm(spec).period = 45;
        Object.assign(tg(spec).healthCheck, { matcher: { httpCode: "100,200-599" } });
        Object.assign(tg(spec).attributes, { "slow_start.duration_seconds": 5 });
        https(spec).rules!.push({ ...rule(spec), action: { forward: { targetGroup: "wbe" } } });
        rule(spec).conditions = [{ sourceIp: ["10.0.0.1", "10.0.0.0/8", "all"] }, {}];
      }),
    );
    const TG = "spec.targetGroups.web";
    expect(faults.map(({ path, message }) => `${path} ${message}`)).toEqual([
      `${HTTPS}.rules two rules have priority 10`,
      `${HTTPS}.rules two rules are called block-admin`,
      `${RULE}.conditions[0].sourceIp takes addresses in CIDR form such as 10.0.0.0/8; was "10.0.0.1"`,
      `${RULE}.conditions[0].sourceIp takes addresses in CIDR form such as 10.0.0.0/8; was "all"`,
      `${RULE}.conditions[1] must be exactly one of hostHeader, pathPattern, httpHeader, httpRequestMethod, queryString, sourceIp; was none`,
      `${HTTPS}.rules[1].action.forward.targetGroup there is no target group called "wbe" in this spec; there is web`,
      `${TG}.healthCheck.matcher.httpCode takes codes from 200 to 499, lists and ranges of them; was "100"`,
      `${TG}.healthCheck.matcher.httpCode takes codes from 200 to 499, lists and ranges of them; was "200-599"`,
      `${TG}.attributes["slow_start.duration_seconds"] must be 0 or from 30 to 900; was 5`,
      "spec.alarms.high-5xx.period must be 10, 20, 30 or a multiple of 60; was 45",
    ]);
  });

  it.each([
    ["targetGroups", { Web: {} }],
    ["autoScalingGroups", { Web: { minSize: 9, maxSize: 1 } }],
    ["alarms", { Web: { period: 45 } }],
  ])(
    "says of a child of %s only that its name is not allowed: nothing else is known of it",
    (children, more) => {
      const faults = faultsOf(specWith((spec) => Object.assign(spec[children as "alarms"], more)));
      expect(faults).toEqual([
        expect.objectContaining({
          path: `spec.${children}.Web`,
          message: expect.stringContaining("is not a name that is allowed here"),
        }),
      ]);
    },
  );

  it("takes the example as it is", () => {
    expect(faultsOf(specWith(() => undefined))).toEqual([]);
  });

  it("tells every fault at once", () => {
    const faults = faultsOf(specWith((spec) => SOME.forEach(([, change]) => void change(spec))));
    expect(faults.map((fault) => fault.path).sort()).toEqual(SOME.map(([path]) => path).sort());
  });

  it("names the field that was meant", () => {
    const [fault] = faultsOf(specWith((spec) => Object.assign(tg(spec).healthCheck, { intervalSecond: 10 })));
    expect(fault).toMatchObject({
      reason: "FieldUnknown",
      message: expect.stringContaining("intervalSeconds"),
    });
  });

  it("never shows user data", () => {
    const [fault] = faultsOf(
      specWith((spec) =>
        Object.assign(asg(spec).launchTemplate, { userData: "PASSWORD=hunter2 ".repeat(2000) }),
      ),
    );
    expect(fault?.path).toBe(`${ASG}.launchTemplate.userData`);
    expect(fault?.message).not.toContain("hunter2");
  });

  it("does not let the Region change", () => {
    const spec = admit(specWith(() => undefined));
    const stored = { spec } as unknown as Parameters<typeof admit>[1];
    expect(() => admit({ ...spec, region: "eu-west-1" }, stored)).toThrow(InvalidSpecError);
  });

  it("takes what it has filled in itself, and changes nothing about it", () => {
    const spec = admit(specWith(() => undefined));
    expect(admit(structuredClone(spec))).toEqual(spec);
  });

  it.each([undefined, null, 5, "text", [], {}])("answers %j with faults, not with a crash", (given) => {
    expect(faultsOf(given).length).toBeGreaterThan(0);
  });
});

describe("what the validator objects to is refused", () => {
  const junk = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`junk${index}`, index]));
  const spec = () => specWith(() => {}) as unknown as Record<string, unknown>;

  it.each([1, 999, 1_000, 1_001, 5_000])("with %i unknown members, each by its name", (count) => {
    const faults = faultsOf({ ...spec(), ...junk(count) });
    expect(faults).toHaveLength(count);
    expect(faults.at(-1)).toMatchObject({ path: `spec.junk${count - 1}`, reason: "FieldUnknown" });
  });

  it("behind unknown members as before them", () => {
    const wrong = { region: 5, subnetIds: [], vpcId: {} };
    for (const given of [
      { ...junk(1_500), ...spec(), ...wrong },
      { ...spec(), ...wrong, ...junk(1_500) },
    ]) {
      const paths = faultsOf(given).map(({ path }) => path);
      expect(paths).toEqual(expect.arrayContaining(["spec.region", "spec.subnetIds", "spec.vpcId"]));
    }
  });

  it("inside of a child with unknown members", () => {
    const given = specWith((draft) => {
      Object.assign(draft.targetGroups.web, { port: 99_999_999, ...junk(1_500) });
    });
    expect(faultsOf(given).map(({ path }) => path)).toContain("spec.targetGroups.web.port");
  });

  it("and a list without end before its items are compared", () => {
    const subnetIds = Array.from({ length: 19_000 }, (_, index) => `subnet-${index}`);
    expect(faultsOf({ ...spec(), subnetIds })).toEqual([
      {
        path: "spec.subnetIds",
        message: "takes at most 1000 items; was a list of 19000",
        reason: "FieldValueInvalid",
      },
    ]);
  });
});

describe("spec.windows", () => {
  const window = { cron: "0 22 * * *", durationMinutes: 120, timeZone: "Europe/Berlin" };
  const withWindows = (windows: object) => specWith((spec) => Object.assign(spec, { windows }));

  it.each<[object, string, string]>([
    [{}, "spec.windows", "must have exactly one of allow and deny"],
    [{ allow: [window], deny: [window] }, "spec.windows", "must have exactly one of allow and deny"],
    [{ allow: [] }, "spec.windows.allow", "1"],
    [
      { allow: [{ ...window, cron: "0 25 * * *" }] },
      "spec.windows.allow[0].cron",
      'is not cron\'s: Invalid value for hour: 25; was "0 25 * * *"',
    ],
    [{ deny: [{ ...window, cron: "0 0 30 2 *" }] }, "spec.windows.deny[0].cron", "there is no such day"],
    [
      { allow: [window, { ...window, timeZone: "Europe/Berlim" }] },
      "spec.windows.allow[1].timeZone",
      'did you mean Europe/Berlin?; was "Europe/Berlim"',
    ],
    [
      { allow: [{ ...window, cron: "0 */2 * * *", durationMinutes: 121 }] },
      "spec.windows.allow[0].durationMinutes",
      "shortest time between two starts (120 minutes); was 121",
    ],
    [
      { deny: [{ ...window, durationMinutes: 1440, timeZone: "UTC" }] },
      "spec.windows.deny",
      "leaves no time open",
    ],
    [{ allow: [{ ...window, duration: 5 }] }, "spec.windows.allow[0].duration", "durationMinutes"],
  ])("%j is refused at %s", (windows, path, says) => {
    expect(faultsOf(withWindows(windows))).toEqual([
      expect.objectContaining({ path, message: expect.stringContaining(says) }),
    ]);
  });

  it("are taken as they are meant, in UTC where they name no zone", () => {
    const allow = [{ cron: "0 22 * * 1-5", durationMinutes: 1440 }];
    expect(admit(withWindows({ allow })).windows).toEqual({ allow: [{ ...allow[0], timeZone: "UTC" }] });
  });
});
