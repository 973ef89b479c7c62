import type { CreativeCopy } from "../../src/ads/index.ts";
import { COPIES } from "../../test/ads/samples.ts";

/** Copy that is hard to set, in the language that it is written in. */
export interface SampleWords {
  readonly language: string;
  readonly copies: readonly CreativeCopy[];
}

export const WORDS: Readonly<Record<string, SampleWords>> = {
  plain: { language: "en", copies: COPIES },
  /** Compounds that are wider than a narrow column, one of them with hyphens. */
  german: {
    language: "de",
    copies: [
      {
        headline: "Smartphone-Tarifwechsel leicht gemacht",
        body: "Mit 24-Monats-Ratenzahlung ab 32 € im Monat. Rufnummernmitnahme inklusive.",
        cta: "Tarifübersicht ansehen",
      },
      {
        headline: "Datenvolumen ohne Geschwindigkeitsbegrenzung",
        body: "Jetzt zum Jubiläumspreis für Bestandskundinnen und Bestandskunden.",
        cta: "Jetzt wechseln",
        headlineShort: "Datenvolumen ohne Grenze",
      },
    ],
  },
  /** Small print under prices with marks. */
  prices: {
    language: "en",
    copies: [
      {
        headline: "Pixel for €29.99* a month",
        body: "128 GB, was €49.99. Keep your number and your contract's start date.",
        cta: "See the price",
        legal: "* For 24 months, then €39.99. Credit check required. Offer ends on 30 November 2026.",
      },
      {
        headline: "0 % interest¹ on every new phone",
        body: "Pay in 36 parts from 19,90 € a month.",
        cta: "Calculate",
        legal: "¹ Representative example: 716.40 € over 36 months, 0 % APR. Subject to status, 18 and over.",
      },
    ],
  },
  arabic: {
    language: "ar",
    copies: [
      {
        headline: "هاتفك الجديد بانتظارك",
        body: "سعة 128 GB مقابل 29 € شهريًا. احتفظ برقمك الحالي.",
        cta: "اطلب الآن",
      },
      {
        headline: "بدّل هاتفك القديم واحصل على خصم يصل إلى النصف",
        body: "العرض ساري حتى 30 نوفمبر 2026 أو حتى نفاد الكمية.",
        cta: "شاهد العرض",
      },
    ],
  },
  thai: {
    language: "th",
    copies: [
      {
        headline: "สมาร์ทโฟนเครื่องใหม่ที่ใช่สำหรับคุณ",
        body: "ความจุ 128 GB เริ่มต้น 899 ฿ ต่อเดือน ใช้เบอร์เดิมได้ทันที",
        cta: "ดูข้อเสนอ",
      },
      {
        headline: "เปลี่ยนเครื่องเก่าเป็นเครื่องใหม่ รับส่วนลดครึ่งราคา",
        body: "ข้อเสนอถึงวันที่ 30 พฤศจิกายน 2569 หรือจนกว่าสินค้าจะหมด",
        cta: "แลกเลย",
      },
    ],
  },
};
