/** Key pairs: their public halves. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-key-pairs.html */
import { createHash, createPublicKey } from "node:crypto";
import type {
  DeleteKeyPairCommandInput,
  DescribeKeyPairsCommandInput,
  ImportKeyPairCommandInput,
  KeyPairInfo,
} from "@aws-sdk/client-ec2";
import { AwsError } from "../account/aws-error.ts";
import type { AccountContext } from "../account/context.ts";
import { derivedId } from "../account/ids.ts";
import { KEY_PAIRS } from "../account/seed.ts";
import type { OperationTable } from "../services.ts";
import { named } from "./describe-input.ts";
import { filtered } from "./filters/filtered.ts";
import { KEY_PAIR_FILTERS } from "./filters/images.ts";
import { notFound } from "./not-found.ts";
import { specifiedTags, type TagStore } from "./tags.ts";

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-resource-limits.html */
const MOST_KEY_PAIRS = 5_000;

interface KeyPair {
  readonly id: string;
  readonly name: string;
  readonly type: "rsa" | "ed25519";
  readonly fingerprint: string;
  /** `undefined` for those that are there from the beginning. */
  readonly publicKey: string | undefined;
  readonly createdAtMs: number;
}

export interface KeyPairs {
  readonly operations: OperationTable;
  has(nameOrId: string): boolean;
}

export function buildKeyPairs(context: AccountContext, tags: TagStore): KeyPairs {
  const all = new Map<string, KeyPair>();
  for (const name of KEY_PAIRS) {
    const id = derivedId("key", name);
    const fingerprint = colons(createHash("sha1").update(id).digest("hex"));
    all.set(name, {
      id,
      name,
      type: "rsa",
      fingerprint,
      publicKey: undefined,
      createdAtMs: context.clock.nowMs(),
    });
  }
  return {
    has: (nameOrId) => all.has(nameOrId) || [...all.values()].some((one) => one.id === nameOrId),
    operations: keyPairOperations(context, all, tags),
  };
}

function keyPairOperations(
  context: AccountContext,
  all: Map<string, KeyPair>,
  tags: TagStore,
): OperationTable {
  return {
    ImportKeyPair: (input: ImportKeyPairCommandInput) => {
      const key = imported(context, input);
      const wanted = specifiedTags(input.TagSpecifications, "key-pair");
      if (all.has(key.name)) {
        throw new AwsError("InvalidKeyPair.Duplicate", "The keypair already exists");
      }
      if (all.size >= MOST_KEY_PAIRS) {
        throw new AwsError("KeyPairLimitExceeded", "You have reached the maximum number of key pairs.");
      }
      all.set(key.name, key);
      tags.put(key.id, wanted);
      return {
        KeyPairId: key.id,
        KeyName: key.name,
        KeyFingerprint: key.fingerprint,
        Tags: [...tags.of(key.id)],
      };
    },
    DescribeKeyPairs: (input: DescribeKeyPairsCommandInput) => {
      const byName = named(
        [...all.values()],
        (one) => one.name,
        input.KeyNames,
        (names) => notFound("keyPair", names),
      );
      const asked = named(
        byName,
        (one) => one.id,
        input.KeyPairIds,
        (ids) => notFound("keyPair", ids),
      );
      const shown = asked.map((one) => view(one, tags, input.IncludePublicKey === true));
      return { KeyPairs: filtered("DescribeKeyPairs", KEY_PAIR_FILTERS, input.Filters, shown) };
    },
    // ec2/delete-key-pair
    DeleteKeyPair: (input: DeleteKeyPairCommandInput) => {
      const found = [...all.values()].find((one) => one.name === input.KeyName || one.id === input.KeyPairId);
      if (found === undefined) return { Return: true };
      all.delete(found.name);
      tags.forget(found.id);
      return { Return: true, KeyPairId: found.id };
    },
  };
}

function view(key: KeyPair, tags: TagStore, withPublicKey: boolean): KeyPairInfo {
  return {
    KeyPairId: key.id,
    KeyName: key.name,
    KeyType: key.type,
    KeyFingerprint: key.fingerprint,
    CreateTime: new Date(key.createdAtMs),
    ...(withPublicKey && key.publicKey !== undefined && { PublicKey: key.publicKey }),
    Tags: [...tags.of(key.id)],
  };
}

function imported(context: AccountContext, input: ImportKeyPairCommandInput): KeyPair {
  const name = input.KeyName ?? "";
  if (name === "" || name.length > 255) {
    throw new AwsError("InvalidParameterValue", `Value (${name}) for parameter KeyName is invalid.`);
  }
  const text = Buffer.from(input.PublicKeyMaterial ?? [])
    .toString("utf8")
    .trim();
  const { type, fingerprint } = parsed(text);
  return {
    id: `key-${context.id(17)}`,
    name,
    type,
    fingerprint,
    publicKey: text,
    createdAtMs: context.clock.nowMs(),
  };
}

/** ec2/key-fingerprints @throws AwsError unless it is an RSA or ED25519 key in OpenSSH's form */
function parsed(text: string): Pick<KeyPair, "type" | "fingerprint"> {
  const [kind, body = ""] = text.split(/\s+/);
  const bytes = Buffer.from(body, "base64");
  const parts = stringsIn(bytes);
  if (kind === "ssh-ed25519" && parts?.[1]?.length === 32) {
    return { type: "ed25519", fingerprint: createHash("sha256").update(bytes).digest("base64") };
  }
  const [, exponent, modulus] = parts ?? [];
  if (kind === "ssh-rsa" && exponent !== undefined && modulus !== undefined) {
    const key = createPublicKey({
      key: { kty: "RSA", e: exponent.toString("base64url"), n: modulus.toString("base64url") },
      format: "jwk",
    });
    const der = key.export({ type: "spki", format: "der" });
    return { type: "rsa", fingerprint: colons(createHash("md5").update(der).digest("hex")) };
  }
  throw new AwsError("InvalidKey.Format", "Key is not in valid OpenSSH public key format");
}

/** The length-prefixed strings that a key of OpenSSH consists of; `undefined` when the bytes are no such thing. */
function stringsIn(bytes: Buffer): Buffer[] | undefined {
  const parts: Buffer[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (at + 4 > bytes.length) return undefined;
    const length = bytes.readUInt32BE(at);
    if (length === 0 || at + 4 + length > bytes.length) return undefined;
    parts.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return parts;
}

function colons(hex: string): string {
  return hex.match(/../g)!.join(":");
}
