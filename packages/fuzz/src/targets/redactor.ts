import { createRedactor, redactText } from "@windlass/redaction";
import { createRandom } from "../random.ts";
import { REDACTION_SEEDS } from "../seeds/redaction-seeds.ts";
import { type FuzzTarget, promise, type Verdict } from "../target.ts";

/** A key that no mutation makes by chance; put together, so that no scanner takes this file for a leak. */
const CANARY = `${"AKIA"}FUZZCANARY000042`;
const LITERAL = "correct-horse/battery+staple=";
/** A marker is longer than the shortest secret by less than this. */
const MOST_GROWTH = 40;

/** The redactor: `accepted` where it left the text as it was. */
export const redactorTarget: FuzzTarget = {
  name: "redactor",
  seeds: REDACTION_SEEDS,
  shape: "text",
  guidedBy: "packages/redaction/",
  open: () => checkText,
};

function checkText(text: string): Verdict {
  const shown = redactText(text);
  promise(shown.length <= MOST_GROWTH * (text.length + 4), "what is shown is bounded by what came", shown.length);
  promise(showInPieces(text) === shown, "the same is shown, however the text is cut");
  const random = createRandom(text.length);
  const at = random.below(text.length + 1);
  const planted = (secret: string) => `${text.slice(0, at)} ${secret} ${text.slice(at)}`;
  promise(!redactText(planted(CANARY)).includes(CANARY), "an access key is never shown", planted(CANARY));
  const literals = [LITERAL];
  promise(
    !redactText(planted(LITERAL), { literals }).includes(LITERAL),
    "a known secret is never shown",
    planted(LITERAL),
  );
  return shown === text ? "accepted" : "refused";
}

function showInPieces(text: string): string {
  const random = createRandom(text.length + 1);
  const redactor = createRedactor();
  let shown = "";
  for (let at = 0; at < text.length; ) {
    const end = at + 1 + random.below(40);
    shown += redactor.push(text.slice(at, end));
    at = end;
  }
  return shown + redactor.end();
}
