import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { categoryColumn, cell, type Table } from "../../src/core/index.ts";
import { encodeImage, rasterizeSvg } from "../../src/io/image/index.ts";
import { OFFERS } from "../simulate/campaign.ts";
import { simulateTelco, type Telco } from "../simulate/telco.ts";
import { writeTelco } from "../simulate/write.ts";
import { drawSunset } from "./people.ts";

/** A customer of the demo who has something to do with a portrait. */
interface Cast {
  readonly photo: string;
  readonly consent: string | null;
  readonly expires: string | null;
}

const CUSTOMERS = 5000;
const CONSENT = "2026-03-02T09:00:00Z";

/** Writes the telco's files and the campaign; returns the ids of the customers who are worth a look. */
export async function writeWorld(folder: string, portraits: readonly string[]): Promise<string[]> {
  const telco = simulateTelco({ customers: CUSTOMERS, callsPerMonth: 2, seed: 7 });
  await drawSunset(join(folder, "portraits", "sunset.jpg"));
  const roles: Cast[] = [
    ...portraits.map((photo) => ({ photo, consent: CONSENT, expires: null })),
    { photo: portraits[1] ?? "", consent: null, expires: null },
    { photo: portraits[3] ?? "", consent: "2024-03-02T09:00:00Z", expires: "2026-03-02" },
    { photo: "sunset.jpg", consent: CONSENT, expires: "2028-03-02" },
  ];
  const rows = mostWinnable(telco, roles.length);
  const crm = withPortraits(telco.crm, new Map(rows.map((row, i) => [row, roles[i] as Cast])));
  await writeTelco({ ...telco, crm }, folder, "csv");
  await mkdir(join(folder, "brand"), { recursive: true });
  await writeFile(join(folder, "brand", "default.jpg"), await drawDefaultPhoto());
  await writeFile(join(folder, "campaign.yaml"), CAMPAIGN);
  return rows.map((row) => idOf(telco, row));
}

function idOf({ crm }: Pick<Telco, "crm">, row: number): string {
  const column = crm.columns.get("customer_id");
  return String(column === undefined ? row : cell(column, row));
}

/** The people of the sample photos look like this; the customers who lend them their names should be of that age. */
const AGES = { from: 20, to: 38 };

/** The customers whom the offers, in turn, win over most: the demo should have something to show for each. */
function mostWinnable({ crm, truth }: Telco, count: number): number[] {
  const taken = new Set<number>();
  const ages = crm.columns.get("age");
  const fits = (row: number) => {
    const age = ages === undefined ? null : cell(ages, row);
    return typeof age === "number" && age >= AGES.from && age <= AGES.to;
  };
  for (let turn = 0; taken.size < count; turn++) {
    const column = truth.columns.get(`uplift_${OFFERS[turn % OFFERS.length]}`);
    if (column?.kind !== "number") throw new Error("the simulation lacks the offers' true uplift");
    const { values } = column;
    let best = -1;
    for (let row = 0; row < truth.rows; row++) {
      if (fits(row) && !taken.has(row) && (best < 0 || (values[row] ?? 0) > (values[best] ?? 0))) best = row;
    }
    taken.add(best);
  }
  return [...taken];
}

function withPortraits(crm: Table, cast: ReadonlyMap<number, Cast>): Table {
  const column = (pick: (role: Cast) => string | null) =>
    categoryColumn(
      Array.from({ length: crm.rows }, (_, row) => {
        const role = cast.get(row);
        return role === undefined ? null : pick(role);
      }),
    );
  const columns = new Map([
    ...crm.columns,
    ["photo", column(({ photo }) => `portraits/${photo}`)] as const,
    ["consent_biometric", column(({ consent }) => consent)] as const,
    ["consent_expires", column(({ expires }) => expires)] as const,
  ]);
  return { rows: crm.rows, columns };
}

/** What the brand shows to everybody else: no person, so that nobody is resembled by accident. */
async function drawDefaultPhoto(): Promise<Uint8Array> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="1600" height="1600">
  <defs>
    <linearGradient id="sky" x1="0" y1="0" x2="1" y2="1"><stop stop-color="#2b1068"/><stop offset=".55" stop-color="#5b2be0"/><stop offset="1" stop-color="#ff7a59"/></linearGradient>
    <linearGradient id="screen" x1="0" y1="0" x2="1" y2="1"><stop stop-color="#ffd9c7"/><stop offset=".5" stop-color="#ff9aa8"/><stop offset="1" stop-color="#8f6bff"/></linearGradient>
    <radialGradient id="glow"><stop stop-color="#fff" stop-opacity=".55"/><stop offset="1" stop-color="#fff" stop-opacity="0"/></radialGradient>
  </defs>
  <rect width="1600" height="1600" fill="url(#sky)"/>
  <circle cx="330" cy="380" r="520" fill="url(#glow)" opacity=".5"/>
  <circle cx="1330" cy="1240" r="640" fill="url(#glow)" opacity=".45"/>
  <g transform="translate(800 800) scale(.66) rotate(12) translate(-800 -773)">
    <rect x="548" y="268" width="504" height="1010" rx="86" fill="#160a38" opacity=".35" transform="translate(36 44)"/>
    <rect x="548" y="268" width="504" height="1010" rx="86" fill="#140b2e"/>
    <rect x="568" y="288" width="464" height="970" rx="68" fill="url(#screen)"/>
    <circle cx="800" cy="640" r="150" fill="#fff" opacity=".92"/>
    <circle cx="800" cy="640" r="96" fill="#5b2be0"/>
    <circle cx="800" cy="640" r="40" fill="#ffd9c7"/>
    <rect x="648" y="900" width="304" height="30" rx="15" fill="#fff" opacity=".9"/>
    <rect x="648" y="956" width="208" height="30" rx="15" fill="#fff" opacity=".6"/>
    <rect x="740" y="312" width="120" height="30" rx="15" fill="#140b2e"/>
  </g>
  <circle cx="1220" cy="560" r="74" fill="#ffb199" opacity=".9"/>
  <circle cx="390" cy="1010" r="48" fill="#c9b6ff" opacity=".9"/>
</svg>`;
  return encodeImage(await rasterizeSvg(svg), { format: "jpeg", quality: 92 });
}

const CAMPAIGN = `# The demo's campaign; docs/campaign.md describes every key.
name: Lumo spring handsets
currency: EUR

brand:
  name: Lumo
  colors: { primary: "#5b2be0", ink: "#16102a", paper: "#ffffff" }

inputs:
  customers: { path: customers.csv }
  calls: { path: calls.csv }
  experiment: { path: experiment.csv }
  inventory: [../inventory/photos]

offers:
  - id: apple-trade-in
    product: Apple
    headline: Your old phone pays for the new one
    body: Trade it in and get the new iPhone from €0 a month.
    cta: See my price
    url: https://lumo.example/apple
    margin: 140
    cost: 0.8
  - id: samsung-bundle
    product: Samsung
    headline: The new Galaxy, and the watch on us
    body: Order this month and the Galaxy Watch comes with it.
    cta: Get the bundle
    url: https://lumo.example/samsung
    margin: 110
    cost: 0.8
  - id: sony-camera
    product: Sony
    headline: Nights out, sharp at last
    body: The Xperia's camera sees what you see after dark.
    cta: See the shots
    url: https://lumo.example/sony
    margin: 90
    cost: 0.8
    eligible: age >= 18

channels: [square-1080, rectangle-300x250]

photos:
  default: brand/default.jpg
  territory: NL

policy:
  similarity: { max_distance: 0.65 }
  holdout: 0.05
  seed: 7
`;
