/** What is done with a request, by default or by a rule. */
import Type, { type Static } from "typebox";
import { absentAs } from "../field.ts";
import { alsoWritten } from "../written-forms.ts";

const forwardSchema = Type.Object(
  {
    targetGroup: Type.Optional(Type.String({ description: "Name of a target group of this spec." })),
    targetGroups: Type.Optional(
      Type.Array(
        Type.Object(
          {
            targetGroup: Type.String({ description: "Name of a target group of this spec." }),
            weight: Type.Integer({
              ...absentAs(1),
              minimum: 0,
              maximum: 999,
              default: 1,
              description: "Its share of the traffic.",
            }),
          },
          { additionalProperties: false },
        ),
        {
          minItems: 1,
          maxItems: 5,
          description: "Several target groups, each with a weight. Not with `targetGroup`.",
        },
      ),
    ),
    stickiness: Type.Optional(
      Type.Object(
        {
          enabled: Type.Boolean({ description: "Whether a client stays with one target group." }),
          durationSeconds: Type.Optional(
            Type.Integer({
              minimum: 1,
              maximum: 604_800,
              default: 3600,
              description: "For how long.",
            }),
          ),
        },
        { additionalProperties: false, description: "Stickiness between the target groups of this action." },
      ),
    ),
  },
  { additionalProperties: false, description: "Sends the request to target groups." },
);

export const redirectSchema = Type.Object(
  {
    protocol: Type.Enum(["HTTP", "HTTPS", "#{protocol}"], {
      ...absentAs("#{protocol}"),
      default: "#{protocol}",
      description: "Protocol of the new URL.",
    }),
    host: Type.String({
      minLength: 1,
      maxLength: 128,
      ...absentAs("#{host}"),
      default: "#{host}",
      description: "Host of the new URL.",
    }),
    port: Type.String({
      ...alsoWritten("numberAsText"),
      ...absentAs("#{port}"),
      default: "#{port}",
      description: "Port of the new URL.",
    }),
    path: Type.String({
      pattern: "^/",
      maxLength: 128,
      ...absentAs("/#{path}"),
      default: "/#{path}",
      description: "Path of the new URL.",
    }),
    query: Type.String({
      ...absentAs("#{query}"),
      maxLength: 128,
      default: "#{query}",
      description: "Query of the new URL.",
    }),
    statusCode: Type.Enum(["HTTP_301", "HTTP_302"], {
      ...alsoWritten("redirectStatus"),
      description: "Permanent or temporary; 301 and 302 are taken for the same.",
    }),
  },
  {
    additionalProperties: false,
    description: "Sends the client to another URL; at least one part must change.",
  },
);

const fixedResponseSchema = Type.Object(
  {
    statusCode: Type.String({ ...alsoWritten("numberAsText"), description: "2XX, 4XX or 5XX." }),
    contentType: Type.Enum(
      ["text/plain", "text/css", "text/html", "application/javascript", "application/json"],
      {
        ...absentAs("text/plain"),
        default: "text/plain",
        description: "Content type of the answer.",
      },
    ),
    messageBody: Type.Optional(Type.String({ maxLength: 1024, description: "Body of the answer." })),
  },
  { additionalProperties: false, description: "Answers without asking a target." },
);

/** What is done with a request: exactly one of the three. */
export const actionSchema = Type.Object(
  {
    forward: Type.Optional(forwardSchema),
    redirect: Type.Optional(redirectSchema),
    fixedResponse: Type.Optional(fixedResponseSchema),
  },
  { additionalProperties: false },
);

export type ActionSpec = Static<typeof actionSchema>;

/** Names of the target groups that an action of the spec forwards to. */
export function targetGroupsOf(action: ActionSpec): string[] {
  const { forward } = action;
  if (forward === undefined) return [];
  return (
    forward.targetGroups?.map((entry) => entry.targetGroup) ??
    (forward.targetGroup === undefined ? [] : [forward.targetGroup])
  );
}
