// What a user's TypeScript sees of the installed package: `install.test.ts` compiles this file against the packed
// declarations. It never runs.
import {
  type Decision,
  type FaceEngine,
  type Gallery,
  generateAds,
  LookalikeError,
  loadCampaign,
  type openGallery,
  type readDecisions,
} from "lookalike-ads";
import * as ads from "lookalike-ads/ads";
import * as faces from "lookalike-ads/faces";
import * as gallery from "lookalike-ads/gallery";
import * as offers from "lookalike-ads/offers";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
export function expectType<_T extends true>(): void {}

type Read = ReturnType<typeof readDecisions> extends AsyncIterable<infer One> ? One : never;

expectType<Equal<Awaited<ReturnType<typeof openGallery>>, Gallery>>();
expectType<Equal<Awaited<ReturnType<typeof faces.createFaceEngine>>, FaceEngine>>();
expectType<Equal<Read, Decision>>();
expectType<LookalikeError extends Error ? true : false>();

// @ts-expect-error there is no such code
new LookalikeError("ERR_NOTHING", "");
// @ts-expect-error a campaign is read from a path
void loadCampaign(1);
// @ts-expect-error a run needs its campaign, gallery, engine and output folder
generateAds({});

export const parts: readonly object[] = [ads, faces, gallery, offers];
