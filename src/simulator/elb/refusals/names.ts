/** What AWS refuses of the names and tags of load balancing's resources. */
import type {
  CreateLoadBalancerCommandInput,
  CreateTargetGroupCommandInput,
  Tag,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { firstOf, hasTwice, type RefusalRule, TAG_LENGTH_ROWS } from "../../account/refusals.ts";
import type { ElbState } from "../state.ts";
import { apiPage, ofPage } from "./of-page.ts";

type Named = Pick<CreateLoadBalancerCommandInput & CreateTargetGroupCommandInput, "Name">;

/** `load balancer name 'x'`, as AWS begins its sentences. */
function nameRules(
  operation: "CreateLoadBalancer" | "CreateTargetGroup",
  what: string,
): readonly RefusalRule<ElbState>[] {
  const key = what.replace(" ", "-");
  return ofPage<Named>(
    apiPage(operation),
    [operation],
    [
      [
        `${key}-name-length`,
        `The name of a ${what} has 1 to 32 characters.`,
        ({ Name: name = "" }) =>
          name === ""
            ? `The ${what} name cannot be empty`
            : name.length > 32 && `The ${what} name '${name}' cannot be longer than '32' characters`,
      ],
      [
        `${key}-name-characters`,
        `The name of a ${what} has letters, digits and hyphens only.`,
        ({ Name: name = "" }) =>
          !/^[a-zA-Z0-9-]*$/.test(name) &&
          `The ${what} name '${name}' can only contain characters that are alphanumeric characters and hyphens(-)`,
      ],
      [
        `${key}-name-hyphens`,
        `The name of a ${what} neither begins nor ends with a hyphen.`,
        ({ Name: name = "" }) =>
          /^-|-$/.test(name) && `The ${what} name '${name}' cannot begin or end with a hyphen(-)`,
      ],
    ],
  );
}

export const NAME_RULES: readonly RefusalRule<ElbState>[] = [
  ...nameRules("CreateLoadBalancer", "load balancer"),
  ...ofPage<Named>(
    apiPage("CreateLoadBalancer"),
    ["CreateLoadBalancer"],
    [
      [
        "load-balancer-name-internal",
        "The name of a load balancer does not begin with 'internal-'.",
        ({ Name: name = "" }) =>
          name.startsWith("internal-") && `The load balancer name '${name}' cannot begin with 'internal-'`,
      ],
    ],
  ),
  ...nameRules("CreateTargetGroup", "target group"),
];

export const TAG_RULES: readonly RefusalRule<ElbState>[] = ofPage<{ Tags?: readonly Tag[] }>(
  apiPage("Tag"),
  ["CreateLoadBalancer", "CreateTargetGroup", "CreateListener", "CreateRule", "AddTags"],
  [
    ...TAG_LENGTH_ROWS,
    [
      "tag-characters",
      "Tags have letters, spaces, digits and + - = . _ : / @ only.",
      ({ Tags }) =>
        firstOf(
          Tags,
          ({ Key = "", Value = "" }) =>
            !/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u.test(Key + Value) &&
            `1 validation error detected: Value at 'tags' failed to satisfy constraint: Member must satisfy regular expression pattern: ^([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)$`,
        ),
    ],
    [
      "tag-reserved",
      "Tag keys that begin with aws:, in any case, are AWS's own.",
      ({ Tags }) =>
        firstOf(
          Tags,
          ({ Key = "" }) =>
            /^aws:/i.test(Key) && `Tag keys starting with 'aws:' are reserved for internal use: '${Key}'`,
        ),
    ],
    [
      "tag-twice",
      "A tag key is given once.",
      ({ Tags = [] }) => hasTwice(Tags.map(({ Key }) => Key)),
      "DuplicateTagKeys",
    ],
    [
      "tag-count",
      "A resource has at most 50 tags.",
      ({ Tags = [] }) => Tags.length > 50 && "The maximum number of tags has been exceeded",
      "TooManyTags",
    ],
  ],
);
