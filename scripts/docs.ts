/**
 * Writes the generated pages of docs/: `npm run docs`. A test fails when one of them is not what this would write.
 */
import { writeFileSync } from "node:fs";
import { generatedDocs } from "./generated-docs.ts";

for (const [path, text] of Object.entries(generatedDocs())) writeFileSync(path, text);
