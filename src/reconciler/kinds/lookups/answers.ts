/** How AWS is asked for what a lookup stands for. Reads alone. */

import type { CallerAccount } from "../../../model/account.ts";
import { CloudError } from "../../../model/errors.ts";
import type { LookupKind } from "../../../model/lookups.ts";
import type { Input, Output } from "../../../ports.ts";
import type { Item, Reader } from "../kind.ts";
import { required } from "../required.ts";
import {
  type CertificateFacts,
  type Choice,
  groupsOf,
  type ImageFacts,
  imageText,
  longestLasting,
  newestOf,
  onlyOf,
  subnetsOf,
} from "./choices.ts";
import type { Lookup } from "./places.ts";

/** What an answer depends on besides the lookup. */
export interface LookupGround {
  readonly reader: Reader;
  readonly region: string;
  readonly account: CallerAccount;
  /** That of the service, once it is known. */
  readonly vpcId: string;
  /** Whether the load balancer takes the subnets that stand at this path. */
  isOfLoadBalancer(path: string): boolean;
}

type Image = Item<"ec2:DescribeImages", "Images">;
type Tags = Item<"ec2:DescribeSubnets", "Subnets">["Tags"];
type Filter = NonNullable<Input<"ec2:DescribeVpcs">["Filters"]>[number];

/** What a lookup stands for now. @throws CloudError when AWS cannot be read */
export function answerTo(lookup: Lookup, ground: LookupGround): Promise<Choice> {
  return ASK[lookup.kind](lookup.asked as unknown as Asked, ground, lookup.path);
}

/** The members of all forms; admission has seen to it that those of one are there. */
interface Asked {
  readonly ssmParameter: string | undefined;
  readonly owner: string;
  readonly nameFilter: string;
  readonly tags: Readonly<Record<string, string>> | undefined;
  readonly name: string | undefined;
  readonly names: readonly string[] | undefined;
  readonly domain: string;
  readonly snsTopic: string;
}

const ASK: Readonly<
  Record<LookupKind, (asked: Asked, ground: LookupGround, path: string) => Promise<Choice>>
> = {
  image: (asked, { reader }) =>
    asked.ssmParameter === undefined ? newestImage(asked, reader) : imageOfParameter(asked, reader),
  vpc,
  subnets,
  securityGroups,
  certificate,
  instanceProfile,
  topic,
};

async function newestImage({ owner, nameFilter }: Asked, reader: Reader): Promise<Choice> {
  const images = await reader.list(
    "ec2:DescribeImages",
    {
      Owners: [owner],
      Filters: [
        { Name: "name", Values: [nameFilter] },
        { Name: "state", Values: ["available"] },
      ],
    },
    (page) => page.Images,
  );
  return newestOf(images.map(imageFacts));
}

function imageFacts({ ImageId, Name, CreationDate }: Image): ImageFacts {
  const createdAt = required(CreationDate, "the age of an image");
  return { id: required(ImageId, "the id of an image"), name: Name ?? "without a name", createdAt };
}

async function imageOfParameter(
  { ssmParameter = "", owner }: Partial<Asked>,
  reader: Reader,
): Promise<Choice> {
  const answer = await orNothing(reader.call("ssm:GetParameter", { Name: ssmParameter }));
  if (answer === undefined) return { fault: `finds no parameter ${ssmParameter} in Systems Manager` };
  const id = required(answer.Parameter?.Value, "the value of a parameter");
  if (!/^ami-[0-9a-z]+$/.test(id)) {
    return { fault: `finds the parameter ${ssmParameter}, which holds no id of an image` };
  }
  const owners = owner === undefined ? {} : { Owners: [owner] };
  const images = await orNothing(
    reader.list("ec2:DescribeImages", { ImageIds: [id], ...owners }, (page) => page.Images),
  );
  const [image] = images ?? [];
  if (image === undefined) {
    const whose = owner === undefined ? "" : ` of ${owner}`;
    return { fault: `finds ${id} in the parameter ${ssmParameter}, and there is no such image${whose}` };
  }
  return { value: id, detail: imageText(imageFacts(image)) };
}

async function vpc({ tags, name = "" }: Asked, { reader }: LookupGround): Promise<Choice> {
  const wanted = tags ?? { Name: name };
  const vpcs = await reader.list("ec2:DescribeVpcs", { Filters: byTags(wanted) }, (page) => page.Vpcs);
  return onlyOf(
    "VPC",
    vpcs.map(({ VpcId, CidrBlock }) => ({
      id: required(VpcId, "the id of a VPC"),
      ...(CidrBlock === undefined ? {} : { detail: CidrBlock }),
    })),
  );
}

async function subnets(
  { tags, name, names = name === undefined ? [] : [name] }: Asked,
  { reader, vpcId, isOfLoadBalancer }: LookupGround,
  path: string,
): Promise<Choice> {
  const wanted = tags === undefined ? [tagFilter("Name", names)] : byTags(tags);
  const found = await reader.list(
    "ec2:DescribeSubnets",
    { Filters: [{ Name: "vpc-id", Values: [vpcId] }, ...wanted] },
    (page) => page.Subnets,
  );
  const facts = found.map(({ SubnetId, AvailabilityZone, Tags }) => ({
    id: required(SubnetId, "the id of a subnet"),
    zone: required(AvailabilityZone, "the zone of a subnet"),
    ...nameIn(Tags),
  }));
  return subnetsOf(facts, names, isOfLoadBalancer(path));
}

function nameIn(tags: Tags): { name?: string } {
  const name = tags?.find(({ Key }) => Key === "Name")?.Value;
  return name === undefined ? {} : { name };
}

async function securityGroups(
  { tags, name, names = name === undefined ? [] : [name] }: Asked,
  { reader, vpcId }: LookupGround,
): Promise<Choice> {
  const wanted = tags === undefined ? [{ Name: "group-name", Values: names.map(literally) }] : byTags(tags);
  const found = await reader.list(
    "ec2:DescribeSecurityGroups",
    { Filters: [{ Name: "vpc-id", Values: [vpcId] }, ...wanted] },
    (page) => page.SecurityGroups,
  );
  const facts = found.map(({ GroupId, GroupName }) => ({
    id: required(GroupId, "the id of a security group"),
    name: required(GroupName, "the name of a security group"),
  }));
  return groupsOf(facts, names);
}

/** A list leaves all others out unless they are asked for: docs.aws.amazon.com/acm/latest/APIReference/API_Filters.html */
const KEY_TYPES = [
  "RSA_1024",
  "RSA_2048",
  "RSA_3072",
  "RSA_4096",
  "EC_prime256v1",
  "EC_secp384r1",
  "EC_secp521r1",
] as const;

type Summary = Item<"acm:ListCertificates", "CertificateSummaryList">;

async function certificate({ domain }: Asked, { reader }: LookupGround): Promise<Choice> {
  const issued = await reader.list(
    "acm:ListCertificates",
    { CertificateStatuses: ["ISSUED"], Includes: { keyTypes: [...KEY_TYPES] } },
    (page) => page.CertificateSummaryList,
  );
  const found = await Promise.all(issued.map((summary) => certificateFor(domain, summary, reader)));
  return longestLasting(found.flatMap((one) => one ?? []));
}

/** The certificate, if it has the name; what its summary leaves out is asked for. */
async function certificateFor(
  domain: string,
  summary: Summary,
  reader: Reader,
): Promise<CertificateFacts | undefined> {
  const { SubjectAlternativeNameSummaries: others = [], HasAdditionalSubjectAlternativeNames: hasMore } =
    summary;
  const arn = required(summary.CertificateArn, "the ARN of a certificate");
  const isNamed = [summary.DomainName, ...others].some((name) => isSameName(name, domain));
  if (!isNamed && hasMore !== true) return undefined;
  const known = summary.NotAfter === undefined || !isNamed ? await detailOf(arn, reader) : summary;
  const isItsName =
    isNamed ||
    ("SubjectAlternativeNames" in known &&
      known.SubjectAlternativeNames?.some((one) => isSameName(one, domain)));
  if (!isItsName) return undefined;
  const notAfter = required(known.NotAfter, "the time until which a certificate is valid");
  return {
    arn,
    notAfterMs: notAfter.getTime(),
    notAfter: notAfter.toISOString(),
    keyAlgorithm: known.KeyAlgorithm ?? summary.KeyAlgorithm ?? "key of an unknown type",
  };
}

async function detailOf(CertificateArn: string, reader: Reader) {
  const { Certificate } = await reader.call("acm:DescribeCertificate", { CertificateArn });
  return required(Certificate, "a certificate");
}

/** Names of hosts are the same in capital letters. */
function isSameName(one: string | undefined, other: string): boolean {
  return one?.toLowerCase() === other.toLowerCase();
}

async function instanceProfile({ name = "" }: Asked, { reader }: LookupGround): Promise<Choice> {
  const answer = await orNothing(reader.call("iam:GetInstanceProfile", { InstanceProfileName: name }));
  if (answer === undefined) return { fault: `finds no instance profile ${name}` };
  return { value: required(answer.InstanceProfile?.Arn, "the ARN of an instance profile") };
}

/** The name and the account make the ARN: one question instead of the list of all topics, which has no filter. */
async function topic({ snsTopic }: Asked, { reader, region, account }: LookupGround): Promise<Choice> {
  const TopicArn = `arn:${account.partition}:sns:${region}:${account.id}:${snsTopic}`;
  const answer: Output<"sns:GetTopicAttributes"> | undefined = await orNothing(
    reader.call("sns:GetTopicAttributes", { TopicArn }),
  );
  if (answer === undefined) return { fault: `finds no topic ${snsTopic} in ${region}` };
  return { value: required(answer.Attributes?.TopicArn, "the ARN of a topic") };
}

/** What AWS answers, or nothing where it says that this is not there. */
async function orNothing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    const isMissing =
      error instanceof CloudError && (error.category === "notFound" || /^InvalidAMIID\./.test(error.code));
    if (isMissing) return undefined;
    throw error;
  }
}

function byTags(tags: Readonly<Record<string, string>>): Filter[] {
  return Object.entries(tags).map(([key, value]) => tagFilter(key, [value]));
}

function tagFilter(key: string, values: readonly string[]): Filter {
  return { Name: `tag:${key}`, Values: values.map(literally) };
}

/** In a filter `*` and `?` stand for others: docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html */
function literally(value: string): string {
  return value.replace(/[*?\\]/g, "\\$&");
}
