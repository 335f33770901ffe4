/** What a certificate of somebody's own says of itself. */
import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import type { ImportCertificateCommandInput } from "@aws-sdk/client-acm";
import { AwsError } from "../account/aws-error.ts";

export interface Imported {
  /** The first is what the certificate is known by. */
  readonly names: readonly string[];
  readonly keyAlgorithm: string;
  readonly notBeforeMs: number | undefined;
  readonly notAfterMs: number | undefined;
}

/** acm/import. @throws AwsError ValidationException */
export function importedFrom(
  { Certificate: certificate, PrivateKey: privateKey }: ImportCertificateCommandInput,
  nowMs: number,
): Imported {
  const parsed = attempt(() => new X509Certificate(pem(certificate)), "The certificate is not a valid PEM.");
  const key = attempt(() => createPrivateKey(pem(privateKey)), "The private key is not a valid PEM.");
  if (!parsed.checkPrivateKey(key))
    throw invalid("The private key does not match the public key of the certificate.");
  const notBeforeMs = Date.parse(parsed.validFrom);
  const notAfterMs = Date.parse(parsed.validTo);
  if (nowMs < notBeforeMs) throw invalid("The certificate is not valid yet.");
  if (nowMs >= notAfterMs) throw invalid("The certificate has expired.");
  const common = /(?:^|\n)CN=(.+)/.exec(parsed.subject)?.[1];
  const others = (parsed.subjectAltName ?? "")
    .split(", ")
    .flatMap((name) => /^DNS:(.+)$/.exec(name)?.[1] ?? []);
  const names = [...new Set([...(common === undefined ? [] : [common]), ...others])];
  return { names, keyAlgorithm: algorithmOf(parsed.publicKey), notBeforeMs, notAfterMs };
}

/** As ACM calls them. */
function algorithmOf({ asymmetricKeyType, asymmetricKeyDetails: details = {} }: KeyObject): string {
  if (asymmetricKeyType === "rsa") return `RSA_${details.modulusLength}`;
  if (asymmetricKeyType === "ec") return `EC_${details.namedCurve}`;
  throw invalid(`Keys of the type ${asymmetricKeyType} are not supported.`);
}

function pem(bytes: Uint8Array | undefined): Buffer {
  return Buffer.from(bytes ?? new Uint8Array());
}

function attempt<T>(parse: () => T, message: string): T {
  try {
    return parse();
  } catch {
    throw invalid(message);
  }
}

function invalid(message: string): AwsError {
  return new AwsError("ValidationException", message);
}
