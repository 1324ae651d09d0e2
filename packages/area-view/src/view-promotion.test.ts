import { describe, expect, it } from "vitest";
import { aDeployment, aLedger, aLive, anImage, commit, digest, idOf, NOW, sliceOf } from "../test/records.ts";
import type { AreaView } from "./area-view.ts";
import { viewArea } from "./view-area.ts";
import { type PromotedImage, viewPromotion } from "./view-promotion.ts";

const CONTROLS = { kind: "controls", controls: [] } as const;

function areaWith(area: string, image: Parameters<typeof anImage>[0], github?: string): AreaView {
  const ledger = aLedger({ area, images: { "dga-network": anImage(image) } });
  return viewArea({ slice: sliceOf(github, area), ledger, controls: CONTROLS, now: NOW });
}

function success(letter: string, epoch: number) {
  return aDeployment({ id: idOf(epoch), digest: digest(letter), commit: commit(letter) });
}

interface Sides {
  readonly from: Parameters<typeof anImage>[0];
  readonly to: Parameters<typeof anImage>[0];
  readonly fromEnded?: readonly ReturnType<typeof success>[];
  readonly toEnded?: readonly ReturnType<typeof success>[];
  readonly github?: string;
}

function promoted({ from, to, fromEnded = [], toEnded = [], github }: Sides): PromotedImage {
  const [promotion] = viewPromotion([
    { view: areaWith("staging", from, github), ended: fromEnded },
    { view: areaWith("production", to), ended: toEnded },
  ]);
  expect(promotion).toMatchObject({ from: "staging", to: "production" });
  return promotion!.images.find(({ image }) => image === "dga-network")!;
}

const letters = ({ versions }: PromotedImage) => versions.map(({ digest: of }) => of.at(-1));

describe("viewPromotion", () => {
  it("compares each area with the next, and needs two", () => {
    const areas = ["scratch", "staging", "production"].map((area) => ({ view: areaWith(area, {}), ended: [] }));

    expect(viewPromotion(areas).map(({ from, to }) => `${from} ${to}`)).toEqual([
      "scratch staging",
      "staging production",
    ]);
    expect(viewPromotion(areas.slice(0, 1))).toEqual([]);
  });

  it("says that both are the same", () => {
    expect(promoted({ from: { live: aLive("a") }, to: { live: aLive("a") } })).toMatchObject({
      kind: "same",
      versions: [],
    });
  });

  it("says that the first has nothing", () => {
    expect(promoted({ from: {}, to: { live: aLive("a") } })).toMatchObject({
      kind: "none",
      from: null,
      released: false,
    });
  });

  it("says that the first is ahead, and whether the second's tag is there already", () => {
    const live = aLive("b");
    const waiting = promoted({ from: { live }, to: { head: { ...live, pushedAt: null }, live: aLive("a") } });
    const unreleased = promoted({ from: { live }, to: { live: aLive("a") } });

    expect(waiting).toMatchObject({
      kind: "ahead",
      from: { commit: commit("b") },
      to: { commit: commit("a") },
      released: true,
    });
    expect(unreleased).toMatchObject({ kind: "ahead", released: false });
  });

  it("lists what went live in the first since it ran what the second runs, each once", () => {
    const fromEnded = ["a", "b", "c", "b", "d"].map(success);

    const shown = promoted({ from: { live: aLive("d") }, to: { live: aLive("a") }, fromEnded });

    expect(letters(shown)).toEqual(["d", "b", "c"]);
    expect(shown.versions[1]?.commitUrl).toBe(`https://github.com/AusDTO/dga-network/commit/${commit("b")}`);
  });

  it("lists all that is known where the second has nothing, or something that the first never had", () => {
    const from = { live: aLive("c"), previous: aLive("b") };

    expect(letters(promoted({ from, to: {} }))).toEqual(["c", "b"]);
    expect(letters(promoted({ from, to: { live: aLive("e") } }))).toEqual(["c", "b"]);
    expect(letters(promoted({ from: { live: aLive("c") }, to: {} }))).toEqual(["c"]);
  });

  it("has no page of a commit that is not known, or where there is no GitHub", () => {
    const nameless = { ...success("b", 2), commit: null };
    const from = { live: aLive("c") };

    const one = promoted({ from, to: {}, fromEnded: [nameless] });
    const other = promoted({ from, to: {}, fromEnded: [success("b", 2)], github: "" });

    expect(one.versions[1]).toMatchObject({ commit: null, commitUrl: null });
    expect(other.versions[1]).toMatchObject({ commit: commit("b"), commitUrl: null });
  });

  it("says that the first is behind where the second has had it before", () => {
    const from = { live: aLive("a") };

    expect(promoted({ from, to: { live: aLive("b"), previous: aLive("a") } }).kind).toBe("behind");
    expect(promoted({ from, to: { live: aLive("b") }, toEnded: [success("a", 1)] }).kind).toBe("behind");
  });

  it("leaves out an image that only one of them has", () => {
    const staging = areaWith("staging", {});
    const fewer = { ...staging, images: staging.images.slice(1) };

    const [promotion] = viewPromotion([
      { view: fewer, ended: [] },
      { view: areaWith("production", {}), ended: [] },
    ]);

    expect(promotion?.images.map(({ image }) => image)).toEqual(["dga-site", "dga-web"]);
  });
});
