import {
  type Address,
  aboveOf,
  childNameOf,
  launchTemplateAddress,
  scalingGroupAddress,
} from "../../../model/address.ts";
import { secretDigest } from "../../../model/secrets.ts";
import { valuesEqual } from "../../../model/value.ts";
import type { Inherited, Output } from "../../../ports.ts";
import { answeredAs, callOf } from "../../core/actions.ts";
import { isForeign } from "../../core/foreign-fields.ts";
import { ownerTags, physicalName, TAG_OWNER } from "../../core/names.ts";
import { resolvedFields } from "../../core/references.ts";
import type { DesiredResource, Fields, Seen, TemplateVersions } from "../../core/resource.ts";
import { isTag } from "../../core/tags.ts";
import { versionInUse } from "../auto-scaling-group/fleet.ts";
import { toldMembersOf } from "../coverage/answer-members.ts";
import { fieldsFromSpec } from "../field.ts";
import { shown, theOne } from "../fresh-look.ts";
import type { Kind, Reader, ServiceContext } from "../kind.ts";
import { nameOrPinned } from "../names/pinned.ts";
import { present, required } from "../required.ts";
import {
  addressIn,
  type Tags,
  tagCallsInOrder,
  tagFields,
  tagList,
  tagsFromList,
  tagsIn,
  textsOf,
} from "../tags.ts";
import { defaultsOf } from "../web-service.ts";
import {
  contentOf,
  dataOf,
  defaultFields,
  descriptionOf,
  FIELDS,
  fieldsOfMembers,
  fieldsOfTags,
  isVersionOfOurs,
  type LaunchTemplate,
  MADE_BY,
  madeAmong,
  secretsOf,
  US,
  type Version,
  versionsOf,
  versionWith,
} from "./content.ts";
import { declaredLists } from "./lists.ts";
import { keptBeside, spareVersions, usesOf } from "./pruning.ts";
import { launchTemplateSchema } from "./schema.ts";
import { borrowedAmong, isBorrowed, lent, namesOfShared } from "./shared.ts";
import { userDataBehind } from "./user-data.ts";

type Made = Output<"ec2:CreateLaunchTemplate">;

const VERSION = "ec2:CreateLaunchTemplateVersion";
const DEFAULT_VERSION = "ec2:ModifyLaunchTemplate";
const PRUNING = "ec2:DeleteLaunchTemplateVersions";
const NAME_LIMIT = 128;

export const launchTemplate: Kind<LaunchTemplate, Made> = {
  name: "launchTemplate",
  title: "launch template",
  family: "compute",
  traits: { isLaunchedFrom: true },
  isWhole: true,
  schema: launchTemplateSchema,
  tagSource: "list",
  // While its default version is not the wanted one, no group may be pointed at it.
  volatileAttributes: ["version"],
  authorField: MADE_BY,
  inSpec: (field) => (field === "instanceTags" ? ["tags"] : []),
  isLost: (field) => isForeign(field),
  fieldsOfMembers,

  desired: desiredTemplates,

  /** By our tag; and by a pinned name, which somebody else's may have. A filter, for it may also have no name of these. */
  async list(reader, service, _listed, { pinned }) {
    const { owner } = service;
    const listBy = (Name: string, Values: string[]) =>
      reader.list(
        "ec2:DescribeLaunchTemplates",
        { Filters: [{ Name, Values }], MaxResults: 200 },
        (page) => page.LaunchTemplates,
      );
    const mine = await listBy(`tag:${TAG_OWNER}`, [owner]);
    const sought = [...new Set([...pinned, ...namesOfShared(service)])];
    const missing = sought.filter((name) => !mine.some((item) => item.LaunchTemplateName === name));
    const others = missing.length === 0 ? [] : await listBy("launch-template-name", missing);
    const ids = new Set(mine.map((item) => item.LaunchTemplateId));
    const all = [...mine, ...others.filter((item) => !ids.has(item.LaunchTemplateId))].map((item) => ({
      kind: "launchTemplate" as const,
      id: required(item.LaunchTemplateId, "LaunchTemplateId"),
      name: required(item.LaunchTemplateName, "LaunchTemplateName"),
      raw: item,
      tags: tagsFromList(item.Tags),
      ...(item.DefaultVersionNumber === undefined
        ? {}
        : { defaultVersion: String(item.DefaultVersionNumber) }),
      ...(item.LatestVersionNumber === undefined ? {} : { latestVersion: String(item.LatestVersionNumber) }),
    }));
    return [...all, ...borrowedAmong(all, service, desiredTemplates(service))];
  },

  isNamedByUs({ name }, tags, service) {
    const address = addressIn(tags);
    if (address === undefined) return false;
    const group = childNameOf(aboveOf(address));
    return address === launchTemplateAddress(scalingGroupAddress(group)) && name === nameOf(service, group);
  },

  async observe({ reader, found, tags, service, listed, sought }) {
    const list = await reader.list(
      "ec2:DescribeLaunchTemplateVersions",
      { LaunchTemplateId: required(found.raw.LaunchTemplateId, "LaunchTemplateId"), MaxResults: 200 },
      (page) => page.LaunchTemplateVersions,
    );
    const name = present(found.name, "its name");
    if (isBorrowed(found)) {
      const desired = desiredTemplates(service).find((template) => template.name === name);
      return lent(found, list, present(desired, "a template that is wanted"), service, reader.nowMs());
    }
    const inherited = sought.inherited.get(found.id);
    // A pinned one without a row, and without a version of ours, was taken over before the database was lost.
    const isUnknown = !sought.places.has(found.id) && sought.pinned.includes(name) && !isVersionOfOurs(list);
    const isOnlySeen = sought.isOnlySeen(found.id);
    const runs = isOnlySeen || isUnknown ? versionInUse(listed, found.id) : inherited?.version;
    const wanted = wantedContent(service, sought.wanted.get(name) ?? addressIn(tags), inherited);
    const read = {
      versions: versionsOf(list, wanted, Number(runs)),
      defaultVersion: required(found.raw.DefaultVersionNumber, "DefaultVersionNumber"),
    };
    const isAsFound = isOnlySeen || (!isVersionOfOurs(list) && !isMadeDefault(read, wanted, Number(runs)));
    const templateVersions = isAsFound ? asFirstSeen(read, Number(runs)) : read;
    const spare = isOnlySeen ? [] : await spareIn(reader, found.id, list, templateVersions, wanted);
    const seen = observed({
      ...{ id: found.id, name, tags, nowMs: reader.nowMs() },
      templateVersions: spare.length === 0 ? templateVersions : { ...templateVersions, spare },
    });
    const members = toldMembersOf("launchTemplate", {
      "ec2:DescribeLaunchTemplates": found.raw,
      "ec2:DescribeLaunchTemplateVersions": list.find(
        ({ VersionNumber }) => VersionNumber === templateVersions.defaultVersion,
      ),
    });
    const secrets = secretsOf(list, templateVersions.defaultVersion);
    return { ...seen, members, ...(secrets === undefined ? {} : { secrets }) };
  },

  /**
   * Without a client token: a repeated create is refused for its name and a repeated version is found by its data,
   * while a token would go on answering with a template or version that somebody has deleted since.
   */
  create(desired, fields) {
    return callOf("ec2:CreateLaunchTemplate", {
      LaunchTemplateName: desired.name,
      VersionDescription: descriptionOf(fields),
      LaunchTemplateData: dataOf(fields, desired.secrets),
      TagSpecifications: [{ ResourceType: "launch-template", Tags: tagList(tagsIn(fields)) }],
    });
  },

  created({ name }, fields, { LaunchTemplate: made }, nowMs) {
    if (made?.LaunchTemplateId === undefined) return null;
    const templateVersions = {
      versions: [{ number: 1, fields: contentOf(fields), isOurs: true }],
      defaultVersion: 1,
    };
    return observed({ id: made.LaunchTemplateId, name, tags: tagsIn(fields), templateVersions, nowMs });
  },

  /**
   * First the version, if none of ours holds this data yet; then, once its number is known, the default. A version has no
   * source: it is made of the spec alone.
   */
  update({ desired, fields, observed: { id, templateVersions }, differences }) {
    if (differences.every(({ field }) => isTag(field))) return [];
    const number = versionWith(fields, present(templateVersions, "its versions"));
    if (number !== undefined) {
      const { spare = [] } = present(templateVersions, "its versions");
      const Versions = spare.filter((one) => one !== number).map(String);
      return [
        callOf(DEFAULT_VERSION, { LaunchTemplateId: id, DefaultVersion: String(number) }),
        ...(Versions.length === 0
          ? []
          : [{ ...callOf(PRUNING, { LaunchTemplateId: id, Versions }, []), takesAway: true as const }]),
      ];
    }
    return [
      callOf(VERSION, {
        LaunchTemplateId: id,
        VersionDescription: descriptionOf(fields),
        LaunchTemplateData: dataOf(fields, desired.secrets),
      }),
    ];
  },

  updated({ observed: before, fields }, call, output) {
    const { id, name, owned, observedAtMs: nowMs } = before;
    const known = present(before.templateVersions, "its versions");
    const fold = (templateVersions: TemplateVersions) => ({
      ...before,
      ...observed({ id, name, tags: tagsIn(before.fields), templateVersions, nowMs }),
      owned,
    });
    const made = answeredAs(VERSION, call, output)?.output;
    if (made !== undefined) {
      const number = required(made.LaunchTemplateVersion?.VersionNumber, "VersionNumber");
      return fold({
        ...known,
        versions: [...known.versions, { number, fields: contentOf(fields), isOurs: true }],
      });
    }
    const pruned = answeredAs(PRUNING, call, output)?.input.Versions;
    if (pruned !== undefined) {
      const { spare: _gone, ...rest } = known;
      const isLeft = ({ number }: { number: number }) => !pruned.includes(String(number));
      return fold({ ...rest, versions: known.versions.filter(isLeft) });
    }
    const chosen = answeredAs(DEFAULT_VERSION, call, output)?.input;
    return chosen === undefined ? before : fold({ ...known, defaultVersion: Number(chosen.DefaultVersion) });
  },

  consequences: ({ observed: { templateVersions }, differences }) =>
    differences === "removed"
      ? [
          {
            effect: "cannotUndo",
            says: `its versions go (${templateVersions?.versions.length ?? 0} of them are known)`,
          },
        ]
      : [],

  remove({ id }) {
    return { calls: [callOf("ec2:DeleteLaunchTemplate", { LaunchTemplateId: id })], isLast: true };
  },

  async lookAfresh(reader, { id }) {
    const operation = "ec2:DescribeLaunchTemplates";
    const { LaunchTemplates } = await reader.call(operation, { LaunchTemplateIds: [id] });
    const template = theOne(operation, LaunchTemplates, `launch template ${id}`);
    return shown(required(template.LaunchTemplateId, "LaunchTemplateId"), template.Tags);
  },

  tag(observed, write, remove) {
    const Resources = [observed.id];
    const Tags = tagList(textsOf(write));
    return tagCallsInOrder(
      observed,
      write,
      Tags.length === 0 ? [] : [callOf("ec2:CreateTags", { Resources, Tags })],
      remove.length === 0
        ? []
        : [callOf("ec2:DeleteTags", { Resources, Tags: remove.map((Key) => ({ Key })) })],
    );
  },
};

function nameOf({ key, owner }: Pick<ServiceContext, "key" | "owner">, group: string): string {
  const address = launchTemplateAddress(scalingGroupAddress(group));
  return physicalName({ service: key.name, child: group, limit: NAME_LIMIT, owner, address });
}

function desiredTemplates({ key, owner, spec }: ServiceContext): DesiredResource[] {
  return Object.entries(spec.autoScalingGroups).map(([group, { launchTemplate: wanted }]) => {
    const address = launchTemplateAddress(scalingGroupAddress(group));
    const ownName: Tags = defaultsOf(spec) === "AWS" ? {} : { Name: `${key.name}-${group}` };
    const instanceTags: Tags = { ...ownName, ...spec.tags, ...wanted.tags };
    const userData = userDataBehind(wanted);
    const fields: Fields = {
      ...fieldsFromSpec(FIELDS, wanted),
      ...(userData === undefined ? {} : { userData: secretDigest(userData) }),
      ...declaredLists(wanted),
      ...(Object.keys(instanceTags).length === 0 ? {} : { instanceTags }),
      ...fieldsOfTags(wanted.tagSpecifications, instanceTags),
      [MADE_BY]: US,
      ...tagFields({ ...spec.tags, ...ownerTags(owner, address) }),
    };
    const secrets: Record<string, string> =
      userData === undefined ? {} : { [secretDigest(userData)]: userData };
    const named = nameOrPinned(wanted.name, nameOf({ key, owner }, group));
    return { address, kind: "launchTemplate", ...named, fields, secrets };
  });
}

/**
 * What a version is to hold for the template at an address: it refers to nothing that only AWS knows.
 * @param inherited what the template held when it was taken over, and no spec can say
 */
function wantedContent(
  service: ServiceContext,
  address: Address | undefined,
  inherited: Inherited | undefined,
): Fields | undefined {
  const wanted = desiredTemplates(service).find((template) => template.address === address);
  const fields = wanted && { ...fieldsOfMembers(inherited?.members ?? {}), ...wanted.fields };
  return fields && contentOf(resolvedFields(fields, () => undefined).fields);
}

/** Asked only where another version is about to be the default, and more are ours than are kept. */
async function spareIn(
  reader: Reader,
  id: string,
  list: readonly Version[],
  versions: TemplateVersions,
  wanted: Fields | undefined,
): Promise<number[]> {
  const made = madeAmong(list);
  const next = wanted && versionWith(wanted, versions);
  if (wanted === undefined || next === versions.defaultVersion || made.length <= keptBeside(next)) return [];
  return spareVersions(made, versions, next, await usesOf(reader, id));
}

/**
 * A group may run any version, also where another one is the default. Until we have made one of our own, the version that
 * it ran when it was taken over is the one that counts, so that nothing is made, or made the default, for no reason.
 */
function asFirstSeen(templateVersions: TemplateVersions, runs: number): TemplateVersions {
  const isThere = templateVersions.versions.some(({ number }) => number === runs);
  return isThere ? { ...templateVersions, defaultVersion: runs } : templateVersions;
}

/**
 * Whether somebody else's version holds what is wanted and is the default, while the one that was taken over does not hold
 * it any more: an edit back to an earlier version makes none, and is done.
 */
function isMadeDefault(
  { versions, defaultVersion }: TemplateVersions,
  wanted: Fields | undefined,
  runs: number,
): boolean {
  const holds = (sought: number) =>
    versions.some(({ number, fields }) => number === sought && valuesEqual(fields, wanted));
  return wanted !== undefined && holds(defaultVersion) && !holds(runs);
}

function observed({
  id,
  name,
  tags,
  templateVersions,
  nowMs,
}: {
  id: string;
  name: string;
  tags: Tags;
  templateVersions: TemplateVersions;
  nowMs: number;
}): Seen {
  return {
    kind: "launchTemplate",
    id,
    name,
    address: addressIn(tags),
    fields: {
      ...defaultFields(templateVersions, name),
      ...tagFields(tags),
    },
    attributes: { id, name, version: String(templateVersions.defaultVersion) },
    refersTo: [],
    lifecycle: "ready",
    observedAtMs: nowMs,
    templateVersions,
  };
}
