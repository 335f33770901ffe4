import { generateKeyPairSync, sign } from "node:crypto";

/** A certificate that signs itself, with its key, as ACM imports it. @param days how long it is valid. @param others its names besides */
export function certificateOf(
  domain: string,
  { key, fromMs, days, others = [] }: { key: "rsa" | "ec"; fromMs: number; days: number; others?: string[] },
): { Certificate: Buffer; PrivateKey: Buffer } {
  const { publicKey, privateKey } =
    key === "rsa"
      ? generateKeyPairSync("rsa", { modulusLength: 2048 })
      : generateKeyPairSync("ec", { namedCurve: "P-256" });
  const algorithm =
    key === "rsa" ? sequence(oid("2a864886f70d01010b"), der(0x05)) : sequence(oid("2a8648ce3d040302"));
  const name = sequence(der(0x31, sequence(oid("550403"), der(0x0c, Buffer.from(domain)))));
  const alternative = sequence(
    oid("551d11"),
    der(0x04, sequence(...[domain, ...others].map((each) => der(0x82, Buffer.from(each))))),
  );
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1])),
    algorithm,
    name,
    sequence(time(fromMs), time(fromMs + days * 86_400_000)),
    name,
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(alternative)),
  );
  const signature = der(0x03, Buffer.from([0]), sign("sha256", body, privateKey));
  const base64 = sequence(body, algorithm, signature).toString("base64");
  const lines = base64.match(/.{1,64}/g) ?? [];
  return {
    Certificate: Buffer.from(`-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`),
    PrivateKey: Buffer.from(privateKey.export({ type: "pkcs8", format: "pem" })),
  };
}

function sequence(...parts: Buffer[]): Buffer {
  return der(0x30, ...parts);
}

function oid(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, "hex"));
}

/** UTCTime, which reaches to 2049. */
function time(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replace(/\D/g, "").slice(2, 14);
  return der(0x17, Buffer.from(`${digits}Z`));
}

/** Tag, length, value. https://www.itu.int/rec/T-REC-X.690 */
function der(tag: number, ...parts: Buffer[]): Buffer {
  const value = Buffer.concat(parts);
  const { length } = value;
  if (length < 128) return Buffer.concat([Buffer.from([tag, length]), value]);
  const size = length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), value]);
}
