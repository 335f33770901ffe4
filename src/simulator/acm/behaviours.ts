/** What the simulated account promises to do with the calls of Certificate Manager as AWS does, and where AWS says so. */
import { type Behaviour, documented } from "../account/documented.ts";

const API = "https://docs.aws.amazon.com/acm/latest/APIReference";
const GUIDE = "https://docs.aws.amazon.com/acm/latest/userguide";

export const ACM_BEHAVIOURS: readonly Behaviour[] = documented("acm", "acm", [
  [
    "key-types",
    "A list of certificates holds those with RSA keys of 1024 and 2048 bits, unless Includes.keyTypes asks for others.",
    `${API}/API_Filters.html`,
  ],
  [
    "summaries",
    "A list names the first 100 names of a certificate, and says whether it has more.",
    `${API}/API_CertificateSummary.html`,
  ],
  [
    "validation",
    "A certificate that is requested waits for somebody to prove that he owns its domain, which nobody can do here, and gives up after 72 hours.",
    `${GUIDE}/domain-ownership-validation.html`,
  ],
  [
    "import",
    "A certificate of somebody's own is imported as PEM with its private key, which has to match, while it is valid; imported again under its ARN, it replaces the one before.",
    `${API}/API_ImportCertificate.html`,
  ],
  [
    "expiry",
    "A certificate whose time is over is EXPIRED, and not ISSUED any more.",
    `${API}/API_CertificateDetail.html`,
  ],
]);
