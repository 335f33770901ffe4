import Type, { type Static } from "typebox";
import { LIMITS } from "../../../model/limits.ts";
import { aws } from "../field.ts";
import { pinnedNameSchema } from "../names/pinned.ts";

const PUT = "autoscaling:PutScheduledUpdateGroupAction";

/** As AWS has it: to the second, in UTC. */
const MOMENT = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$";

const size = (name: string, description: string) =>
  Type.Optional(Type.Integer({ ...aws(name, PUT), minimum: 0, maximum: 10_000, description }));

export const scheduledActionSchema = Type.Object(
  {
    name: pinnedNameSchema("ScheduledActionName", 255),
    recurrence: Type.Optional(
      Type.String({
        ...aws("Recurrence", PUT),
        minLength: 1,
        maxLength: 255,
        description:
          "When it is due, in the five fields of cron: `0 8 * * MON-FRI`. Without it the action is due once, at `startTime`.",
      }),
    ),
    timeZone: Type.Optional(
      Type.String({
        ...aws("TimeZone", PUT, { absent: "Etc/UTC" }),
        minLength: 1,
        maxLength: 255,
        description: "Time zone of `recurrence`, by IANA's name: `Europe/Berlin`. Default: `Etc/UTC`.",
      }),
    ),
    startTime: Type.Optional(
      Type.String({
        ...aws("StartTime", PUT),
        pattern: MOMENT,
        description:
          "When it is due, or from when on it recurs, in UTC: `2026-11-27T06:00:00Z`. AWS takes no time that has passed: what was due once, and is not there, is `Fired`, and is not put again.",
      }),
    ),
    endTime: Type.Optional(
      Type.String({
        ...aws("EndTime", PUT),
        pattern: MOMENT,
        description: "Until when it recurs, in UTC.",
      }),
    ),
    minSize: size("MinSize", "What it sets the group's minimum to."),
    maxSize: size("MaxSize", "What it sets the group's maximum to."),
    desiredCapacity: size("DesiredCapacity", "What it sets the group's desired capacity to."),
  },
  {
    additionalProperties: false,
    description: "Sets sizes of the group at a time. What it has set is no drift.",
  },
);

export const scheduledActionMapSchema = Type.Optional(
  Type.Record(Type.String({ pattern: "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$" }), scheduledActionSchema, {
    ...aws("ScheduledUpdateGroupActions", "never", { owner: "structure" }),
    maxProperties: LIMITS.scheduledActionsPerGroup,
    additionalProperties: false,
    description: "Scheduled actions, by name.",
  }),
);

export type ScheduledActionSpec = Static<typeof scheduledActionSchema>;
