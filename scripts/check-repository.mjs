// The rules of this repository that no off-the-shelf tool checks. Prints each problem; exit code 1 where there is one.
import { readRepository } from "./repository.mjs";
import { checkDocuments } from "./rules/documents.mjs";
import { checkManifests } from "./rules/manifests.mjs";
import { checkPublishedPackages } from "./rules/published-packages.mjs";
import { checkPurePackages } from "./rules/pure-packages.mjs";
import { checkSourceText } from "./rules/source-text.mjs";
import { root } from "./workspace.mjs";

const repository = readRepository(root);
const rules = [checkPurePackages, checkSourceText, checkManifests, checkPublishedPackages, checkDocuments];
const problems = rules.flatMap((rule) => rule(repository));
for (const problem of problems) console.log(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
