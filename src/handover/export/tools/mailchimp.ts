import type { CustomerTool, MailNames } from "../types.ts";
import { EMAIL_ADDRESS, mailColumns } from "./mail.ts";

/** Merge tags have at most 10 letters, digits or underscores; they are the header, so that columns match. */
const MAILCHIMP_NAMES: MailNames = {
  offer: "LL_OFFER",
  ad: "LL_AD",
  headline: "LL_HEAD",
  body: "LL_BODY",
  cta: "LL_CTA",
  link: "LL_LINK",
  image: "LL_IMAGE",
  alt: "LL_ALT",
};

export const MAILCHIMP: CustomerTool = {
  id: "mailchimp",
  title: "Mailchimp",
  file: "mailchimp",
  audience: "customers",
  includesUnaddressed: false,
  sources: [
    {
      url: "https://mailchimp.com/help/format-guidelines-for-your-import-file/",
      checkedOn: "2026-11-21",
      says: "an e-mail address is required; text is clipped at 255 bytes",
    },
    {
      url: "https://mailchimp.com/developer/marketing/docs/merge-fields/",
      checkedOn: "2026-11-21",
      says: "merge tags such as *|FNAME|* are replaced when a campaign is sent; ours keep to 10 capitals, digits and underscores, which every audience form takes",
    },
  ],
  maxFileBytes: null,
  forbidden: { pattern: /[<>]|\*\||\|\*/, what: "angle bracket or merge tag" },
  formulas: "refuse",
  columns: (run) => [EMAIL_ADDRESS, ...mailColumns(run, MAILCHIMP_NAMES, { length: 255, unit: "bytes" })],
  tags: {
    names: MAILCHIMP_NAMES,
    of: (column) => `*|${column}|*`,
    unsubscribe: "*|UNSUB|*",
  },
};
