/** Answers in the AWS Query protocol and EC2's variant of it: XML. */
import type { NormalizedSchema } from "@smithy/core/schema";
import type { AwsError } from "../account/aws-error.ts";
import { traitsOf, type WireOperation, type WireService } from "./schemas.ts";

export function xmlAnswer(
  service: WireService,
  operation: WireOperation,
  output: object,
  requestId: string,
): string {
  const { name } = operation;
  const members = membersXml(operation.output, output);
  if (service.name === "ec2") {
    return `<?xml version="1.0" encoding="UTF-8"?>\n<${name}Response xmlns="${service.xmlns}"><requestId>${requestId}</requestId>${members}</${name}Response>`;
  }
  return `<${name}Response xmlns="${service.xmlns}"><${name}Result>${members}</${name}Result><ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${name}Response>`;
}

export function xmlError(service: WireService, error: AwsError, status: number, requestId: string): string {
  const code = escaped(error.code);
  const message = escaped(error.message);
  if (service.name === "ec2") {
    return `<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error><Code>${code}</Code><Message>${message}</Message></Error></Errors><RequestID>${requestId}</RequestID></Response>`;
  }
  const type = status >= 500 ? "Receiver" : "Sender";
  return `<ErrorResponse xmlns="${service.xmlns}"><Error><Type>${type}</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`;
}

function membersXml(schema: NormalizedSchema, value: unknown): string {
  if (schema.isUnitSchema()) return "";
  const members = value as Readonly<Record<string, unknown>>;
  return [...schema.structIterator()]
    .map(([name, member]) => elementXml(member, members[name], memberTraits(member).xmlName ?? name))
    .join("");
}

/** A struct's own xmlName is not its member's: only what the member itself says counts here. */
function memberTraits(member: NormalizedSchema): { xmlName?: string } {
  return member.getMemberTraits() as { xmlName?: string };
}

function elementXml(schema: NormalizedSchema, value: unknown, tag: string): string {
  if (value === undefined || value === null) return "";
  const isFlat = traitsOf(schema).xmlFlattened !== undefined;
  if (schema.isListSchema()) {
    const item = schema.getValueSchema();
    const itemTag = isFlat ? tag : (traitsOf(item).xmlName ?? "member");
    const items = (value as unknown[]).map((one) => elementXml(item, one, itemTag)).join("");
    return isFlat ? items : `<${tag}>${items}</${tag}>`;
  }
  if (schema.isMapSchema()) {
    const item = schema.getValueSchema();
    const key = traitsOf(schema.getKeySchema()).xmlName ?? "key";
    const entry = isFlat ? tag : "entry";
    const entries = Object.entries(value).map(
      ([name, one]) =>
        `<${entry}><${key}>${escaped(name)}</${key}>${elementXml(item, one, traitsOf(item).xmlName ?? "value")}</${entry}>`,
    );
    return isFlat ? entries.join("") : `<${tag}>${entries.join("")}</${tag}>`;
  }
  return `<${tag}>${schema.isStructSchema() ? membersXml(schema, value) : scalarText(schema, value)}</${tag}>`;
}

function scalarText(schema: NormalizedSchema, value: unknown): string {
  if (schema.isTimestampSchema()) return (value as Date).toISOString().replace(".000Z", "Z");
  if (schema.isBlobSchema()) return Buffer.from(value as Uint8Array).toString("base64");
  return escaped(String(value));
}

/** Line ends too: a parser would turn them into others. What XML 1.0 cannot say at all becomes U+FFFD. */
function escaped(text: string): string {
  return text
    .replace(/\p{Cc}|[\ufffe\uffff]/gu, (character) =>
      /[\t\n\r\u007f-\u009f]/.test(character) ? character : "\ufffd",
    )
    .replace(/[&<>"'\r\n\u0085\u2028]/g, (character) => `&#x${character.codePointAt(0)?.toString(16)};`);
}
