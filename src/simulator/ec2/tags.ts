/** Tags of everything in EC2. */
import type {
  CreateTagsCommandInput,
  DeleteTagsCommandInput,
  DescribeTagsCommandInput,
  ResourceType,
  TagSpecification,
} from "@aws-sdk/client-ec2";
import { AwsError } from "../account/aws-error.ts";
import type { OperationTable, Tag } from "../services.ts";
import { ec2Page } from "./describe-input.ts";
import { filtered } from "./filters/filtered.ts";
import { TAG_FILTERS } from "./filters/templates.ts";

/** Tags of one resource, not counting AWS's own: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html */
const MOST_TAGS = 50;

export interface TagStore {
  of(resourceId: string): readonly Tag[];
  /** Adds or replaces. */
  put(resourceId: string, tags: readonly Tag[]): void;
  forget(resourceId: string): void;
}

export function buildTagStore(): TagStore & { entries(): [string, readonly Tag[]][] } {
  const all = new Map<string, readonly Tag[]>();
  return {
    of: (resourceId) => all.get(resourceId) ?? [],
    put: (resourceId, tags) => {
      const merged = new Map((all.get(resourceId) ?? []).map((tag) => [tag.Key, tag.Value]));
      for (const tag of tags) merged.set(tag.Key, tag.Value);
      all.set(
        resourceId,
        [...merged].map(([Key, Value]) => ({ Key, Value })),
      );
    },
    forget: (resourceId) => void all.delete(resourceId),
    entries: () => [...all],
  };
}

/** The tags that a create or launch asks for one type of resource. */
export function specifiedTags(specifications: readonly TagSpecification[] | undefined, type: string): Tag[] {
  return (specifications ?? []).filter((one) => one.ResourceType === type).flatMap((one) => tagsOf(one.Tags));
}

function tagsOf(given: CreateTagsCommandInput["Tags"]): Tag[] {
  return (given ?? []).map((tag) => ({ Key: tag.Key ?? "", Value: tag.Value ?? "" }));
}

/** ec2/template-tags */
export function templateTags(template: { id: string; version: number }): Tag[] {
  return [
    { Key: "aws:ec2launchtemplate:id", Value: template.id },
    { Key: "aws:ec2launchtemplate:version", Value: String(template.version) },
  ];
}

function tooMany(): AwsError {
  return new AwsError("TagLimitExceeded", `More than ${MOST_TAGS} tags specified`);
}

/** @param requireExists throws EC2's own error for an id that is not there */
export function buildTagOperations(
  store: ReturnType<typeof buildTagStore>,
  requireExists: (resourceId: string) => string,
): OperationTable {
  return {
    CreateTags: (input: CreateTagsCommandInput) => {
      const tags = tagsOf(input.Tags);
      for (const id of input.Resources ?? []) {
        requireExists(id);
        const keys = new Set(
          [...store.of(id), ...tags].map((tag) => tag.Key).filter((key) => !/^aws:/.test(key)),
        );
        if (keys.size > MOST_TAGS) throw tooMany();
      }
      for (const id of input.Resources ?? []) store.put(id, tags);
      return {};
    },
    // A key without a value goes whatever its value; with a value, only when it has that value.
    DeleteTags: (input: DeleteTagsCommandInput) => {
      for (const id of input.Resources ?? []) requireExists(id);
      for (const id of input.Resources ?? []) {
        const kept = store.of(id).filter((tag) => /^aws:/.test(tag.Key) || !isNamed(tag, input.Tags));
        store.forget(id);
        if (kept.length > 0) store.put(id, kept);
      }
      return {};
    },
    DescribeTags: (input: DescribeTagsCommandInput) => {
      const rows = store
        .entries()
        .flatMap(([resourceId, tags]) =>
          tags.map((tag) => ({ ...tag, ResourceId: resourceId, ResourceType: resourceType(resourceId) })),
        );
      const tagged = rows.map((row) => ({ ...row, Tags: [row] }));
      const found = filtered("DescribeTags", TAG_FILTERS, input.Filters, tagged);
      const page = ec2Page(found, (row) => `${row.ResourceId} ${row.Key}`, input, { least: 5, most: 1000 });
      return { Tags: page.items.map(({ Tags: _own, ...row }) => row), NextToken: page.next };
    },
  };
}

function isNamed(tag: Tag, asked: DeleteTagsCommandInput["Tags"]): boolean {
  if (asked === undefined || asked.length === 0) return true;
  return asked.some((one) => one.Key === tag.Key && (one.Value === undefined || one.Value === tag.Value));
}

const TYPES: readonly [prefix: string, type: ResourceType][] = [
  ["lt-", "launch-template"],
  ["i-", "instance"],
  ["ami-", "image"],
  ["subnet-", "subnet"],
  ["sg-", "security-group"],
  ["vpc-", "vpc"],
  ["igw-", "internet-gateway"],
  ["rtb-", "route-table"],
  ["acl-", "network-acl"],
  ["sgr-", "security-group-rule"],
  ["eni-", "network-interface"],
  ["key-", "key-pair"],
];

function resourceType(resourceId: string): ResourceType {
  return TYPES.find(([prefix]) => resourceId.startsWith(prefix))?.[1] ?? "instance";
}
