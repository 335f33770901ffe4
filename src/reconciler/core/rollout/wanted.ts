/** Which content of a launch template a group is to run, and under which number. */
import type { Address } from "../../../model/address.ts";
import type { RolledVersion, Rollout } from "../../../model/ledger/rollout.ts";
import type { Value } from "../../../model/value.ts";
import { valuesEqual } from "../../../model/value.ts";
import type { KindNamed } from "../kind-rules.ts";
import { digestOf } from "../names.ts";
import { addressesIn, resolvedFields } from "../references.ts";
import type {
  DesiredResource,
  Fields,
  Fleet,
  FleetInstance,
  ObservedResource,
  TemplateVersion,
} from "../resource.ts";
import { withoutTags } from "../tags.ts";

/** Tags of the instances mend nothing: a content that is rejected stays so with others. */
const INSTANCE_TAGS = "instanceTags";

interface Sight {
  readonly kindNamed: KindNamed;
  readonly desired: readonly DesiredResource[];
  readonly current: ReadonlyMap<Address, ObservedResource>;
}

export interface WantedTemplate {
  /** Of its content without tags, which has its lookups resolved and secrets as digests. */
  readonly digest: string;
  /** The version that has it; absent while that is still to be made, or to be the default. */
  readonly version?: RolledVersion;
  readonly template: ObservedResource | undefined;
}

/** `undefined` where it names no template of the spec. */
export function templateWanted(
  { kindNamed, desired, current }: Sight,
  group: DesiredResource,
): WantedTemplate | undefined {
  const field = templateField(kindNamed, group);
  const [address] = field === undefined ? [] : addressesIn(group.fields[field]);
  const wanted = desired.find((one) => one.address === address);
  if (wanted === undefined) return undefined;
  const { authorField } = kindNamed(wanted.kind);
  const contentOf = (fields: Fields) =>
    Object.fromEntries(Object.entries(withoutTags(fields)).filter(([field]) => field !== authorField));
  const content = contentOf(resolvedFields(wanted.fields, () => undefined).fields);
  const { [INSTANCE_TAGS]: _tags, ...essence } = content;
  const digest = digestOf(essence);
  const template = current.get(wanted.address);
  const { id, version } = template?.attributes ?? {};
  const isThere =
    template !== undefined &&
    Object.entries(content).every(([field, value]) => valuesEqual(template.fields[field], value));
  if (!isThere || id === undefined || version === undefined) return { digest, template };
  return { digest, template, version: { id, version, digest, ...markOf(content) } };
}

/** The field of a group that names its template; `undefined` of what launches nothing. */
export function templateField(
  kindNamed: KindNamed,
  { kind }: Pick<DesiredResource, "kind">,
): string | undefined {
  return kindNamed(kind).traits.launchesFrom;
}

/** A version as people tell it apart from others, as far as it was read. */
export function rolledVersion(
  { id, version }: TemplateVersion,
  template: ObservedResource | undefined,
): RolledVersion {
  const found = template?.id === id ? template.templateVersions?.versions : undefined;
  const fields = found?.find(({ number }) => String(number) === version)?.fields;
  return { id, version, ...(fields === undefined ? {} : markOf(fields)) };
}

/** With what the group says beside it. */
export function withPolicy(version: RolledVersion, policy: Fields | undefined): RolledVersion {
  return policy === undefined || Object.keys(policy).length === 0 ? version : { ...version, policy };
}

/** Whether an instance runs it, or a template that the group has beside its own. */
export function runsVersion(
  { template, isOfOther }: Pick<FleetInstance, "template" | "isOfOther">,
  version: TemplateVersion | undefined,
): boolean {
  return isOfOther === true || isSameVersion(template, version);
}

/** Whether the group and the template of a rollout have gone since, and others have their names: nothing is left to go back to. */
export function isOfOthers(
  { from }: Pick<Rollout, "from">,
  fleet: Pick<Fleet, "template">,
  { template }: Pick<WantedTemplate, "template">,
): boolean {
  return (
    from !== undefined && template !== undefined && from.id !== template.id && from.id !== fleet.template?.id
  );
}

function markOf({ imageId, userData }: Fields): Pick<RolledVersion, "imageId" | "userData"> {
  const text = (value: Value | undefined) => (typeof value === "string" ? value : undefined);
  const image = text(imageId);
  const data = text(userData);
  return {
    ...(image === undefined ? {} : { imageId: image }),
    ...(data === undefined ? {} : { userData: data }),
  };
}

export function isSameVersion(one: TemplateVersion | undefined, other: TemplateVersion | undefined): boolean {
  return one !== undefined && one.id === other?.id && one.version === other.version;
}
