import Type, { type Static } from "typebox";

const values = (description: string, maxLength: number) =>
  Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength }), {
      minItems: 1,
      maxItems: 5,
      uniqueItems: true,
      description,
    }),
  );

/** One condition: exactly one of the six. A rule takes at most five values over all its conditions. */
export const conditionSchema = Type.Object(
  {
    hostHeader: values("Host names; `*` and `?` are wildcards.", 128),
    pathPattern: values("Paths; `*` and `?` are wildcards.", 128),
    httpRequestMethod: values("Methods, in capitals.", 40),
    sourceIp: values("Addresses of clients, in CIDR form.", 43),
    httpHeader: Type.Optional(
      Type.Object(
        {
          name: Type.String({ minLength: 1, maxLength: 40, description: "Name of the header." }),
          values: Type.Array(Type.String({ minLength: 1, maxLength: 128 }), {
            minItems: 1,
            maxItems: 5,
            uniqueItems: true,
            description: "Values; `*` and `?` are wildcards.",
          }),
        },
        { additionalProperties: false, description: "A header of the request." },
      ),
    ),
    queryString: Type.Optional(
      Type.Array(
        Type.Object(
          {
            key: Type.Optional(
              Type.String({ minLength: 1, maxLength: 128, description: "Key; without it any key." }),
            ),
            value: Type.String({
              minLength: 1,
              maxLength: 128,
              description: "Value; `*` and `?` are wildcards.",
            }),
          },
          { additionalProperties: false },
        ),
        { minItems: 1, maxItems: 5, description: "Key and value pairs of the query." },
      ),
    ),
  },
  { additionalProperties: false },
);

export type ConditionSpec = Static<typeof conditionSchema>;
