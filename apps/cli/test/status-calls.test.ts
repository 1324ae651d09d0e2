import { sliceForArea } from "@windlass/account-mapping";
import { serializeLedger } from "@windlass/deployment";
import { expect, it } from "vitest";
import { crowdedLedger, crowdedMapping } from "./areas/crowded-area.ts";
import { openAreas, START } from "./areas/open-areas.ts";

it("asks S3 at most twelve times for three areas with 200 images each, in each of which something runs", async () => {
  const areas = openAreas({ mapping: crowdedMapping(3, 200) });
  for (const [name, { account, region }] of Object.entries(areas.mapping.areas)) {
    const ledger = crowdedLedger(sliceForArea(areas.mapping, name), new Date(START));
    areas.sandbox
      .account(account)
      .s3.write(`windlass-state-${account}-${region}`, "ledger.json", serializeLedger(ledger));
  }

  const { code, out } = await areas.run("status", "--json");

  expect(code).toBe(0);
  const shown = JSON.parse(out).areas as readonly { images: readonly { standing: string }[] }[];
  expect(shown.map(({ images }) => images.length)).toEqual([200, 200, 200]);
  for (const { images } of shown) expect(images.filter(({ standing }) => standing === "deploying")).toHaveLength(1);
  const calls = areas.sandbox.calls.entries.filter(({ service }) => service === "s3");
  expect(calls.length).toBeGreaterThan(0);
  expect(calls.length).toBeLessThanOrEqual(12);
});
