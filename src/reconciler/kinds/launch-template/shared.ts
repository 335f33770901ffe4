/**
 * A launch template of somebody else's, which groups outside of the service use as well: no version is made of it, and no
 * tag is put on it. While one of its versions holds what the spec says, that version stands in for a template of our own;
 * when none does, one of our own is made. What is of our own stays, whatever the other one comes to hold.
 */
import { type Address, aboveOf, childNameOf } from "../../../model/address.ts";
import { valuesEqual } from "../../../model/value.ts";
import { foreignAmong, isForeign } from "../../core/foreign-fields.ts";
import { resolvedFields } from "../../core/references.ts";
import type { DesiredResource, Fields, Seen } from "../../core/resource.ts";
import { withoutTags } from "../../core/tags.ts";
import { toldMembersOf } from "../coverage/answer-members.ts";
import type { Found, ServiceContext } from "../kind.ts";
import { required } from "../required.ts";
import { memberOf } from "../spec-rule.ts";
import { tagFields, tagsFromList } from "../tags.ts";
import { contentOf, type LaunchTemplate, type Version, versionsOf } from "./content.ts";

type Shared = { readonly name: string; readonly version: string };
type Template = Found<LaunchTemplate>;

/** Names of the templates that the spec shares with others. */
export function namesOfShared({ spec }: ServiceContext): string[] {
  return Object.values(spec.autoScalingGroups).flatMap(
    ({ launchTemplate: { shared } }) => shared?.name ?? [],
  );
}

function sharedAt({ spec }: ServiceContext, template: Address): Shared | undefined {
  return memberOf(spec.autoScalingGroups, childNameOf(aboveOf(template)))?.launchTemplate.shared;
}

/** What may stand in for a template of our own, under the name that ours would have: once for each group. */
export function borrowedAmong(
  listed: readonly Template[],
  service: ServiceContext,
  desired: readonly DesiredResource[],
): Template[] {
  return desired.flatMap(({ address, name }): Template[] => {
    const shared = sharedAt(service, address);
    const lender = listed.find((found) => found.name === shared?.name);
    if (lender === undefined || listed.some((found) => found.name === name)) return [];
    return [{ kind: "launchTemplate", id: `${lender.id} for ${address}`, name, raw: lender.raw, tags: {} }];
  });
}

export function isBorrowed({ name, raw }: Template): boolean {
  return raw.LaunchTemplateName !== name;
}

/** The version that holds what is wanted, as if it were ours; of a template without one, what it is to everybody else. */
export function lent(
  { id, raw }: Template,
  list: readonly Version[],
  desired: DesiredResource,
  service: ServiceContext,
  nowMs: number,
): Seen {
  const { fields } = resolvedFields(withoutTags(desired.fields), () => undefined);
  const wanted = contentOf(fields);
  const versions = versionsOf(list, wanted, undefined);
  const holding = versions.filter((version) => valuesEqual(withoutForeign(version.fields), wanted));
  const named = numberOf(sharedAt(service, desired.address)?.version, raw);
  const newest = Math.max(...holding.map(({ number }) => number));
  const version =
    holding.find(({ number }) => number === named) ?? holding.find(({ number }) => number === newest);
  const template = {
    id: required(raw.LaunchTemplateId, "LaunchTemplateId"),
    name: required(raw.LaunchTemplateName, "LaunchTemplateName"),
  };
  const seen = { kind: "launchTemplate", refersTo: [], lifecycle: "ready", observedAtMs: nowMs } as const;
  if (version === undefined)
    return { ...seen, ...template, address: undefined, fields: {}, attributes: template };
  const members = toldMembersOf("launchTemplate", {
    "ec2:DescribeLaunchTemplateVersions": list.find(({ VersionNumber }) => VersionNumber === version.number),
  });
  return {
    ...seen,
    ...{ id, name: desired.name, address: desired.address, members },
    isBorrowed: true,
    fields: { ...foreignAmong(version.fields), ...fields, ...tagFields(tagsFromList(raw.Tags)) },
    attributes: { ...template, version: String(version.number) },
    templateVersions: { versions: [version], defaultVersion: version.number },
  };
}

function withoutForeign(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([field]) => !isForeign(field)));
}

function numberOf(
  version: string | undefined,
  { LatestVersionNumber, DefaultVersionNumber }: LaunchTemplate,
): number | undefined {
  if (version === "$Latest") return LatestVersionNumber;
  return version === "$Default" ? DefaultVersionNumber : Number(version);
}
