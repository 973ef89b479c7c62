/** The library has no types of its own. */
declare module "hyphen/*" {
  const language: {
    hyphenateSync(
      text: string,
      options?: { readonly minWordLength?: number; readonly hyphenChar?: string },
    ): string;
  };
  export default language;
}
