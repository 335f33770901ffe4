/** What the simulated account promises to do with the calls of IAM as AWS does, and where AWS says so. */
import { type Behaviour, documented } from "../account/documented.ts";

const API = "https://docs.aws.amazon.com/IAM/latest/APIReference";

export const IAM_BEHAVIOURS: readonly Behaviour[] = documented("iam", "iam", [
  [
    "global",
    "Instance profiles belong to the account and to no Region, and their names are not distinguished by case.",
    `${API}/API_CreateInstanceProfile.html`,
  ],
  [
    "not-found",
    "An instance profile that does not exist is NoSuchEntity.",
    `${API}/API_GetInstanceProfile.html`,
  ],
  [
    "pages",
    "Instance profiles are listed 100 at a time unless asked for otherwise, and IsTruncated says whether there are more.",
    `${API}/API_ListInstanceProfiles.html`,
  ],
]);
