import { readXmp } from "../../io/image/index.ts";

/**
 * The metadata of a creative, as XMP with the fields of the IPTC Photo Metadata Standard 2023.2 and of PLUS.
 * It contains no customer data and no creation time: the same creative has the same bytes.
 */
export interface CreativeMetadata {
  /** In words what the picture shows. */
  readonly alt: string;
  /** Credit for the photo; null: unknown. */
  readonly credit: string | null;
  /** The model's permission, as the inventory calls it; null: none is known. */
  readonly releaseId: string | null;
  /** How the picture came to be, a term of IPTC's vocabulary `digitalsourcetype`. */
  readonly digitalSourceType: DigitalSourceType;
}

/** A photo under text and shapes; with a part that a generative model made. */
export type DigitalSourceType = "composite" | "compositeSynthetic";

const VOCABULARY = "http://cv.iptc.org/newscodes/digitalsourcetype/";

export function xmpOf({ alt, credit, releaseId, digitalSourceType }: CreativeMetadata): string {
  const credits =
    credit === null
      ? ""
      : `<photoshop:Credit>${escapeXml(credit)}</photoshop:Credit><dc:creator><rdf:Seq><rdf:li>${escapeXml(credit)}</rdf:li></rdf:Seq></dc:creator>`;
  const release =
    releaseId === null
      ? ""
      : `<plus:ModelReleaseID><rdf:Bag><rdf:li>${escapeXml(releaseId)}</rdf:li></rdf:Bag></plus:ModelReleaseID>`;
  return (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">' +
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""' +
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"' +
    ' xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/"' +
    ' xmlns:Iptc4xmpCore="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/"' +
    ' xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">' +
    `<Iptc4xmpCore:AltTextAccessibility><rdf:Alt><rdf:li xml:lang="x-default">${escapeXml(alt)}</rdf:li></rdf:Alt></Iptc4xmpCore:AltTextAccessibility>` +
    `<dc:description><rdf:Alt><rdf:li xml:lang="x-default">${escapeXml(alt)}</rdf:li></rdf:Alt></dc:description>` +
    `<Iptc4xmpExt:DigitalSourceType>${VOCABULARY}${digitalSourceType}</Iptc4xmpExt:DigitalSourceType>` +
    `${credits}${release}</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="r"?>`
  );
}

/**
 * Reads the XMP metadata of a creative: alternative text, credit, release and source type.
 *
 * @returns null if the file has none of it
 * @throws ERR_PHOTO_NOT_FOUND, ERR_PHOTO_UNREADABLE
 *
 * @example
 * const metadata = await readCreativeMetadata("ads/creatives/square-1080/ad.jpg");
 * console.log(metadata?.alt);
 */
export async function readCreativeMetadata(file: string | Uint8Array): Promise<CreativeMetadata | null> {
  const xmp = await readXmp(file);
  const alt = xmp && field(xmp, "Iptc4xmpCore:AltTextAccessibility");
  const type = xmp && field(xmp, "Iptc4xmpExt:DigitalSourceType");
  if (!xmp || alt === null || !type) return null;
  return {
    alt: alt ?? "",
    credit: field(xmp, "photoshop:Credit"),
    releaseId: field(xmp, "plus:ModelReleaseID"),
    digitalSourceType: type.endsWith("/compositeSynthetic") ? "compositeSynthetic" : "composite",
  };
}

/** Who took a photo, as its own metadata say: the credit line, else the creator. */
export async function creditOf(photo: string): Promise<string | null> {
  const xmp = await readXmp(photo);
  return (
    xmp && (field(xmp, "photoshop:Credit") ?? attribute(xmp, "photoshop:Credit") ?? field(xmp, "dc:creator"))
  );
}

/** The first text inside an element, with or without a list around it. */
function field(xmp: string, name: string): string | null {
  const element = new RegExp(`<${name}[^>]*>([\\s\\S]*?)</${name}>`).exec(xmp)?.[1];
  const item = element && (/<rdf:li[^>]*>([\s\S]*?)<\/rdf:li>/.exec(element)?.[1] ?? element);
  const text = item?.replace(/<[^>]*>/g, "").trim();
  return text ? unescapeXml(text) : null;
}

function attribute(xmp: string, name: string): string | null {
  const text = new RegExp(`${name}="([^"]*)"`).exec(xmp)?.[1]?.trim();
  return text ? unescapeXml(text) : null;
}

const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" } as const;

function escapeXml(text: string): string {
  // Control characters are not allowed in XML at all.
  const clean = [...text].filter((character) => character >= " ").join("");
  return clean.replace(/[&<>"]/g, (character) => ENTITIES[character as keyof typeof ENTITIES]);
}

function unescapeXml(text: string): string {
  return text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&apos;", "'")
    .replaceAll("&amp;", "&");
}
