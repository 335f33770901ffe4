/** Certificate Manager: certificates that listeners name. */
import type {
  CertificateDetail,
  DescribeCertificateCommandInput,
  ImportCertificateCommandInput,
  ListCertificatesCommandInput,
  RequestCertificateCommandInput,
} from "@aws-sdk/client-acm";
import { AwsError } from "../account/aws-error.ts";
import type { AccountContext } from "../account/context.ts";
import { uuidFrom } from "../account/ids.ts";
import { pageOf } from "../account/paging.ts";
import { CERTIFICATES } from "../account/seed.ts";
import type { AcmPart, OperationTable, Service } from "../services.ts";
import { type Imported, importedFrom } from "./import.ts";

interface Certificate extends Imported {
  readonly arn: string;
  readonly createdAtMs: number;
  readonly type: "AMAZON_ISSUED" | "IMPORTED";
  /** When it came to be valid for this account; nobody proves that he owns a domain here. */
  readonly issuedAtMs: number | undefined;
}

const DAY_MS = 86_400_000;
/** acm/validation */
const VALIDATION_MS = 3 * DAY_MS;
/** acm/key-types */
const LISTED_UNASKED: readonly string[] = ["RSA_1024", "RSA_2048"];
const PAGE = 1_000;

export function buildAcm(context: AccountContext): Service<AcmPart> {
  const { clock } = context;
  const startedAtMs = clock.nowMs();
  const certificates = new Map<string, Certificate>(
    CERTIFICATES.map(({ arn, domain }) => [
      arn,
      {
        arn,
        type: "AMAZON_ISSUED",
        names: [domain],
        keyAlgorithm: "RSA_2048",
        notBeforeMs: startedAtMs - 30 * DAY_MS,
        notAfterMs: startedAtMs + 365 * DAY_MS,
        createdAtMs: startedAtMs - 30 * DAY_MS,
        issuedAtMs: startedAtMs - 30 * DAY_MS,
      },
    ]),
  );
  return {
    operations: operationsOf(context, certificates),
    part: {
      hasCertificate: (arn) => certificates.get(arn)?.issuedAtMs !== undefined,
    },
  };
}

function operationsOf(context: AccountContext, certificates: Map<string, Certificate>): OperationTable {
  const nowMs = () => context.clock.nowMs();
  const newArn = () => `arn:aws:acm:${context.region}:${context.accountId}:certificate/${uuidFrom(context)}`;
  return {
    ListCertificates: (input: ListCertificatesCommandInput) => {
      const { CertificateStatuses: statuses, Includes: { keyTypes = LISTED_UNASKED } = {} } = input;
      const asked = [...certificates.values()]
        .filter((one) => keyTypes.includes(one.keyAlgorithm))
        .map((one) => ({ certificate: one, status: statusOf(one, nowMs()) }))
        .filter(({ status }) => statuses === undefined || statuses.includes(status as never))
        .map(({ certificate, status }) => summaryOf(certificate, status));
      const size = input.MaxItems ?? PAGE;
      const page = pageOf(
        asked,
        (one) => one.CertificateArn ?? "",
        { token: input.NextToken, size },
        "InvalidArgsException",
      );
      return { CertificateSummaryList: page.items, NextToken: page.next };
    },
    DescribeCertificate: ({ CertificateArn: arn = "" }: DescribeCertificateCommandInput) => {
      if (!/^arn:aws:acm:[^:]+:\d{12}:certificate\/.+$/.test(arn)) {
        throw new AwsError("InvalidArnException", `Invalid arn: ${arn}`);
      }
      const certificate = found(certificates, context, arn);
      return { Certificate: detailOf(certificate, statusOf(certificate, nowMs())) };
    },
    RequestCertificate: (input: RequestCertificateCommandInput) => {
      const { DomainName: domain = "", SubjectAlternativeNames: others = [] } = input;
      const arn = newArn();
      certificates.set(arn, {
        arn,
        type: "AMAZON_ISSUED",
        names: [...new Set([domain, ...others])],
        keyAlgorithm: input.KeyAlgorithm ?? "RSA_2048",
        notBeforeMs: undefined,
        notAfterMs: undefined,
        createdAtMs: nowMs(),
        issuedAtMs: undefined,
      });
      return { CertificateArn: arn };
    },
    ImportCertificate: (input: ImportCertificateCommandInput) => {
      const before = input.CertificateArn;
      if (before !== undefined) found(certificates, context, before);
      const arn = before ?? newArn();
      const imported = importedFrom(input, nowMs());
      certificates.set(arn, {
        arn,
        type: "IMPORTED",
        ...imported,
        createdAtMs: certificates.get(arn)?.createdAtMs ?? nowMs(),
        issuedAtMs: nowMs(),
      });
      return { CertificateArn: arn };
    },
  };
}

/** @throws AwsError ResourceNotFoundException */
function found(
  certificates: ReadonlyMap<string, Certificate>,
  { accountId }: AccountContext,
  arn: string,
): Certificate {
  const certificate = certificates.get(arn);
  if (certificate !== undefined) return certificate;
  throw new AwsError(
    "ResourceNotFoundException",
    `Could not find certificate ${arn} in account ${accountId}.`,
  );
}

function statusOf({ issuedAtMs, createdAtMs, notAfterMs = 0 }: Certificate, nowMs: number): string {
  if (issuedAtMs === undefined) {
    return nowMs - createdAtMs < VALIDATION_MS ? "PENDING_VALIDATION" : "VALIDATION_TIMED_OUT";
  }
  return nowMs < notAfterMs ? "ISSUED" : "EXPIRED";
}

/** acm/summaries */
const NAMES_IN_SUMMARY = 100;

function summaryOf(certificate: Certificate, status: string) {
  const { names } = certificate;
  return {
    ...commonOf(certificate, status),
    SubjectAlternativeNameSummaries: names.slice(0, NAMES_IN_SUMMARY),
    HasAdditionalSubjectAlternativeNames: names.length > NAMES_IN_SUMMARY,
  };
}

function detailOf(certificate: Certificate, status: string): CertificateDetail {
  return {
    ...commonOf(certificate, status),
    SubjectAlternativeNames: [...certificate.names],
    InUseBy: [],
  } as CertificateDetail;
}

function commonOf(certificate: Certificate, status: string) {
  const { arn, names, type, keyAlgorithm, createdAtMs, issuedAtMs, notBeforeMs, notAfterMs } = certificate;
  const atMs = (name: string, ms: number | undefined) => (ms === undefined ? {} : { [name]: new Date(ms) });
  return {
    CertificateArn: arn,
    DomainName: names[0] ?? "",
    Status: status,
    Type: type,
    KeyAlgorithm: keyAlgorithm,
    ...atMs("CreatedAt", createdAtMs),
    ...atMs(type === "IMPORTED" ? "ImportedAt" : "IssuedAt", issuedAtMs),
    ...atMs("NotBefore", notBeforeMs),
    ...atMs("NotAfter", notAfterMs),
  };
}
