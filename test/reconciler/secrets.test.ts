/** What is secret in a spec is a digest wherever people and programs look. */
import { describe, expect, it } from "vitest";
import { InvalidSpecError } from "../../src/model/errors.ts";
import { isSameInSecret, secretDigest, withoutSecrets } from "../../src/model/secrets.ts";
import type { Value } from "../../src/model/value.ts";
import type { Log } from "../../src/ports.ts";
import { admit } from "../../src/reconciler/kinds/admission.ts";
import { outputsOf } from "../simulation/judges/outputs.ts";
import { example } from "../support/example.ts";
import { type Installation, silent } from "../support/installation.ts";
import { addFault, arnOf, converged, driftEvents, somebody, untilRepaired } from "./world.ts";

const ELB = "elasticloadbalancing";
const CANARY = "canary-5e1f";
const header = (value: string) => ({ httpHeader: { name: "X-Origin-Verify", values: [value] } });
const RULE = "loadBalancer.listeners.443.rules";

const withSecrets = (value: string) =>
  example()
    .withLaunchTemplate({ userData: `#!/bin/sh\n# ${value}\n` })
    .withRule("verified", { conditions: [header(value)] })
    .withRule("private", {
      secret: true,
      conditions: [{ pathPattern: [`/${value}/*`] }, { queryString: [{ key: "token", value }] }],
      action: {
        fixedResponse: { statusCode: "200", contentType: "text/plain", messageBody: `it is ${value}` },
      },
    })
    .withRule("elsewhere", {
      secret: true,
      action: { redirect: { statusCode: "HTTP_302", host: `${value}.example.com`, query: `token=${value}` } },
    });

/** An installation, and everything that it has logged. */
async function logged(value: string): Promise<{ installation: Installation; lines: string[] }> {
  const lines: string[] = [];
  const write = (fields: object, message: string) => lines.push(`${message} ${JSON.stringify(fields)}`);
  const log: Log = { ...silent, info: write, warn: write, error: write, debug: write };
  return { installation: await converged(withSecrets(value).spec(), { log }), lines };
}

function everythingShown({ store, clock }: Installation): string {
  const pages = outputsOf(store, clock, [{ namespace: "default", name: "web-api" }]);
  return [...pages].map(([where, text]) => `${where}: ${text}`).join("\n");
}

const rulesOf = async (installation: Installation) =>
  JSON.stringify(
    (
      await somebody(installation, `${ELB}:DescribeRules`, {
        ListenerArn: arnOf(installation, "loadBalancer.listeners.443"),
      })
    ).Rules,
  );

describe("a secret in a rule", () => {
  it("reaches AWS, and no page, table, plan or line of the log", async () => {
    const { installation, lines } = await logged(CANARY);
    const made = await rulesOf(installation);
    expect(made.split(CANARY).length - 1).toBeGreaterThanOrEqual(6);
    const next = withSecrets(`${CANARY}-2`);
    const plan = JSON.stringify(await installation.plan(next.spec()));
    expect(plan).toContain(secretDigest(`${CANARY}-2`));
    installation.post(next.spec());
    await installation.untilReady();
    expect(await rulesOf(installation)).toContain(`it is ${CANARY}-2`);
    for (const text of [plan, everythingShown(installation), lines.join("\n")]) {
      expect(text).not.toContain(CANARY);
    }
    expect(everythingShown(installation)).toContain(secretDigest(`${CANARY}-2`));
  });

  it("that somebody moves is drift that can be seen, put right, and not read", async () => {
    const { installation, lines } = await logged(CANARY);
    const Conditions = [
      {
        Field: "http-header",
        HttpHeaderConfig: { HttpHeaderName: "X-Origin-Verify", Values: [`${CANARY}-x`] },
      },
    ];
    await somebody(installation, `${ELB}:ModifyRule`, {
      RuleArn: arnOf(installation, `${RULE}.verified`),
      Conditions,
    });
    await untilRepaired(installation);
    const [event] = driftEvents(installation);
    expect(JSON.stringify(event?.desired)).toContain(secretDigest(CANARY));
    expect(JSON.stringify(event?.after)).toContain(secretDigest(`${CANARY}-x`));
    expect(event?.state).toBe("Corrected");
    expect(await rulesOf(installation)).not.toContain(`${CANARY}-x`);
    expect(everythingShown(installation) + lines.join("\n")).not.toContain(CANARY);
  });

  it("that AWS repeats in a refusal is a digest in condition, event, journal and log", async () => {
    const { installation, lines } = await logged(CANARY);
    addFault(
      installation,
      `${ELB}:ModifyRule`,
      { kind: "error", code: "ValidationError", message: `Condition value '${CANARY}-2' is not valid` },
      { times: 100 },
    );
    const next = withSecrets(CANARY).withRule("verified", { conditions: [header(`${CANARY}-2`)] });
    installation.post(next.spec());
    await installation.until(() => installation.condition("Stalled")?.reason === "RefusedByAws");
    const status = JSON.stringify(installation.get().status);
    expect(status).toContain(`Condition value '${secretDigest(`${CANARY}-2`)}' is not valid`);
    expect(status + everythingShown(installation) + lines.join("\n")).not.toContain(CANARY);
  });

  it("is shown where the rule says that nothing in it is secret", async () => {
    const spec = example().withRule("open", { secret: false, conditions: [header("Mozilla/*")] });
    const installation = await converged(spec.spec());
    expect(
      JSON.stringify([...installation.store.applied({ namespace: "default", name: "web-api" })]),
    ).toContain("Mozilla/*");
    const made = installation.mutations().length;
    installation.post(spec.withRule("open", { secret: true }).spec());
    await installation.untilReady();
    await installation.clock.advance(300_000);
    expect(installation.mutations().slice(made)).toEqual([]);
    expect(everythingShown(installation)).not.toContain("Mozilla");
  });
});

describe("a secret in a spec that is refused", () => {
  const faultsOf = (spec: object): string => {
    try {
      admit(spec as Record<string, unknown>, undefined);
    } catch (error) {
      if (error instanceof InvalidSpecError) return JSON.stringify(error);
      throw error;
    }
    throw new Error("it is admitted");
  };

  it.each([
    [
      "a header's value",
      example()
        .withRule("a", { conditions: [header(CANARY.repeat(20))] })
        .spec(),
    ],
    [
      "user data",
      example()
        .withLaunchTemplate({ userData: CANARY.repeat(2_000) })
        .spec(),
    ],
    [
      "a client secret, in an action that is not known here",
      example()
        .withRule("a", { action: { authenticateOidc: { clientSecret: CANARY } } as object })
        .spec(),
    ],
  ])("is not repeated: %s", (_what, spec) => {
    const text = faultsOf(spec);
    expect(text).not.toContain(CANARY);
    expect(text.length).toBeGreaterThan(20);
  });
});

describe("the text of a spec", () => {
  it("has digests where its secrets are, and is readable elsewhere", () => {
    const rules = [
      {
        name: "a",
        priority: 1,
        conditions: [header(CANARY), { pathPattern: ["/a"] }],
        action: { forward: { targetGroup: "web" } },
      },
      {
        name: "b",
        priority: 2,
        secret: true,
        conditions: [{ pathPattern: ["/b"] }],
        action: { redirect: { path: "/c", statusCode: "HTTP_301" } },
      },
      {
        name: "c",
        priority: 3,
        secret: false,
        conditions: [header("open")],
        action: { authenticateOidc: { clientSecret: CANARY } },
      },
    ];
    const digest = (text: string) => secretDigest(text);
    expect(withoutSecrets({ rules })).toEqual({
      rules: [
        { ...rules[0], conditions: [header(digest(CANARY)), { pathPattern: ["/a"] }] },
        {
          ...rules[1],
          conditions: [{ pathPattern: [digest("/b")] }],
          action: { redirect: { path: digest("/c"), statusCode: "HTTP_301" } },
        },
        { ...rules[2], action: { authenticateOidc: { clientSecret: digest(CANARY) } } },
      ],
    });
  });
});

it("what becomes secret, or is told, is the same: nobody has moved it", () => {
  const [one, other] = ["/admin/*", "/login/*"].map((path) => [path, secretDigest(path)] as const);
  const conditions = (...values: string[]): Value => [{ field: "path-pattern", values }];
  const told = conditions(one![0], other![0]);
  const secret = conditions(...[one![1], other![1]].sort());
  expect(isSameInSecret(told, secret)).toBe(true);
  expect(isSameInSecret(secret, told)).toBe(true);
  expect(isSameInSecret(conditions(one![0]), conditions(other![1]))).toBe(false);
  // Of what is told the order counts.
  expect(isSameInSecret(told, conditions(other![0], one![0]))).toBe(false);
});
