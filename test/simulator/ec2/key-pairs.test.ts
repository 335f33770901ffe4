import { describe, expect, it } from "vitest";
import { buildLab, type Lab } from "../support.ts";
import { refused } from "./network/support.ts";

// Made with ssh-keygen; the fingerprints with the commands of AWS's page on verifying them.
const ED25519 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPx8bS9Mg6FO1GgHzVEYXvwCzwZfPH6GAjYYwMhVbpNS me";

const RSA = [
  "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQDEBXz7D83y+8Wuq/p7orOcPrOCuc7m8DE1PZfR61qPFODLC5dq862r2G1",
  "LgZi0IVQAVUNegLjon+/mG+UZU7Vd9+tkVuJtqOzzppPDQmuvUYRIjBx2lz1N+OinsSm2dqIpC/lVV0OJBTSJgkkUMk+P7P",
  "7A4ffuoTbEaHndqR52c9p/XWGlR6SQ8n1524vbNs6l3ocXF28YRww14rxlw250kqQoBEpla2R12giHv8VF56ov3lpdypNOO",
  "GpCx8fv9syk+j8Xy2+s27sEBVPmZ856IQLnaNHCUvCdWz9At9Q6dX5FgkCdQkllYxZGF2Jn2UfG9pSYTUoU3j+O7hAEkt3N",
].join("");

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const add = (lab: Lab, KeyName: string, key: string, more = {}): Promise<{ KeyPairId: string }> =>
  lab.call("ec2:ImportKeyPair", { KeyName, PublicKeyMaterial: bytes(key), ...more });

describe("key pairs", () => {
  it("are imported, shown by name, id and tag, used by a launch, and gone", async () => {
    const lab = buildLab();
    const { KeyPairId } = await add(lab, "mine", ED25519, {
      TagSpecifications: [{ ResourceType: "key-pair", Tags: [{ Key: "team", Value: "net" }] }],
    });
    expect(KeyPairId).toMatch(/^key-[0-9a-f]{17}$/);
    for (const input of [
      { KeyNames: ["mine"] },
      { KeyPairIds: [KeyPairId] },
      { Filters: [{ Name: "tag:team", Values: ["net"] }] },
    ]) {
      const { KeyPairs } = await lab.call<{ KeyPairs: object[] }>("ec2:DescribeKeyPairs", {
        ...input,
        IncludePublicKey: true,
      });
      expect(KeyPairs).toMatchObject([{ KeyName: "mine", KeyType: "ed25519", PublicKey: ED25519 }]);
    }
    const run = { ImageId: "ami-12345678", KeyName: "mine", MinCount: 1, MaxCount: 1 };
    expect(await lab.refusal("ec2:RunInstances", run)).toBe("no error");
    await lab.call("ec2:DeleteKeyPair", { KeyName: "mine" });
    await lab.call("ec2:DeleteKeyPair", { KeyName: "mine" });
    expect(await refused(lab, "ec2:RunInstances", run)).toBe(
      "InvalidKeyPair.NotFound: The key pair 'mine' does not exist",
    );
    expect(await lab.refusal("ec2:DescribeKeyPairs", { KeyNames: ["mine"] })).toBe("InvalidKeyPair.NotFound");
  });

  it("have the SHA-256 of an ED25519 key as their fingerprint, and the MD5 of an RSA one", async () => {
    const lab = buildLab();
    await add(lab, "ed", ED25519);
    await add(lab, "rsa", RSA);
    const { KeyPairs } = await lab.call<{ KeyPairs: { KeyFingerprint: string }[] }>("ec2:DescribeKeyPairs", {
      KeyNames: ["ed", "rsa"],
    });
    expect(KeyPairs.map((key) => key.KeyFingerprint)).toEqual([
      "wmDfJO6zXf2n9lzA6oss8rEXry8LASjSw83k6/Wqq6s=",
      "61:a2:e1:43:ec:03:f9:97:87:35:79:cc:a2:d0:10:47",
    ]);
  });

  it.each([
    ["holdfast", ED25519, "InvalidKeyPair.Duplicate: The keypair already exists"],
    ["a", "ssh-dss AAAA", "InvalidKey.Format: Key is not in valid OpenSSH public key format"],
    ["a", "ssh-rsa AAAA", "InvalidKey.Format: Key is not in valid OpenSSH public key format"],
    ["a", "nonsense", "InvalidKey.Format: Key is not in valid OpenSSH public key format"],
  ])("called %s are not imported from %s", async (KeyName, key, text) => {
    const input = { KeyName, PublicKeyMaterial: bytes(key) };
    expect(await refused(buildLab(), "ec2:ImportKeyPair", input)).toBe(text);
  });
});
