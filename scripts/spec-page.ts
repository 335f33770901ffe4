/** docs/spec.md: every field of a WebService's spec, from the schema and the rules that admission is made from. */
import { ABSENT, type FieldMeta, META } from "../src/reconciler/kinds/field.ts";
import { SSL_POLICY_OF_AWS } from "../src/reconciler/kinds/listener/schema.ts";
import { LOAD_BALANCER_ATTRIBUTES } from "../src/reconciler/kinds/load-balancer/schema.ts";
import { LOOKUP_FORMS } from "../src/reconciler/kinds/lookups/forms.ts";
import { LOOKUP } from "../src/reconciler/kinds/lookups/places.ts";
import { HOLDFAST } from "../src/reconciler/kinds/spec-rule.ts";
import { TARGET_GROUP_ATTRIBUTES } from "../src/reconciler/kinds/target-group/schema.ts";
import { rulesByPath } from "../src/reconciler/kinds/validation.ts";
import { webServiceSpecSchema } from "../src/reconciler/kinds/web-service.ts";
import { isWrittenOtherwise } from "../src/reconciler/kinds/written-forms.ts";
import { table } from "./markdown.ts";

interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly [META]?: FieldMeta;
  readonly [ABSENT]?: unknown;
  readonly [keyword: string]: unknown;
}

const NONE = "*none*";

/** Defaults that depend on the rest of the spec, and so stand in no schema: see kinds/defaults.ts. */
const COMPUTED_DEFAULTS: Readonly<Record<string, string>> = {
  "spec.loadBalancer": "`{}`",
  "spec.loadBalancer.listeners": "port 80 to the first target group",
  "spec.targetGroups.<name>.healthCheck.protocol": "that of the target group",
  "spec.targetGroups.<name>.healthCheck.matcher": "`httpCode: 200`; with GRPC `grpcCode: 12`",
  "spec.targetGroups.<name>.attributes": "`deregistration_delay.timeout_seconds: 30`",
  "spec.autoScalingGroups.<name>.desiredCapacity": "`minSize`",
  "spec.autoScalingGroups.<name>.targetGroups": "all of the spec",
  "spec.autoScalingGroups.<name>.scalingPolicies": "`cpu`, which holds the CPU at 70 %",
  "spec.alarms": "`high-5xx` and `unhealthy-hosts`",
};

/** The same with `defaults: AWS`. */
const COMPUTED_OF_AWS: Readonly<Record<string, string>> = {
  "spec.loadBalancer.listeners[].sslPolicy": `\`"${SSL_POLICY_OF_AWS}"\``,
  "spec.loadBalancer.listeners[].defaultAction.forward.stickiness.durationSeconds":
    "*required* while `enabled` is true",
  "spec.targetGroups.<name>.healthCheck.path": "`/`; with GRPC `/AWS.ALB/healthcheck`",
  "spec.targetGroups.<name>.healthCheck.protocol": '`"HTTP"`',
  "spec.targetGroups.<name>.healthCheck.matcher":
    COMPUTED_DEFAULTS["spec.targetGroups.<name>.healthCheck.matcher"]!,
  "spec.targetGroups.<name>.attributes": NONE,
  "spec.autoScalingGroups.<name>.targetGroups": NONE,
  "spec.autoScalingGroups.<name>.scalingPolicies": NONE,
};

/** AWS's own defaults of the attributes, by the path of their map. */
const ATTRIBUTES: Readonly<Record<string, Readonly<Record<string, { default: string | undefined }>>>> = {
  "spec.loadBalancer.attributes": LOAD_BALANCER_ATTRIBUTES,
  "spec.targetGroups.<name>.attributes": TARGET_GROUP_ATTRIBUTES,
};

const RULES = rulesByPath();

const INTRODUCTION = `# The spec of a WebService

<!-- Generated from the schemas and rules in src/reconciler/kinds by \`npm run docs\`. -->

Every field that can be declared. A field that is not here is refused by name.

- **Default**: what an absent field gets. *required*: there is none, so it must stand wherever its map does. *none*: the field stays undeclared.
  Behind **AWS:** stands what it gets with \`defaults: AWS\`, where that is something else; *left to AWS*: nothing is sent,
  and AWS decides. [ADR 21](adr/0021-defaults-that-can-be-declined.md) says how the two are told apart.
- **Value**: with \\*, AWS and its tools write it in other ways, too, and so may you: a number as text (\`"60"\`), a
  text as a number (\`8080\`), \`true\` as \`"true"\`, 0 or -1 for none. What you wrote is stored, and means the same.
- **AWS**: the field's name in AWS's API.
- **When it changes**: the AWS call that changes it in place; *replacement*: AWS cannot, so a new resource takes over
  from the old one; *new version*: a new version of the launch template, and an instance refresh that brings it to the
  instances; *at creation only*: used once, then left to AWS; *never*: a spec that changes it is refused, or speaks of
  another resource; *by its parts*: see those; —: no call of its own.

A field that you do not declare and that has no default is left as it is, with six exceptions: launch templates,
alarms, scaling policies, scheduled actions, notifications and warm pools are the spec's as a whole, so what the spec does
not declare is taken away. A field that you declared once and then took out of the spec goes back to AWS's default, where
AWS documents one.
[ADR 9](adr/0009-undeclared-fields.md) says why.

Below the fields of a map stand the rules between them, each with the page that it comes from. A spec that breaks one is
refused, with the field, what was given and what is allowed.

A reference to a sibling is \`{ ref: <path> }\`: \`loadBalancer\`, \`targetGroups.<name>\`, \`autoScalingGroups.<name>\`,
\`autoScalingGroups.<name>.scalingPolicies.<name>\`. Names of children are lower-case letters, digits and hyphens, at most
63. Where the value of a field says *lookup*, something else may stand there than an id: see
[Lookups](#lookups). The same schema is served as OpenAPI at \`/openapi/v3/apis/holdfast.dev/v1\`.`;

export function specPage(): string {
  const sections: string[] = [];
  const root: object = webServiceSpecSchema;
  section("spec", root as Schema, undefined, sections, new Map());
  sections.push(lookups());
  return `${[INTRODUCTION, ...sections].join("\n\n")}\n`;
}

/** What may stand where an id does. */
function lookups(): string {
  const head = `## Lookups

Instead of an id, a field may say how it is found. It is asked for when the spec is written, and stays what it was then:
[Lookups](operations.md#lookups) in the operations guide says when it is asked for again.`;
  const rows = Object.entries(LOOKUP_FORMS).flatMap(([kind, forms]) =>
    forms.flatMap(({ by, schema }) =>
      Object.entries(schema.properties as Record<string, Schema>).map(([member, { description = "" }]) => [
        `\`${kind}\` by \`${by}\``,
        `\`${member}\``,
        (schema as Schema).required?.includes(member) === true ? "yes" : "no",
        description,
      ]),
    ),
  );
  return [head, table(["Lookup", "Member", "Required", "Meaning"], rows)].join("\n\n");
}

/** One map: its fields as a table, then the maps inside of it. What has been described already is pointed at. */
function section(
  path: string,
  schema: Schema,
  inherited: FieldMeta | undefined,
  sections: string[],
  seen: Map<string, string>,
): void {
  const { properties = {} } = schema;
  const shape = JSON.stringify(properties);
  const known = seen.get(shape);
  const head = [`## \`${path}\``, ...(schema.description === undefined ? [] : [schema.description])];
  if (known !== undefined) {
    const change = inherited === undefined ? "" : `, changed by ${changeOf(inherited)}`;
    const what = RULES.some((item) => covers(path, item.path)) ? "fields and rules" : "fields";
    sections.push(
      [...head, `The same ${what} as [\`${known}\`](#${anchorOf(known)})${change}.`].join("\n\n"),
    );
    return;
  }
  seen.set(shape, path);
  const rows = Object.entries(properties).map(([name, member]) => row(path, schema, name, member, inherited));
  const columns = ["Field", "Value", "Default", "AWS", "When it changes", "Meaning"];
  const inside = Object.entries(properties).flatMap(([name, member]) => {
    const inner = mapIn(`${path}.${name}`, member);
    return inner === undefined ? [] : [{ ...inner, meta: metaOf(member, inherited) }];
  });
  const rules = rulesTable(
    path,
    inside.map((inner) => inner.path),
  );
  sections.push([...head, table(columns, rows), ...rules].join("\n\n"));
  for (const inner of inside) section(inner.path, inner.schema, inner.meta, sections, seen);
}

/** The rules of a section's own fields; those of the sections inside of it stand there. */
function rulesTable(path: string, inside: readonly string[]): string[] {
  const own = RULES.filter(
    (item) => covers(path, item.path) && !inside.some((inner) => covers(inner, item.path)),
  );
  const rows = own.map((item) => [fieldIn(path, item.path), item.rule.must, sourceOf(item.rule.source)]);
  return rows.length === 0 ? [] : [table(["Field", "Must", "Source"], rows)];
}

/** A link with the name of AWS's page, or the host of any other. */
function sourceOf(source: string): string {
  if (source === HOLDFAST) return "Holdfast's own";
  const [host] = source.split("/");
  const page = source.startsWith("docs.aws.") ? source.split("/").at(-1)?.replace(".html", "") : host;
  return `[${page}](https://${source})`;
}

/** Whether a path is the section's or leads into it. */
function covers(section: string, path: string): boolean {
  return path === section || [".", "["].some((mark) => path.startsWith(`${section}${mark}`));
}

function fieldIn(section: string, path: string): string {
  const field = path
    .slice(section.length)
    .replace(/^\./, "")
    .replace(/^\["(.+)"\]$/, "$1");
  return field === "" ? "as a whole" : `\`${field}\``;
}

function row(
  path: string,
  parent: Schema,
  name: string,
  schema: Schema,
  inherited: FieldMeta | undefined,
): string[] {
  const at = `${path}.${name}`;
  const inner = mapIn(at, schema);
  const meta = schema[META];
  return [
    inner === undefined ? `\`${name}\`` : `[\`${name}\`](#${anchorOf(inner.path)})`,
    isWrittenOtherwise(schema) ? `${allowedIn(schema)} \\*` : allowedIn(schema),
    defaultsOf(path, parent, name, schema),
    meta === undefined || meta.aws === "" ? "" : `\`${meta.aws}\``,
    inner === undefined && (isStructure(schema) || metaOf(schema, inherited) === undefined)
      ? "—"
      : changeOf(metaOf(schema, inherited)),
    schema.description ?? "",
  ];
}

function metaOf(schema: Schema, inherited: FieldMeta | undefined): FieldMeta | undefined {
  const meta = schema[META];
  // Members of a list or map of resources speak for themselves.
  return isStructure(schema) ? undefined : (meta ?? inherited);
}

function isStructure({ [META]: meta }: Schema): boolean {
  return meta?.owner === "structure" && meta.change === "never";
}

function changeOf(meta: FieldMeta | undefined): string {
  if (meta === undefined) return "by its parts";
  if (meta.owner === "initial") return "at creation only";
  if (meta.change === "never") return "never";
  if (meta.change === "replace") return "replacement";
  if (meta.change === "ec2:CreateLaunchTemplateVersion") return "new version";
  return `\`${meta.change.split(":")[1]}\``;
}

/** Ours and, where it is another one, AWS's. */
function defaultsOf(path: string, parent: Schema, name: string, schema: Schema): string {
  const ours = defaultOf(path, parent, name, schema);
  const theirs = defaultOfAws(path, parent, name, schema) ?? ours;
  return theirs === ours ? ours : `${ours}; **AWS:** ${theirs}`;
}

/** `undefined`: what it is with our defaults. */
function defaultOfAws(path: string, parent: Schema, name: string, schema: Schema): string | undefined {
  const computed = COMPUTED_OF_AWS[`${path}.${name}`];
  if (computed !== undefined) return computed;
  const { default: ours, [META]: meta, [ABSENT]: part } = schema;
  if (meta?.aws === "" || JSON.stringify(ours) === "{}") return undefined;
  const absent = meta?.change === "ec2:CreateLaunchTemplateVersion" ? undefined : (meta?.absent ?? part);
  if (absent !== undefined) return isEmpty(absent) ? NONE : `\`${JSON.stringify(absent)}\``;
  if (ours === undefined) return undefined;
  return parent.required?.includes(name) ? "*required*" : "*left to AWS*";
}

function isEmpty(value: unknown): boolean {
  return value !== null && typeof value === "object" && Object.keys(value).length === 0;
}

function defaultOf(path: string, parent: Schema, name: string, schema: Schema): string {
  const attribute = ATTRIBUTES[path]?.[name];
  if (attribute !== undefined)
    return attribute.default === undefined ? "AWS's" : `AWS's: \`${attribute.default || '""'}\``;
  const computed = COMPUTED_DEFAULTS[`${path}.${name}`];
  if (computed !== undefined) return computed;
  if (schema.default !== undefined) return `\`${JSON.stringify(schema.default)}\``;
  const told = /Default: (.+)\.$/.exec(schema.description ?? "")?.[1];
  if (told !== undefined) return told;
  return parent.required?.includes(name) ? "*required*" : NONE;
}

/** The map that a field holds, directly, as the items of a list or as the values of a map of names. */
function mapIn(path: string, schema: Schema): { path: string; schema: Schema } | undefined {
  const [named] = Object.values(schema.patternProperties ?? {});
  if (named?.properties !== undefined)
    return { path: `${path}.<name>`, schema: described(named, schema.description) };
  if (schema.items?.properties !== undefined)
    return { path: `${path}[]`, schema: described(schema.items, schema.description) };
  if (schema.properties === undefined || isReference(schema)) return undefined;
  return { path, schema };
}

function described(schema: Schema, description: string | undefined): Schema {
  return schema.description === undefined && description !== undefined ? { ...schema, description } : schema;
}

function isReference({ properties }: Schema): boolean {
  return properties?.ref !== undefined;
}

/** What may be given, in words. */
function allowedIn(schema: Schema): string {
  const { [LOOKUP]: lookup, ...direct } = schema;
  if (lookup !== undefined) return `${allowedIn(direct as Schema)} or lookup of \`${lookup}\``;
  if (isReference(schema)) return "reference";
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${value}\``).join(", ");
  if (schema.anyOf !== undefined) return schema.anyOf.map(allowedIn).join(" or ");
  if (schema.items !== undefined) return `list${bounds(schema, "Items")} of ${pluralOf(schema.items)}`;
  if (schema.patternProperties !== undefined) {
    const [value] = Object.values(schema.patternProperties);
    return `map${bounds(schema, "Properties")} of ${value === undefined ? "values" : pluralOf(value)}`;
  }
  if (schema.type === "object") return "map";
  if (schema.type === "string") return `text${lengths(schema)}${patternOf(schema)}`;
  if (schema.type === "integer") return `whole number${range(schema)}`;
  if (schema.type === "number") return `number${range(schema)}`;
  return schema.type ?? "value";
}

function pluralOf(schema: Schema): string {
  if (schema.properties !== undefined) return "maps";
  if (schema.enum !== undefined) return allowedIn(schema);
  return allowedIn(schema).replace(/^text/, "texts");
}

function bounds(schema: Schema, noun: "Items" | "Properties"): string {
  const least = schema[`min${noun}`];
  const most = schema[`max${noun}`];
  if (least === undefined && most === undefined) return "";
  if (least === undefined) return ` (at most ${most})`;
  return most === undefined ? ` (at least ${least})` : ` (${least} to ${most})`;
}

function lengths({ maxLength }: Schema): string {
  return maxLength === undefined ? "" : `, at most ${maxLength} characters`;
}

function patternOf({ pattern }: Schema): string {
  return pattern === undefined ? "" : `, \`${pattern}\``;
}

function range({ minimum, maximum, exclusiveMinimum }: Schema): string {
  if (exclusiveMinimum !== undefined) return ` above ${exclusiveMinimum}`;
  if (minimum === undefined) return "";
  return maximum === undefined ? ` from ${minimum}` : ` ${minimum} to ${maximum}`;
}

/** As GitHub makes anchors of headings. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(" ", "-")
    .replaceAll(/[^a-z0-9_-]/g, "");
}
