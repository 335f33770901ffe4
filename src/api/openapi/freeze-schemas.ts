/** What guards have frozen, as the API tells it. */
import type { Freeze } from "../../model/pause.ts";
import { arrayOf, described, members, oneOf, text, time, whole } from "./members.ts";
import { ref } from "./reference.ts";

export const FREEZE_SCHEMAS = {
  Freeze: {
    type: "object",
    required: ["kind", "apiVersion", "metadata", "status"],
    properties: {
      kind: oneOf(["Freeze"]),
      apiVersion: text(),
      metadata: members({
        name: text("The kind of which nothing more is deleted by corrections and edits."),
        creationTimestamp: time("Since when."),
      }),
      status: described(
        members<Pick<Freeze, "deleted" | "owned">>({
          deleted: whole("So many had been deleted within an hour."),
          owned: whole("So many were owned, over all services."),
        }),
        "What led to it.",
      ),
    },
  },
  FreezeList: {
    type: "object",
    required: ["kind", "apiVersion", "metadata", "items"],
    properties: {
      kind: oneOf(["FreezeList"]),
      apiVersion: text(),
      metadata: members({ resourceVersion: text() }),
      items: arrayOf(ref("Freeze"), "What is frozen now."),
    },
  },
};
