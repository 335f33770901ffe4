/** What goes into `POST /specs/import`, and what comes out. */
import type { ImportReport, Neighbour, NotCompared } from "../../model/import.ts";
import type { Schema } from "./dialect.ts";
import { arrayOf, described, members, oneOf, text, time } from "./members.ts";
import { ref } from "./reference.ts";

const VALUE = {};
const NAMES = (description: string) => arrayOf(text(), description);

const REPORT = members<ImportReport>({
  from: text("ARN of the load balancer that it was read from."),
  readAt: time("When it was read."),
  notCompared: arrayOf(
    members<NotCompared>({
      resource: text("Address in the spec of the resource that it belongs to."),
      member: text("AWS's path of the member."),
      value: described(VALUE, "Its value; a digest where it may be secret."),
      reason: text("Why the spec does not hold it."),
    }),
    "Members of AWS's answers that the spec cannot hold. Members with AWS's own default are not among them.",
  ),
  neighbours: arrayOf(
    members<Neighbour>({
      kind: text("Kind of the AWS resource."),
      name: text("What AWS calls it; of a listener its port, of a rule its priority, too."),
      id: text("AWS's id: ARN, template id, group name."),
      is: oneOf(["taken in", "left out", "shared"], "Whether it stands in the manifest."),
      reason: text("Why."),
      include: text("What `include` names to take it in; absent where that cannot be."),
      exclude: text("What `exclude` names to leave it out; absent where that cannot be."),
    }),
    "What stands beside the tier, is shared with others, or was left out.",
  ),
  unread: arrayOf(
    members<ImportReport["unread"][number]>({
      operation: text("IAM action of the call."),
      reason: text("Why it could not be read: nothing is said of it."),
    }),
    "What could not be read, and a manifest could not hold.",
  ),
});

const METADATA: Schema = members({
  name: text("Name of the WebService."),
  namespace: text("`default` where it is left out."),
});

export const IMPORT_SCHEMAS: Schema = {
  ImportRequest: {
    type: "object",
    description:
      "What to read, and what the manifest is called. Exactly one of loadBalancer and autoScalingGroup.",
    required: ["region", "metadata"],
    additionalProperties: false,
    properties: {
      region: text("AWS Region."),
      loadBalancer: text("Name or ARN of an Application Load Balancer."),
      autoScalingGroup: text("Name or ARN of a group behind one."),
      metadata: METADATA,
      include: NAMES("Names or ARNs of what is taken in that would be left out."),
      exclude: NAMES("Names or ARNs of what is left out."),
    },
  },
  ImportedManifest: {
    type: "object",
    description: "A manifest that can be posted as it comes, and what it does not say.",
    properties: {
      apiVersion: text(),
      kind: oneOf(["WebService"]),
      metadata: METADATA,
      spec: described(ref("WebServiceSpec"), "Everything that the tier is."),
      status: members({ import: REPORT }),
    },
  },
};
