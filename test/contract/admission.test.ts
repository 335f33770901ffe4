import { Compile } from "typebox/compile";
import { describe, expect, it } from "vitest";
import { InvalidSpecError } from "../../src/model/errors.ts";
import { FINALIZER } from "../../src/model/object.ts";
import { admit } from "../../src/reconciler/kinds/admission.ts";
import { withDefaults } from "../../src/reconciler/kinds/defaults.ts";
import { HOLDFAST } from "../../src/reconciler/kinds/spec-rule.ts";
import { brokenRules, rulesByPath } from "../../src/reconciler/kinds/validation.ts";
import { type WebServiceSpec, webServiceSpecSchema } from "../../src/reconciler/kinds/web-service.ts";
import { normalForm } from "../../src/reconciler/kinds/written-forms.ts";
import { AwsError } from "../../src/simulator/account/aws-error.ts";
import { REFUSALS } from "../../src/simulator/refusals.ts";
import { specWith } from "../reconciler/world.ts";
import { Installation, WEB_API } from "../support/installation.ts";
import { ALARM_ROWS, POLICY_ALARM_ROWS, SERVICE_ROWS } from "./admission/alarms.ts";
import { CAPACITY_ROWS } from "./admission/capacity.ts";
import { GROUP_ROWS, POLICY_ROWS, TEMPLATE_ROWS } from "./admission/compute.ts";
import {
  HOOK_ROWS,
  NOTIFICATION_ROWS,
  SCHEDULED_ACTION_ROWS,
  WARM_POOL_ROWS,
} from "./admission/group-children.ts";
import { MIXED_ROWS } from "./admission/mixed-instances.ts";
import type { Row } from "./admission/row.ts";
import { SCALING_POLICY_ROWS } from "./admission/scaling-policies.ts";
import { TARGET_GROUP_ROWS } from "./admission/target-groups.ts";
import { ACTION_ROWS, LISTENER_ROWS, LOAD_BALANCER_ROWS, RULE_ROWS } from "./admission/traffic.ts";
import { WINDOW_ROWS } from "./admission/windows.ts";
import { CASES } from "./refusals/cases.ts";
import { buildGround, type Ground, refusalOf } from "./refusals/ground.ts";

const ROWS: readonly Row[] = [
  ...SERVICE_ROWS,
  ...LOAD_BALANCER_ROWS,
  ...LISTENER_ROWS,
  ...ACTION_ROWS,
  ...RULE_ROWS,
  ...TARGET_GROUP_ROWS,
  ...GROUP_ROWS,
  ...TEMPLATE_ROWS,
  ...POLICY_ROWS,
  ...SCALING_POLICY_ROWS,
  ...SCHEDULED_ACTION_ROWS,
  ...HOOK_ROWS,
  ...NOTIFICATION_ROWS,
  ...WARM_POOL_ROWS,
  ...CAPACITY_ROWS,
  ...MIXED_ROWS,
  ...ALARM_ROWS,
  ...POLICY_ALARM_ROWS,
  ...WINDOW_ROWS,
];

const OVERRIDE = "mixedInstancesPolicy.launchTemplate.overrides[]";

type Change = Row["broken"];

function faultsOf(change: Change): InvalidSpecError["faults"] {
  try {
    admit(specWith(change));
  } catch (error) {
    if (error instanceof InvalidSpecError) return error.faults;
    throw error;
  }
  return [];
}

/** What the account says no to when the product asks for this spec, whether or not admission would let it in. */
async function refusalsOf(change: Change, until: (refused: AwsError[], isSynced: boolean) => boolean) {
  const installation = new Installation();
  const refused: AwsError[] = [];
  const { account } = installation;
  const call = account.call;
  account.call = async (...asked) => {
    try {
      return await call(...asked);
    } catch (error) {
      if (error instanceof AwsError) refused.push(error);
      throw error;
    }
  };
  const spec = withDefaults(specWith(change)) as Record<string, unknown>;
  const key = { namespace: "default", name: WEB_API.name };
  installation.store.create({ metadata: { ...key, finalizers: [FINALIZER] } as never, spec });
  installation.controller.request(key);
  const stalled = () => installation.condition("Stalled")?.reason;
  const isSynced = () => installation.condition("Synced")?.status === "True";
  const isOver = () => until(refused, isSynced()) || stalled() === "QuotaExceeded";
  await installation.until(isOver, 20 * 60_000).catch(() => undefined);
  return { refused, isSynced: isSynced(), stalled: stalled() };
}

const summary = (refused: readonly AwsError[]) => refused.map(({ rule, message }) => `${rule}: ${message}`);

const title = ({ at, refusal }: Row, index: number) =>
  [`${index}: ${at} (${refusal})`, ROWS[index]!] as const;
const OF_AWS = ROWS.map(title).filter(([, { refusal }]) => refusal !== "ours");
const ASKED = OF_AWS.filter(([, { isFormless }]) => !isFormless);
const BY_CASE = OF_AWS.filter(([, { isFormless }]) => isFormless);

describe("a spec that breaks a rule of admission", () => {
  it.each(ROWS.map(title))("is refused, %s", (_, { at, broken }) => {
    const faults = faultsOf(broken);
    expect([...new Set(faults.map(({ path }) => path))]).toEqual([`spec.${at}`]);
    for (const { message } of faults) expect(message).toMatch(/\S+ \S+ \S+|is required/);
  });

  it.each(ASKED)("would be refused by the account: %s", async (_, { refusal, broken }) => {
    const isIt = (error: AwsError) =>
      refusal instanceof RegExp ? refusal.test(`${error.code}: ${error.message}`) : error.rule === refusal;
    const { refused, stalled } = await refusalsOf(broken, (so) => so.some(isIt));
    // What the account says of its quotas is believed, and then it is not asked.
    const isHeld =
      refusal instanceof RegExp && /^maximum number/.test(refusal.source) && stalled === "QuotaExceeded";
    expect(isHeld || refused.some(isIt), summary(refused).join("\n")).toBe(true);
  });

  it("is refused in the words of the contract where the product has no form for the call", async () => {
    const ground: Ground = await buildGround();
    for (const [name, { refusal }] of BY_CASE) {
      const [operation, input] = CASES[String(refusal)]!;
      const answer = await refusalOf(ground.lab, operation, input(ground));
      expect(answer?.rule, name).toBe(refusal);
    }
  });

  it.each(ROWS.map(title))(
    "is admitted just inside of it, and the account takes it: %s",
    async (_, { inside }) => {
      expect(faultsOf(inside)).toEqual([]);
      const { refused, isSynced } = await refusalsOf(inside, (_so, is) => is);
      expect(summary(refused.filter(({ rule }) => rule !== undefined))).toEqual([]);
      expect(isSynced, summary(refused).join("\n")).toBe(true);
    },
  );
});

/** What is Holdfast's own, or follows from a rule that a row breaks. */
const OWN_DEMANDS: readonly RegExp[] = [
  // Nothing where something has to stand, and the same thing twice, have no meaning in a spec.
  / (minLength|minItems|minProperties|uniqueItems)$/,
  // Names of what is in AWS: another one does not exist there.
  /(Id|Ids\[\]|securityGroups\[\]|instanceType|iamInstanceProfile\.arn) pattern$/,
  // Names and choices of the spec's own.
  /rules\[\]\.name (pattern|maxLength)$|(deletionPolicy|management|defaults|approval) enum$|targetType enum$|\.ref pattern$/,
  // What is done about what others change.
  /^spec\.drift\.(policy enum|rules\[\]\.(resource (pattern|maxLength)|field maxLength|policy enum))$/,
  // When corrections and rollouts may be begun.
  /^spec\.windows\./,
  // Of a template that is others' own, and of bytes whose form is Holdfast's.
  /shared\.(name maxLength|version pattern)$|userDataBase64 pattern$/,
  // The bounds of one service: model/limits.ts, and the default quotas of AWS.
  /(targetGroups|autoScalingGroups|scalingPolicies|scheduledActions|lifecycleHooks|notifications|alarms) maxProperties$/,
  /(rules|certificates|securityGroups|securityGroupIds|blockDeviceMappings|<name>\.targetGroups) maxItems$/,
  /(networkInterfaces|networkInterfaces\[\]\.groups|licenseSpecifications) maxItems$/,
  /(minSize|maxSize|desiredCapacity) (minimum|maximum)$/,
  // A rule has at most five values over all its conditions.
  /conditions(\[\]\.\w+(\.values)?)? maxItems$/,
  // Longer than any address.
  /sourceIp\[\] maxLength$/,
  // Lengths that other services document: S3, EC2's key pairs, CloudWatch's metrics, keys of a query.
  /(s3\.bucket|keyName|queryString\[\]\.key|(customizedMetric|metricStat\.metric)\.\S+) maxLength$/,
  /minAdjustmentMagnitude minimum$/,
];

const DEMANDS = [
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "enum",
  "const",
  "pattern",
  "minLength",
  "maxLength",
  "minItems",
  "maxItems",
  "minProperties",
  "maxProperties",
  "uniqueItems",
];

interface Node {
  readonly properties?: Readonly<Record<string, Node>>;
  readonly patternProperties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly [keyword: string]: unknown;
}

/** Each place of the schema with each keyword that refuses something. */
function demandsOf(schema: object, place = "spec"): string[] {
  const node = schema as Node;
  return [
    ...DEMANDS.filter((keyword) => node[keyword] !== undefined).map((keyword) => `${place} ${keyword}`),
    ...Object.entries(node.properties ?? {}).flatMap(([name, member]) =>
      demandsOf(member, `${place}.${name}`),
    ),
    ...Object.values(node.patternProperties ?? {}).flatMap((member) => demandsOf(member, `${place}.<name>`)),
    ...(node.items === undefined ? [] : demandsOf(node.items, `${place}[]`)),
  ];
}

/** `spec.targetGroups.<name>.port` of a pointer into the schema. */
function placeOf(pointer: string): string {
  return pointer
    .replace(/^#/, "spec")
    .replaceAll(/\/properties\/([^/]+)/g, ".$1")
    .replaceAll(/\/patternProperties\/.*?(?=\/properties|\/items|$|\.)/g, ".<name>")
    .replaceAll("/items", "[]");
}

describe("the rules of admission", () => {
  const seen = new Set(
    ROWS.flatMap(({ broken }) => {
      const spec = normalForm(webServiceSpecSchema, withDefaults(specWith(broken)));
      return brokenRules(spec as WebServiceSpec).map(({ rule }) => rule);
    }),
  );

  it("are each broken by a row", () => {
    const unbroken = rulesByPath().filter(({ rule, path }) => !seen.has(rule) && path !== "spec.region");
    expect(unbroken.map(({ path, rule }) => `${path} must ${rule.must}`)).toEqual([]);
  });

  it("of the schema are each broken by a row, but for those that are Holdfast's own", () => {
    const validator = Compile(webServiceSpecSchema);
    // A rule's action has the schema of a default action, and all metrics of a forecast have one; so have the attributes of
    // instance types of overrides and templates, and all ranges among them.
    const twin = (demand: string) =>
      demand
        .replace(".rules[].action.", ".defaultAction.")
        .replace(/\.customized(Scaling|Capacity)Metric\./, ".customizedLoadMetric.")
        .replace(/<name>\.launchTemplate(?=\.instanceRequirements)/, `<name>.${OVERRIDE}`)
        .replace(/(?<=\.instanceRequirements\.)\w+(?=\.(min|max) )/, "vCpuCount");
    const brokenForms = new Set(
      ROWS.flatMap(({ broken }) => {
        const spec = normalForm(webServiceSpecSchema, withDefaults(specWith(broken)));
        return validator.Errors(spec).map((error) => twin(`${placeOf(error.schemaPath)} ${error.keyword}`));
      }),
    );
    const unbroken = demandsOf(webServiceSpecSchema).filter((demand) => !brokenForms.has(twin(demand)));
    expect(unbroken.filter((demand) => !OWN_DEMANDS.some((own) => own.test(demand)))).toEqual([]);
  });

  it("are at least 120 that AWS refuses too, by name", () => {
    const ids = new Set(REFUSALS.map(({ id }) => id));
    const named = ROWS.flatMap(({ refusal }) =>
      typeof refusal === "string" && refusal !== "ours" ? [refusal] : [],
    );
    expect(named.filter((id) => !ids.has(id))).toEqual([]);
    expect(new Set(named).size).toBeGreaterThanOrEqual(120);
    const ofAws = new Set(rulesByPath().flatMap(({ rule }) => (rule.source === HOLDFAST ? [] : [rule])));
    expect(ofAws.size).toBeGreaterThanOrEqual(80);
  });
});
