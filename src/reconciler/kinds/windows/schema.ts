/** `spec.windows`: when corrections and rollouts may be begun. */
import Type, { type Static } from "typebox";
import { LIMITS } from "../../../model/limits.ts";
import { aws } from "../field.ts";

const OURS = aws("", "never", { owner: "structure" });

const windowSchema = Type.Object(
  {
    cron: Type.String({
      ...OURS,
      minLength: 9,
      maxLength: 200,
      description:
        "When it begins: minute, hour, day of the month, month, day of the week, as cron has them. Where both days are restricted, either will do.",
    }),
    durationMinutes: Type.Integer({
      ...OURS,
      minimum: 1,
      maximum: 44_640,
      description: "For how many minutes it lasts, whatever clocks do meanwhile.",
    }),
    timeZone: Type.String({
      ...OURS,
      default: "UTC",
      minLength: 1,
      maxLength: 100,
      description:
        "IANA's name of the time zone that `cron` is meant in. At the hour that clocks leave out, a window begins when they go on; at the hour that they show twice, it begins once.",
    }),
  },
  { additionalProperties: false },
);

export type WindowSpec = Static<typeof windowSchema>;

const listOf = (description: string) =>
  Type.Optional(Type.Array(windowSchema, { ...OURS, minItems: 1, maxItems: LIMITS.windows, description }));

export const windowsSchema = Type.Object(
  {
    allow: listOf("They may be begun in these windows, and at no other time."),
    deny: listOf("They may be begun at any time but in these windows."),
  },
  {
    additionalProperties: false,
    description:
      "When corrections (of what others have changed) and rollouts (instances or traffic are replaced) may be begun: exactly one of `allow` and `deny`. Edits that make something or change settings wait for no window. Default: at any time.",
  },
);

export type WindowsSpec = Static<typeof windowsSchema>;
