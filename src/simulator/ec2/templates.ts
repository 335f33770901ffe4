/** EC2 launch templates: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-launch-templates.html */
import type {
  CreateLaunchTemplateCommandInput,
  CreateLaunchTemplateVersionCommandInput,
  DeleteLaunchTemplateCommandInput,
  DeleteLaunchTemplateVersionsCommandInput,
  DescribeLaunchTemplatesCommandInput,
  DescribeLaunchTemplateVersionsCommandInput,
  LaunchTemplate,
  LaunchTemplateVersion,
  ModifyLaunchTemplateCommandInput,
  RequestLaunchTemplateData,
  ResponseLaunchTemplateData,
} from "@aws-sdk/client-ec2";
import { AwsError } from "../account/aws-error.ts";
import type { AccountContext } from "../account/context.ts";
import { copyOf } from "../account/copy-of.ts";
import type { OperationTable } from "../services.ts";
import { buildIdempotency } from "./client-token.ts";
import { ec2Page, named } from "./describe-input.ts";
import { filtered } from "./filters/filtered.ts";
import { TEMPLATE_FILTERS, TEMPLATE_VERSION_FILTERS } from "./filters/templates.ts";
import { launchFaults } from "./refusals/all.ts";
import { specifiedTags, type TagStore } from "./tags.ts";

const CREATOR = "arn:aws:iam::123456789012:user/simulated";
const PAGE = { least: 1, most: 200 };
/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/launch-template-restrictions.html */
const MOST_TEMPLATES = 5_000;
const MOST_VERSIONS = 10_000;

interface Version {
  readonly number: number;
  readonly createdAtMs: number;
  readonly description: string | undefined;
  readonly data: RequestLaunchTemplateData;
}

interface Template {
  readonly id: string;
  readonly name: string;
  readonly createdAtMs: number;
  readonly versions: Map<number, Version>;
  latest: number;
  default: number;
}

/** How a caller names a template. */
interface TemplateName {
  id?: string | undefined;
  name?: string | undefined;
}

export interface Templates {
  readonly operations: OperationTable;
  has(id: string): boolean;
  /** The data of a version, by number, `$Latest` or `$Default`. @throws AwsError */
  resolve(
    template: TemplateName,
    version: string | undefined,
  ): { id: string; name: string; version: number; data: RequestLaunchTemplateData };
}

export function buildTemplates(context: AccountContext, tags: TagStore): Templates {
  const all = new Map<string, Template>();
  const once = buildIdempotency();

  const find = (by: TemplateName): Template => {
    if (by.id !== undefined && by.name !== undefined) {
      throw new AwsError(
        "InvalidParameterCombination",
        "Specify either a launch template ID or a launch template name, but not both.",
      );
    }
    if (by.id !== undefined) return all.get(checkedId(by.id)) ?? fail(noSuchId(by.id));
    if (by.name === undefined) {
      throw new AwsError(
        "MissingParameter",
        "Either a launch template ID or a launch template name must be specified.",
      );
    }
    return [...all.values()].find((one) => one.name === by.name) ?? fail(noSuchName(by.name));
  };

  const addVersion = (
    template: Template,
    data: RequestLaunchTemplateData,
    description: string | undefined,
  ): Version => {
    if (template.versions.size >= MOST_VERSIONS) {
      throw new AwsError("LaunchTemplateVersionLimitExceeded", "The launch template has too many versions.");
    }
    template.latest += 1;
    const version = { number: template.latest, createdAtMs: context.clock.nowMs(), description, data };
    template.versions.set(version.number, version);
    return version;
  };

  const create = (input: CreateLaunchTemplateCommandInput): object => {
    const name = input.LaunchTemplateName ?? "";
    const data = input.LaunchTemplateData ?? {};
    const wanted = specifiedTags(input.TagSpecifications, "launch-template");
    if ([...all.values()].some((one) => one.name === name)) {
      throw new AwsError(
        "InvalidLaunchTemplateName.AlreadyExistsException",
        "Launch template name already in use.",
      );
    }
    if (all.size >= MOST_TEMPLATES)
      throw new AwsError("LaunchTemplateLimitExceeded", "You have reached the launch template limit.");
    const id = `lt-${context.id(17)}`;
    const template: Template = {
      id,
      name,
      createdAtMs: context.clock.nowMs(),
      versions: new Map(),
      latest: 0,
      default: 1,
    };
    addVersion(template, data, input.VersionDescription);
    all.set(id, template);
    tags.put(id, wanted);
    return { LaunchTemplate: summary(template, tags), ...warningOf(data) };
  };

  const createVersion = (input: CreateLaunchTemplateVersionCommandInput): object => {
    const template = find({ id: input.LaunchTemplateId, name: input.LaunchTemplateName });
    const data = input.LaunchTemplateData ?? {};
    // ec2/template-source-version
    const source = input.SourceVersion === undefined ? {} : versionOf(template, input.SourceVersion).data;
    const version = addVersion(template, { ...source, ...data }, input.VersionDescription);
    return { LaunchTemplateVersion: versionView(template, version), ...warningOf(version.data) };
  };

  const modify = (input: ModifyLaunchTemplateCommandInput): { LaunchTemplate: LaunchTemplate } => {
    const template = find({ id: input.LaunchTemplateId, name: input.LaunchTemplateName });
    if (input.DefaultVersion === undefined) {
      throw new AwsError("MissingParameter", "The request must contain the parameter SetDefaultVersion");
    }
    template.default = versionOf(template, input.DefaultVersion).number;
    return { LaunchTemplate: summary(template, tags) };
  };

  const operations: OperationTable = {
    CreateLaunchTemplate: once("CreateLaunchTemplate", create),
    CreateLaunchTemplateVersion: once("CreateLaunchTemplateVersion", createVersion),
    ModifyLaunchTemplate: once("ModifyLaunchTemplate", modify),
    DeleteLaunchTemplate: (input: DeleteLaunchTemplateCommandInput) => {
      const template = find({ id: input.LaunchTemplateId, name: input.LaunchTemplateName });
      const view = summary(template, tags);
      all.delete(template.id);
      tags.forget(template.id);
      return { LaunchTemplate: view };
    },
    DeleteLaunchTemplateVersions: (input: DeleteLaunchTemplateVersionsCommandInput) =>
      deleteVersions(
        find({ id: input.LaunchTemplateId, name: input.LaunchTemplateName }),
        input.Versions ?? [],
      ),
    DescribeLaunchTemplates: (input: DescribeLaunchTemplatesCommandInput) => {
      for (const id of input.LaunchTemplateIds ?? []) checkedId(id);
      const byId = named(
        [...all.values()],
        (one) => one.id,
        input.LaunchTemplateIds,
        (ids) => noSuchId(ids.join(", ")),
      );
      const asked = named(
        byId,
        (one) => one.name,
        input.LaunchTemplateNames,
        (names) => noSuchName(names.join(", ")),
      );
      const views = asked.map((one) => summary(one, tags));
      const found = filtered("DescribeLaunchTemplates", TEMPLATE_FILTERS, input.Filters, views);
      const page = ec2Page(found, (one) => one.LaunchTemplateId ?? "", input, PAGE);
      return { LaunchTemplates: page.items, NextToken: page.next };
    },
    DescribeLaunchTemplateVersions: (input: DescribeLaunchTemplateVersionsCommandInput) => {
      const isNamed = input.LaunchTemplateId !== undefined || input.LaunchTemplateName !== undefined;
      const rows = isNamed
        ? versionsOf(find({ id: input.LaunchTemplateId, name: input.LaunchTemplateName }), input)
        : versionsOfAll([...all.values()], input);
      const views = rows.map(([template, version]) => versionView(template, version));
      const found = filtered(
        "DescribeLaunchTemplateVersions",
        TEMPLATE_VERSION_FILTERS,
        input.Filters,
        views,
      );
      const keyOf = (one: LaunchTemplateVersion): string => `${one.LaunchTemplateId} ${one.VersionNumber}`;
      const page = ec2Page(found, keyOf, input, PAGE);
      return { LaunchTemplateVersions: page.items, NextToken: page.next };
    },
  };

  return {
    operations,
    has: (id) => all.has(id),
    resolve: (by, version) => {
      const template = find(by);
      const found = versionOf(template, version ?? "$Default");
      return { id: template.id, name: template.name, version: found.number, data: found.data };
    },
  };
}

function versionOf(template: Template, version: string): Version {
  if (!/^(\$Latest|\$Default|[0-9]+)$/.test(version)) {
    throw new AwsError(
      "InvalidLaunchTemplateId.VersionNotFound",
      `The specified launch template version, ${version}, is not valid: use a number, $Latest or $Default.`,
    );
  }
  const number =
    version === "$Latest" ? newest(template) : version === "$Default" ? template.default : Number(version);
  return (
    template.versions.get(number) ??
    fail(new AwsError("InvalidLaunchTemplateId.VersionNotFound", "Could not find launch template version"))
  );
}

/** The highest version that is still there: numbers of deleted versions are not given again. */
function newest(template: Template): number {
  return Math.max(...template.versions.keys());
}

type Row = readonly [Template, Version];

function versionsOf(template: Template, input: DescribeLaunchTemplateVersionsCommandInput): Row[] {
  if (input.Versions !== undefined && input.Versions.length > 0) {
    return input.Versions.map((version) => [template, versionOf(template, version)] as const);
  }
  const least = Number(input.MinVersion ?? 0);
  const most = Number(input.MaxVersion ?? Number.POSITIVE_INFINITY);
  return [...template.versions.values()]
    .filter((version) => version.number >= least && version.number <= most)
    .sort((a, b) => b.number - a.number)
    .map((version) => [template, version] as const);
}

/** ec2/template-versions-of-all */
function versionsOfAll(
  templates: readonly Template[],
  input: DescribeLaunchTemplateVersionsCommandInput,
): Row[] {
  const versions = input.Versions ?? [];
  if (versions.length === 0 || versions.some((one) => one !== "$Latest" && one !== "$Default")) {
    throw new AwsError(
      "InvalidParameterCombination",
      "Without a launch template ID or name, the versions can only be $Latest and $Default.",
    );
  }
  return templates.flatMap((template) => {
    const numbers = new Set(versions.map((version) => versionOf(template, version).number));
    return [...numbers].map((number) => [template, template.versions.get(number)!] as const);
  });
}

function deleteVersions(template: Template, versions: readonly string[]): object {
  if (versions.length > 200) {
    throw new AwsError("InvalidParameterValue", "You can specify up to 200 launch template version numbers.");
  }
  const done: object[] = [];
  const refused: object[] = [];
  const names = { LaunchTemplateId: template.id, LaunchTemplateName: template.name };
  for (const text of versions) {
    const number = Number(text);
    // ec2/template-default-version-stays
    if (number === template.default) {
      throw new AwsError(
        "OperationNotPermitted",
        "The default version of a launch template cannot be deleted.",
      );
    }
    if (template.versions.delete(number)) done.push({ ...names, VersionNumber: number });
    else {
      const ResponseError = {
        Code: "launchTemplateVersionDoesNotExist",
        Message: "Could not find launch template version",
      };
      refused.push({ ...names, VersionNumber: number, ResponseError });
    }
  }
  return {
    SuccessfullyDeletedLaunchTemplateVersions: done,
    UnsuccessfullyDeletedLaunchTemplateVersions: refused,
  };
}

function summary(template: Template, tags: TagStore): LaunchTemplate {
  return {
    LaunchTemplateId: template.id,
    LaunchTemplateName: template.name,
    CreateTime: new Date(template.createdAtMs),
    CreatedBy: CREATOR,
    DefaultVersionNumber: template.default,
    LatestVersionNumber: newest(template),
    Tags: [...tags.of(template.id)],
  };
}

function versionView(template: Template, version: Version): LaunchTemplateVersion {
  return {
    LaunchTemplateId: template.id,
    LaunchTemplateName: template.name,
    VersionNumber: version.number,
    ...(version.description !== undefined && { VersionDescription: version.description }),
    CreateTime: new Date(version.createdAtMs),
    CreatedBy: CREATOR,
    DefaultVersion: version.number === template.default,
    LaunchTemplateData: responseData(version.data),
  };
}

/** AWS answers the data as given and adds the state of the metadata options. */
function responseData(data: RequestLaunchTemplateData): ResponseLaunchTemplateData {
  const { MetadataOptions: options, ...rest } = data;
  const view = copyOf(rest) as ResponseLaunchTemplateData;
  return options === undefined ? view : { ...view, MetadataOptions: { State: "applied", ...options } };
}

/** ec2/template-warnings */
function warningOf(data: RequestLaunchTemplateData): object {
  const Errors = launchFaults(data);
  return Errors.length === 0 ? {} : { Warning: { Errors } };
}

function checkedId(id: string): string {
  if (/^lt-[0-9a-f]{8,17}$/.test(id)) return id;
  throw new AwsError(
    "InvalidLaunchTemplateId.Malformed",
    `The launch template ID '${id}' is not valid. The expected format is lt-xxxxxxxxxxxxxxxxx.`,
  );
}

function noSuchId(id: string): AwsError {
  return new AwsError(
    "InvalidLaunchTemplateId.NotFound",
    `The specified launch template, with template ID ${id}, does not exist.`,
  );
}

function noSuchName(name: string): AwsError {
  return new AwsError(
    "InvalidLaunchTemplateName.NotFoundException",
    `The specified launch template, with template name ${name}, does not exist.`,
  );
}

function fail(error: AwsError): never {
  throw error;
}
