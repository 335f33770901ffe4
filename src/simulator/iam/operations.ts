/** Identity and Access Management: instance profiles, which launches name. Nobody is refused anything for want of a permission. */
import type {
  CreateInstanceProfileCommandInput,
  DeleteInstanceProfileCommandInput,
  GetInstanceProfileCommandInput,
  InstanceProfile,
  ListInstanceProfilesCommandInput,
} from "@aws-sdk/client-iam";
import { AwsError } from "../account/aws-error.ts";
import type { AccountContext } from "../account/context.ts";
import { derivedId } from "../account/ids.ts";
import { pageOf } from "../account/paging.ts";
import { INSTANCE_PROFILES } from "../account/seed.ts";
import type { IamPart, Service } from "../services.ts";

const NAME = /^[\w+=,.@-]{1,128}$/;

export function buildIam(context: AccountContext): Service<IamPart> {
  // iam/global: names are the account's own, whatever their case.
  const profiles = new Map<string, InstanceProfile>();
  const add = (name: string, path = "/", arn?: string): InstanceProfile => {
    const profile: InstanceProfile = {
      Path: path,
      InstanceProfileName: name,
      InstanceProfileId: derivedId("AIPA", `${context.accountId}/${name}`).replace("-", "").toUpperCase(),
      Arn: arn ?? `arn:aws:iam::${context.accountId}:instance-profile${path}${name}`,
      CreateDate: new Date(context.clock.nowMs()),
      Roles: [],
    };
    profiles.set(name.toLowerCase(), profile);
    return profile;
  };
  const find = (name: string): InstanceProfile => {
    const profile = profiles.get(name.toLowerCase());
    if (profile !== undefined) return profile;
    throw new AwsError("NoSuchEntity", `Instance Profile ${name} cannot be found.`);
  };
  for (const { name, arn } of INSTANCE_PROFILES) add(name, "/", arn);
  return {
    operations: {
      GetInstanceProfile: ({ InstanceProfileName: name = "" }: GetInstanceProfileCommandInput) => {
        checkName(name);
        return { InstanceProfile: find(name) };
      },
      CreateInstanceProfile: (input: CreateInstanceProfileCommandInput) => {
        const { InstanceProfileName: name = "", Path: path } = input;
        checkName(name);
        if (profiles.has(name.toLowerCase())) {
          throw new AwsError("EntityAlreadyExists", `Instance Profile ${name} already exists.`);
        }
        return { InstanceProfile: add(name, path) };
      },
      DeleteInstanceProfile: ({ InstanceProfileName: name = "" }: DeleteInstanceProfileCommandInput) => {
        find(name);
        profiles.delete(name.toLowerCase());
        return {};
      },
      ListInstanceProfiles: ({ Marker: token, MaxItems: size = 100 }: ListInstanceProfilesCommandInput) => {
        const all = [...profiles.values()];
        const page = pageOf(all, (one) => one.Arn ?? "", { token, size }, "InvalidInput");
        return { InstanceProfiles: page.items, IsTruncated: page.next !== undefined, Marker: page.next };
      },
    },
    part: {
      instanceProfile: ({ name, arn }) =>
        [...profiles.values()].find((one) =>
          arn === undefined ? one.InstanceProfileName === name : one.Arn === arn,
        )?.Arn,
    },
  };
}

/** @throws AwsError */
function checkName(name: string): void {
  if (NAME.test(name)) return;
  throw new AwsError(
    "ValidationError",
    "The specified value for instanceProfileName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-",
  );
}
